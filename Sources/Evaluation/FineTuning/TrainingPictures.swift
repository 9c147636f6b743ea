import Datasets
import Foundation
import Imaging
import Parallelism

/// The pictures of a data set as a network in training sees them: plain for validation and test,
/// augmented for training.
struct TrainingPictures {
  /// Without changes: the bits that other protocols see.
  let plain: TrainingImageLoader
  private let pictures: [TrainingImageLoader.Picture]
  private let preprocessing: Preprocessing
  private let pool: WorkerPool

  /// How many pictures are read together where nothing else says so.
  static let batchSize = 32

  /// Prepares to read pictures.
  ///
  /// - Parameters:
  ///   - sources: the pictures.
  ///   - collection: draws those that are drawn.
  ///   - preprocessing: how each becomes a model's input.
  ///   - pool: reads, draws and changes them.
  init(
    _ sources: [ImageSource],
    collection: SyntheticCollection?,
    preprocessing: Preprocessing,
    pool: WorkerPool
  ) {
    pictures = sources.map { source in
      switch source {
      case .file(let url):
        return .file(ImageLoader.Source(identifier: url.lastPathComponent, url: url))
      case .synthetic(let index):
        guard let collection else {
          preconditionFailure("picture \(index) is to be drawn without a collection")
        }
        return .drawn(identifier: "drawn picture \(index)") { collection.photograph(index) }
      }
    }
    self.preprocessing = preprocessing
    self.pool = pool
    plain = TrainingImageLoader(
      pictures,
      preprocessing: preprocessing,
      policy: .none,
      seed: 0,
      pool: pool
    )
  }

  /// The same pictures with random changes.
  ///
  /// - Parameters:
  ///   - policy: the changes.
  ///   - seed: of the random numbers.
  /// - Returns: their loader.
  func augmented(_ policy: AugmentationPolicy, seed: UInt64) -> TrainingImageLoader {
    TrainingImageLoader(
      pictures,
      preprocessing: preprocessing,
      policy: policy,
      seed: seed,
      pool: pool
    )
  }

  /// Reads every picture once, so that those which can't be read are known before training.
  ///
  /// - Parameter observer: is told how far the work has come.
  /// - Returns: which pictures can't be read, and why.
  func failures(_ observer: any EvaluationObserver) -> [(index: Int, reason: String)] {
    observer.begin("Reading pictures", unit: "images", total: pictures.count)
    defer { observer.end() }
    for start in stride(from: 0, to: pictures.count, by: Self.batchSize) {
      let end = min(start + Self.batchSize, pictures.count)
      _ = plain.batch(epoch: 0, samples: Array(start..<end))
      observer.advance(to: end)
    }
    return plain.failures.map { ($0.index, "\($0.error)") }
  }
}
