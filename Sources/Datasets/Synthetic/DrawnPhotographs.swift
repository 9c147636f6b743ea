package import Imaging
import Parallelism

/// Photographs that this process has drawn: kept while memory allows, else drawn again.
///
/// Pre-training, features and fine-tuning look at the same photographs of a collection one after the
/// other, and drawing takes as long as encoding: 2.4 to 4.5 ms of one processor at 64 × 64 pixels.
/// Which ones are kept depends on who comes first; the pixels do not.
package final class DrawnPhotographs: Sendable {
  /// A photograph of a collection; how many the collection has changes none of them.
  package struct Key: Hashable, Sendable {
    private let seed: UInt64
    private let size: Int
    private let difficulty: Double
    private let healthy: Double
    private let index: Int

    /// Names a photograph.
    ///
    /// - Parameters:
    ///   - index: its number.
    ///   - collection: whose it is.
    package init(_ index: Int, of collection: SyntheticCollection) {
      seed = collection.seed
      size = collection.size
      difficulty = collection.difficulty
      healthy = collection.healthy
      self.index = index
    }
  }

  private struct State {
    var kept: [Key: ImageBuffer] = [:]
    var keptBytes = 0
  }

  /// Those of the process: at most 128 MiB, which is 10,922 photographs of 64 × 64 pixels.
  package static let shared = DrawnPhotographs(memoryBudget: 128 << 20)

  private let memoryBudget: Int
  private let state = Monitor(State())

  /// Keeps nothing yet.
  ///
  /// - Parameter memoryBudget: how many bytes of pixels are kept.
  package init(memoryBudget: Int) { self.memoryBudget = memoryBudget }

  /// How many bytes of pixels are kept.
  package var keptBytes: Int { state.withLock { $0.keptBytes } }

  /// A photograph, kept or drawn.
  ///
  /// - Parameters:
  ///   - key: which one.
  ///   - draw: draws it, the same each time; runs outside of the lock, perhaps on several threads.
  /// - Returns: the photograph.
  package func photograph(_ key: Key, draw: () -> ImageBuffer) -> ImageBuffer {
    if let kept = state.withLock({ $0.kept[key] }) { return kept }
    let image = draw()
    state.withLock { state in
      guard state.kept[key] == nil, state.keptBytes + image.pixels.count <= memoryBudget else {
        return
      }
      state.kept[key] = image
      state.keptBytes += image.pixels.count
    }
    return image
  }
}
