import Autograd
import Foundation
import Kernels
import Tensors
import TestSupport
import Testing

/// Batch normalisation with its fused ReLU and residual.
struct BatchNormTests {
  private static let file = "Autograd/batch_norm.json"
  private static let forward = Tolerance(
    absolute: 4e-6,
    relative: 4e-6,
    reason:
      "a float32 mean of up to 100 is subtracted: half an ulp of it, divided by a deviation of 1"
  )
  private static let backward = Tolerance(
    absolute: 2e-5,
    relative: 1e-5,
    reason: "sums of up to 60 float32 products of deviations, which the mean's rounding shifts"
  )

  /// The operation in double, statistics given or the batch's own.
  private static func reference(_ recorded: RecordedCase) throws -> Reference {
    let channels = try recorded.shape("scale")[0]
    let isTraining = try recorded.integer("training") == 1
    let hasReLU = try recorded.integer("relu") == 1
    let means = try recorded.floats("mean").map(Double.init)
    let variances = try recorded.floats("variance").map(Double.init)
    return { inputs in
      let x = inputs[0]
      var y = [Double](repeating: 0, count: x.count)
      for channel in 0..<channels {
        let places = stride(from: channel, to: x.count, by: channels)
        let values = places.map { x[$0] }
        let count = Double(values.count)
        let mean = isTraining ? values.reduce(0, +) / count : means[channel]
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let deviation = ((isTraining ? spread : variances[channel]) + 1e-5).squareRoot()
        for place in places {
          let normal = (x[place] - mean) / deviation
          let sum = normal * inputs[1][channel] + inputs[2][channel]
          y[place] = sum + (inputs.count > 3 ? inputs[3][place] : 0)
        }
      }
      return hasReLU ? y.map { max($0, 0) } : y
    }
  }

  private static func mode(
    _ recorded: RecordedCase,
    on device: Device
  ) throws -> (mode: BatchNormMode, mean: Tensor, variance: Tensor) {
    let mean = try recorded.tensor("mean", on: device)
    let variance = try recorded.tensor("variance", on: device)
    let isTraining = try recorded.integer("training") == 1
    return (
      isTraining
        ? .training(mean: mean, variance: variance, momentum: 0.1)
        : .frozen(mean: mean, variance: variance),
      mean, variance
    )
  }

  @Test(arguments: try RecordedCase.cases(file, "batch-norm"))
  func batchNorm(_ recorded: RecordedCase) throws {
    let hasReLU = try recorded.integer("relu") == 1
    let names = ["x", "scale", "shift"] + (recorded.has("residual") ? ["residual"] : [])
    try OperationCheck(
      inputs: names,
      forward: Self.forward,
      backward: Self.backward,
      reference: try Self.reference(recorded),
      operation: { tape, inputs in
        tape.batchNorm(
          inputs[0],
          scale: inputs[1],
          shift: inputs[2],
          epsilon: 1e-5,
          mode: try Self.mode(recorded, on: tape.device).mode,
          residual: inputs.count > 3 ? inputs[3] : nil,
          relu: hasReLU
        )
      }
    ).run(recorded)
  }

  /// Running averages follow once per batch: not again when a segment is computed again.
  @Test(arguments: try RecordedCase.cases(file, "batch-norm"), [false, true])
  func runningAverages(_ recorded: RecordedCase, recomputes: Bool) throws {
    let device = Device(threadCount: 2)
    let (mode, mean, variance) = try Self.mode(recorded, on: device)
    let tape = Tape(on: device)
    let scale = Variable(try recorded.tensor("scale", on: device))
    let shift = Variable(try recorded.tensor("shift", on: device))
    let x = try recorded.tensor("x", on: device)
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let body = { (x: Variable) in
      tape.batchNorm(x, scale: scale, shift: shift, epsilon: 1e-5, mode: mode, relu: true)
    }
    let y = recomputes ? tape.segment(input, body) : body(input)
    tape.backward(from: y)
    #expect(input.gradient?.sum != nil)
    for (average, name) in [(mean, "mean_after"), (variance, "variance_after")] {
      expect(average.elements, try recorded.floats(name), Self.forward, "\(recorded.name) \(name)")
    }
  }

  @Test(arguments: [[30_011, 3], [5, 41, 43, 17], [7, 11, 13, 130]])
  func bitsDoNotDependOnThreads(_ shape: [Int]) {
    let channels = shape[shape.count - 1]
    expectSameBits([shape, [channels], [channels], shape], "batch norm \(shape)") { tape, inputs in
      let zeros = Tensor([Float](repeating: 0, count: channels), shape: [channels], on: tape.device)
      let ones = Tensor([Float](repeating: 1, count: channels), shape: [channels], on: tape.device)
      return tape.batchNorm(
        inputs[0],
        scale: inputs[1],
        shift: inputs[2],
        epsilon: 1e-5,
        mode: .training(mean: zeros, variance: ones, momentum: 0.1),
        residual: inputs[3],
        relu: true
      )
    }
  }

  /// A mean a thousand times the deviation costs no digits of the variance.
  @Test func momentsFarFromZero() {
    let device = Device(threadCount: 2)
    let (rows, channels) = (5003, 5)
    let noise = uniforms(rows * channels, seed: 3)
    let x = noise.indices.map { noise[$0] + Float($0 % channels) * 1000 }
    let tensor = Tensor(x, shape: [rows, channels], on: device)
    let (means, variances) = tensor.withView {
      device.compute.channelMoments($0, channels: channels)
    }
    for channel in 0..<channels {
      let values = stride(from: channel, to: x.count, by: channels).map { Double(x[$0]) }
      let mean = values.reduce(0, +) / Double(rows)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      #expect(abs(means[channel] - mean) < 1e-7 * max(1, mean), "channel \(channel)")
      #expect(abs(variances[channel] - variance) < 2e-6 * variance, "channel \(channel)")
    }
  }

  /// One row has no deviation.
  @Test func oneRowHasNoStatistics() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let values = Tensor([1, 2, 3], shape: [3], on: device)
      _ = Tape(on: device).batchNorm(
        Variable(values.reshaped([1, 3])),
        scale: Variable(values),
        shift: Variable(values),
        epsilon: 1e-5,
        mode: .training(mean: values, variance: values, momentum: 0.1),
        relu: false
      )
    }
  }
}
