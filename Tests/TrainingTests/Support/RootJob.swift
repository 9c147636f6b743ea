import Autograd
import Layers
import Tensors
import Training

/// A job whose loss, the sum of roots of a parameter's elements at 0, is finite and has no gradient.
final class RootJob: TrainingJob {
  private let set = ParameterSet()
  private let parameter: Parameter
  private let device: Device
  let identity: [TrainingFact] = []
  let sampleCount = 7
  var trained: [Parameter] { [parameter] }
  var values: [Float] { parameter.value.elements }

  init(on device: Device) {
    self.device = device
    parameter = set.root.parameter("first", [3, 5], .constant(0))
    set.initialize(seed: 1, on: device)
  }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    let x = executor.variable(parameter)
    let values = x.value.elements
    let dx = x.gradient
    let sum = values.reduce(0) { $0 + $1.squareRoot() }
    let root = executor.tape.record("root", Tensor([sum], shape: [], on: device), [dx]) {
      [device] dy in
      let slopes = values.map { dy.elements[0] / (2 * $0.squareRoot()) }
      dx?.add(Tensor(slopes, shape: [3, 5], on: device), on: device)
    }
    return BatchLoss(root, weight: Double(batch.samples.count))
  }

  func validate() throws -> ValidationScore {
    ValidationScore("nothing", 0, higherIsBetter: true)
  }
}
