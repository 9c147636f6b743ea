import Datasets
import Layers
import Optimizers
import Tensors
import Training

/// The training of a linear classifier on frozen features.
final class ProbeJob: TrainingJob {
  let identity: [TrainingFact] = []
  let trained: [Parameter]
  private let head: Linear
  private let parameters = ParameterSet()
  private let targets: ClassifierTargets
  private let task: TaskContents
  private let features: Features
  private let device: Device

  /// Features of samples, already scaled.
  struct Features {
    /// Of the training samples.
    var train: FeatureMatrix
    /// Which samples of the task these are.
    var trainIndices: [Int]
    /// Of the validation samples.
    var validation: FeatureMatrix
    /// Which samples of the task these are.
    var validationIndices: [Int]
  }

  /// Prepares a training; the classifier's weights begin at 0.
  ///
  /// - Parameters:
  ///   - features: of training and validation samples.
  ///   - task: the task.
  ///   - targets: the labels.
  ///   - device: where it runs.
  init(
    _ features: Features,
    of task: TaskContents,
    _ targets: ClassifierTargets,
    on device: Device
  ) {
    self.features = features
    self.task = task
    self.targets = targets
    self.device = device
    head = Linear(features.train.columns, targets.classCount, in: parameters.root["head"])
    for parameter in parameters.parameters {
      let zeros = [Float](repeating: 0, count: parameter.count)
      parameter.load(Tensor(zeros, shape: parameter.shape, on: device))
    }
    trained = parameters.parameters
  }

  var sampleCount: Int { features.trainIndices.count }

  var samplingWeights: [Double] { targets.samplingWeights(features.trainIndices) }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    let width = features.train.columns
    let rows = batch.samples.flatMap {
      features.train.values[$0 * width..<($0 + 1) * width]
    }
    let x = executor.constant(Tensor(rows, shape: [batch.samples.count, width], on: device))
    return targets.loss(
      of: executor.linear(x, head, activation: nil),
      batch.samples.map { features.trainIndices[$0] },
      on: executor.tape
    )
  }

  func validate() throws -> ValidationScore {
    let name = "macro AUC"
    let indices = features.validationIndices
    guard !indices.isEmpty else {
      return ValidationScore(undefined: name, "there are no samples", higherIsBetter: true)
    }
    let scores = probabilities(features.validation)
    guard scores.allSatisfy(\.isFinite) else {
      return ValidationScore(undefined: name, "probabilities are no numbers", higherIsBetter: true)
    }
    guard let score = try macroAUC(scores, of: task, indices) else {
      return ValidationScore(
        undefined: name,
        "validation shows no class that an AUC can be had of",
        higherIsBetter: true
      )
    }
    return ValidationScore(name, score, higherIsBetter: true)
  }

  /// The probabilities of rows of features by the weights as they are now.
  ///
  /// - Parameter features: N × D, scaled as the training features are.
  /// - Returns: N × K.
  func probabilities(_ features: FeatureMatrix) -> [Double] {
    guard features.rows > 0 else { return [] }
    let x = Tensor(features.values, shape: [features.rows, features.columns], on: device)
    let executor = InferenceExecutor(on: device)
    return targets.probabilities(executor.linear(x, head, activation: nil).elements)
  }
}
