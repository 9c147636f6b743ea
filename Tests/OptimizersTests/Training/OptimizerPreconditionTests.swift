import Optimizers
import Tensors
import Testing

/// Mistakes of the caller stop the process, and steps leave no memory behind.
struct OptimizerPreconditionTests {
  @Test func gradientsThatDoNotFitStop() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let weights = Tensor([1, 2, 3], shape: [3], on: device)
      let optimizer = try AdamW([OptimizedParameter(name: "w", value: weights)], on: device)
      let gradient = Tensor([1, 2, 3], shape: [3, 1], on: device)
      optimizer.step(gradients: [gradient], learningRate: 1, gradientScale: 1, on: device)
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let weights = Tensor([1, 2, 3], shape: [3], on: device)
      let optimizer = try SGD([OptimizedParameter(name: "w", value: weights)], on: device)
      optimizer.step(gradients: [], learningRate: 1, gradientScale: 1, on: device)
    }
  }

  @Test func parametersOfOneNameStop() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let parameter = OptimizedParameter(name: "w", value: Tensor([1], shape: [1], on: device))
      _ = try LAMB([parameter, parameter], on: device)
    }
  }

  /// What is saved between two swaps would be the weights.
  @Test func swappedAveragesAreNeitherMovedNorSaved() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let source = ExponentialMovingAverage.Source(
        name: "w",
        value: Tensor([1], shape: [1], on: device)
      )
      let average = try ExponentialMovingAverage([source], decay: 0.5, on: device)
      average.swap(on: device)
      average.update(on: device)
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let source = ExponentialMovingAverage.Source(
        name: "w",
        value: Tensor([1], shape: [1], on: device)
      )
      let average = try ExponentialMovingAverage([source], decay: 0.5, on: device)
      average.swap(on: device)
      _ = average.state
    }
  }

  /// A thousand steps take no piece of the pool's memory, nor keep one.
  @Test func stepsTakeNoMemory() throws {
    let device = Device(threadCount: 2)
    let parameters = [[3, 5], [7]].enumerated().map { index, shape in
      let ones = [Float](repeating: 1, count: shape.reduce(1, *))
      return OptimizedParameter(name: "p\(index)", value: Tensor(ones, shape: shape, on: device))
    }
    let gradients = parameters.map { $0.value.copied(on: device) }
    let optimizers: [any Optimizer] = [
      try SGD(parameters, options: .init(momentum: 0.9), on: device),
      try AdamW(parameters, on: device), try LAMB(parameters, on: device),
    ]
    let before = device.storage.statistics
    for _ in 0..<1000 {
      for optimizer in optimizers {
        let norm = GradientNorm(of: gradients, on: device)
        optimizer.step(
          gradients: gradients,
          learningRate: 1e-3,
          gradientScale: norm.gradientScale(clippingTo: 1),
          on: device
        )
      }
    }
    let after = withExtendedLifetime(gradients) { device.storage.statistics }
    #expect(after == before)
    #expect(optimizers.allSatisfy { $0.stepCount == 1000 })
  }

  /// The measurement runs, and its figures follow from its times.
  @Test func benchmarkReportsWhatItTimed() throws {
    let device = Device(threadCount: 2)
    let report = try OptimizerBenchmark.run(parameters: 100_003, rounds: 3, on: device)
    #expect(report.parameters == 100_003 && report.threads == 2)
    #expect(report.adamWSeconds.count == 3 && report.triadSeconds.count == 3)
    let median = report.adamWSeconds.sorted()[1]
    #expect(abs(report.adamWBytesPerSecond - 28 * 100_003 / median) < 1)
    let ratio = report.adamWBytesPerSecond / report.triadBytesPerSecond
    #expect(abs(report.ratio - ratio) < 1e-9 && report.ratio > 0)
    #expect(report.kernels.keys.contains("adamw_f32"))
  }
}
