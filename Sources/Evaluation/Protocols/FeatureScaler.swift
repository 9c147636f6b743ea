import Datasets
import Optimizers
import Parallelism

/// What is done to features: measured once on training samples, applied to all.
struct FeatureScaler {
  private let scaling: FeatureScaling
  private let standardizer: Standardizer?
  private let pool: WorkerPool

  /// Measures training features.
  ///
  /// - Parameters:
  ///   - scaling: what is done to features.
  ///   - features: the training samples'.
  ///   - pool: the threads.
  /// - Throws: `OptimizersError` without samples.
  init(_ scaling: FeatureScaling, fitting features: FeatureMatrix, _ pool: WorkerPool) throws {
    self.scaling = scaling
    self.pool = pool
    standardizer =
      scaling == .standardized ? try Standardizer(fitting: features, pool: pool) : nil
  }

  /// Scales features of training, validation or test samples alike.
  func callAsFunction(_ features: FeatureMatrix) throws -> FeatureMatrix {
    if let standardizer { return try standardizer(features, pool: pool) }
    return scaling == .unitLength ? try features.unitLength() : features
  }
}

/// Makes sure that a split has samples.
///
/// - Parameters:
///   - indices: the split's samples.
///   - split: its name.
///   - task: the task.
/// - Throws: `EvaluationError.emptySplit`.
func requireSamples(_ indices: [Int], _ split: String, _ task: TaskContents) throws {
  guard indices.isEmpty else { return }
  throw EvaluationError(
    .emptySplit(
      split: split,
      task: "\(task.dataset.name)/\(task.task.name)",
      detail: "no sample has a label and a readable image"
    )
  )
}
