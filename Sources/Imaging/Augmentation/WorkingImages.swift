import Foundation
import Parallelism

/// The images of a training set at their working size: kept while memory allows, else decoded again.
///
/// Which ones are kept depends on who comes first; the pixels do not.
final class WorkingImages: Sendable {
  private struct State {
    /// By picture; nil where it is not kept.
    var kept: [[UInt8]?]
    var keptBytes = 0
    /// Why pictures could not be read, by picture; they are not tried again.
    var errors: [Int: ImagingError] = [:]
    /// The pictures whose failure has been told.
    var told: Set<Int> = []
  }

  /// How the working images come about.
  let preprocessor: Preprocessor
  private let pictures: [TrainingImageLoader.Picture]
  private let memoryBudget: Int
  private let state: Monitor<State>

  init(
    _ pictures: [TrainingImageLoader.Picture],
    preprocessor: Preprocessor,
    memoryBudget: Int
  ) {
    self.pictures = pictures
    self.preprocessor = preprocessor
    self.memoryBudget = memoryBudget
    state = Monitor(State(kept: Array(repeating: nil, count: pictures.count)))
  }

  /// How many bytes of pixels are kept.
  var keptBytes: Int { state.withLock { $0.keptBytes } }

  /// One working image, kept or decoded; nil where it can't be read.
  func image(_ index: Int) -> ImageBuffer? {
    let (kept, hasFailed) = state.withLock { ($0.kept[index], $0.errors[index] != nil) }
    if let kept { return wrap(kept) }
    if hasFailed { return nil }
    switch read(pictures[index]) {
    case .success(let pixels):
      state.withLock { state in
        guard state.kept[index] == nil, state.keptBytes + pixels.count <= memoryBudget else {
          return
        }
        state.kept[index] = pixels
        state.keptBytes += pixels.count
      }
      return wrap(pixels)
    case .failure(let error):
      state.withLock { $0.errors[index] = error }
      return nil
    }
  }

  /// Why some pictures could not be read, those that were told before left out.
  func untoldFailures(among indices: [Int]) -> [ImageLoader.Failure] {
    state.withLock { state in
      indices.compactMap { index in
        guard let error = state.errors[index], state.told.insert(index).inserted else {
          return nil
        }
        return ImageLoader.Failure(index: index, error: error)
      }
    }
  }

  /// Why pictures could not be read, told before or not, ascending.
  var failures: [ImageLoader.Failure] {
    state.withLock { state in
      state.errors.keys.sorted().compactMap { index in
        state.errors[index].map { ImageLoader.Failure(index: index, error: $0) }
      }
    }
  }

  private func wrap(_ pixels: [UInt8]) -> ImageBuffer {
    let size = preprocessor.preprocessing
    return ImageBuffer(width: size.width, height: size.height, pixels: pixels)
  }

  private func read(_ picture: TrainingImageLoader.Picture) -> Result<[UInt8], ImagingError> {
    let name: String
    let result: Result<[UInt8], any Error>
    switch picture {
    case .file(let source):
      name = source.url.path(percentEncoded: false)
      result = Result { try preprocessor.pixels(ofFile: name) }
    case .drawn(let identifier, let draw):
      name = identifier
      result = Result { try preprocessor.pixels(of: draw(), name: identifier) }
    }
    return result.mapError {
      $0 as? ImagingError ?? ImagingError(.unreadable(detail: "\($0)"), path: name)
    }
  }
}

extension Preprocessing {
  /// The same fitting to an input whose sides are `factor` times as long.
  ///
  /// - Parameter factor: at least 1; 1 changes nothing.
  /// - Returns: the same mode, filter and normalisation.
  func enlarged(by factor: Double) -> Preprocessing {
    func scaled(_ side: Int) -> Int { min(Int((Double(side) * factor).rounded()), 8192) }
    var result = self
    result.width = scaled(width)
    result.height = scaled(height)
    if case .shortestSide(let side) = resizeMode { result.resizeMode = .shortestSide(scaled(side)) }
    return result
  }
}
