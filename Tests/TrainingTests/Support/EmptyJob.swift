import Layers
import Tensors
import Training

/// A job none of whose samples can be used.
final class EmptyJob: TrainingJob {
  private let set = ParameterSet()
  let parameter: Parameter
  let identity: [TrainingFact] = []
  let sampleCount = 7
  var trained: [Parameter] { [parameter] }

  init(on device: Device) {
    parameter = set.root.parameter("weight", [3, 5], .constant(0.5))
    set.initialize(seed: 1, on: device)
  }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? { nil }

  func validate() throws -> ValidationScore {
    ValidationScore(undefined: "AUC", "no sample can be read", higherIsBetter: true)
  }
}
