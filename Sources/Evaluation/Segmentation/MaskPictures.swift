import Autograd
import Datasets
import Imaging
import Parallelism
import Tensors

/// The photographs of a task with their masks, as a training takes them.
///
/// What was decoded and resized is kept, up to a number of bytes; beyond it pictures are decoded again
/// each time. Used from one thread; several decode and change pictures for it.
final class MaskPictures {
  /// Which samples there are.
  let contents: MaskContents
  /// How logits stand for classes.
  var form: MaskLogits { preparation.form }
  private let preparation: MaskPreparation
  private let pool: WorkerPool
  private let memoryBudget: Int
  private var kept: [Int: PreparedMasks] = [:]
  private var keptBytes = 0

  /// How many bytes of prepared pictures are kept where nothing else is said: 2 GiB.
  static let usualMemoryBudget = 2 << 30

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - contents: the samples.
  ///   - preparation: how each is prepared.
  ///   - pool: decodes and changes pictures.
  ///   - memoryBudget: how many bytes of prepared pictures are kept.
  init(
    _ contents: MaskContents,
    _ preparation: MaskPreparation,
    pool: WorkerPool,
    memoryBudget: Int = MaskPictures.usualMemoryBudget
  ) {
    self.contents = contents
    self.preparation = preparation
    self.pool = pool
    self.memoryBudget = memoryBudget
  }

  /// Reads samples once, so that those which can't be used are known before training.
  ///
  /// - Parameters:
  ///   - samples: which samples.
  ///   - observer: is told how far the work has come.
  /// - Returns: why, by sample; empty where all can be used.
  func faults(_ samples: [Int], _ observer: any EvaluationObserver) -> [Int: String] {
    observer.begin("Reading pictures and masks", unit: "pictures", total: samples.count)
    defer { observer.end() }
    var faults: [Int: String] = [:]
    let count = 4 * pool.threadCount
    for start in stride(from: 0, to: samples.count, by: count) {
      let part = samples[start..<min(start + count, samples.count)]
      for (sample, result) in zip(part, prepared(Array(part))) {
        if case .failure(let fault) = result { faults[sample] = fault.text }
      }
      observer.advance(to: start + part.count)
    }
    return faults
  }

  /// One batch for a network.
  struct Batch {
    /// [B, H, W, 3], normalised.
    var images: Tensor
    /// B · planes of the input's size, each image's together.
    var planes: [[Plane<UInt8>]]
  }

  /// Reads and changes samples.
  ///
  /// - Parameters:
  ///   - samples: which samples; one may come more than once.
  ///   - repetitions: which of its tiles, or how often the epoch has shown each before.
  ///   - epoch: which epoch, from 0.
  ///   - augmentation: the changes.
  ///   - device: where the images lie.
  /// - Returns: the batch.
  /// - Throws: `EvaluationError` where a picture that could be read before no longer can.
  func batch(
    _ samples: [Int],
    repetitions: [Int],
    epoch: Int,
    _ augmentation: JointAugmentation,
    on device: Device
  ) throws -> Batch {
    let pictures = try prepared(samples).map { try $0.get() }
    let changed = pool.mapChunks(of: samples.count, grain: 1) { range in
      let (row, picture) = (range.lowerBound, pictures[range.lowerBound])
      return augmentation.changed(
        picture.image,
        picture.planes,
        outside: MaskTarget.ignored,
        epoch: epoch,
        sample: samples[row],
        repetition: repetitions[row]
      )
    }
    let size = preparation.input
    return Batch(
      images: Tensor(
        changed.flatMap(\.pixels),
        shape: [samples.count, size.height, size.width, 3],
        on: device
      ),
      planes: changed.map(\.planes)
    )
  }

  /// Why a picture can't be used.
  private struct Fault: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }

  private func prepared(_ samples: [Int]) -> [Result<PreparedMasks, Fault>] {
    let missing = Array(Set(samples).filter { kept[$0] == nil }).sorted()
    let (preparation, sources) = (preparation, missing.map { contents.samples[$0] })
    let read = pool.mapChunks(of: missing.count, grain: 1) {
      range -> Result<PreparedMasks, Fault> in
      do {
        return .success(try preparation.prepare(sources[range.lowerBound]))
      } catch {
        return .failure(Fault(text: "\(error)"))
      }
    }
    var found = Dictionary(uniqueKeysWithValues: zip(missing, read))
    for (sample, result) in found {
      guard case .success(let picture) = result, keptBytes + picture.byteCount <= memoryBudget
      else { continue }
      kept[sample] = picture
      keptBytes += picture.byteCount
    }
    for sample in samples where found[sample] == nil {
      found[sample] = kept[sample].map { .success($0) }
    }
    return samples.map { found[$0] ?? .failure(Fault(text: "it was never read")) }
  }
}
