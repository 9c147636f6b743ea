import Autograd
import Layers
import Parallelism
import Tensors
import Training

/// A job whose gradient is subnormal everywhere; notes how its passes treat such numbers.
final class TinyGradientJob: TrainingJob {
  private let set = ParameterSet()
  private let parameter: Parameter
  private let device: Device
  private(set) var forwardFlushes: [Bool] = []
  private(set) var backwardFlushes: [Bool] = []
  let identity: [TrainingFact] = []
  let sampleCount = 10
  var trained: [Parameter] { [parameter] }
  var values: [Float] { parameter.value.elements }

  init(on device: Device) {
    self.device = device
    parameter = set.root.parameter("weight", [40, 50], .constant(0))
    set.initialize(seed: 1, on: device)
  }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    forwardFlushes.append(flushesSubnormals)
    let dx = executor.variable(parameter).gradient
    let value = Tensor([1], shape: [], on: device)
    let loss = executor.tape.record("tiny", value, [dx]) { [self] _ in
      backwardFlushes.append(flushesSubnormals)
      let tiny = [Float](repeating: .leastNonzeroMagnitude * 1000, count: 2000)
      dx?.add(Tensor(tiny, shape: [40, 50], on: device), on: device)
    }
    return BatchLoss(loss, weight: Double(batch.samples.count))
  }

  func validate() throws -> ValidationScore {
    ValidationScore("nothing", 0, higherIsBetter: true)
  }
}
