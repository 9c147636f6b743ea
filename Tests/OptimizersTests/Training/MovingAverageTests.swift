import Optimizers
import Parallelism
import Tensors
import TestSupport
import Testing

/// Averages of weights against PyTorch's, in and out of the weights' place, saved and loaded.
struct MovingAverageTests {
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    reason: "ten averages of weights below 2.5 in float32, rounded in another order than PyTorch's"
  )
  private let device = Device(threadCount: 2)

  @Test func averageOfTenStepsEqualsPyTorch() throws {
    let recorded = try #require(try TrainingFixture.cases("sgd").first)
    let fixture = try TrainingFixture(recorded, on: device)
    let parameters = try fixture.parameters()
    let optimizer = try fixture.optimizer(parameters)
    let sources = parameters.map { ExponentialMovingAverage.Source(name: $0.name, value: $0.value) }
    let average = try ExponentialMovingAverage(sources, decay: 0.75, on: device)
    #expect(average.byteCount == parameters.reduce(0) { $0 + $1.value.byteCount })
    try fixture.run(0..<10, optimizer) { _, _ in average.update(on: device) }
    for (name, tensor) in average.state where name.hasPrefix("ema/") {
      let wanted = try recorded.floats("average/\(name.dropFirst("ema/".count))")
      expect(tensor.elements, equal: wanted, within: Self.tolerance, name)
    }
  }

  private func average(
    _ value: Tensor,
    decay: Double,
    warmsUp: Bool = false
  ) throws -> ExponentialMovingAverage {
    let source = ExponentialMovingAverage.Source(name: "w", value: value)
    return try ExponentialMovingAverage([source], decay: decay, warmsUp: warmsUp, on: device)
  }

  /// 0 averaged with 1: after n updates 1 − ∏ d, with d = 2/11, 3/12, … at most 0.3.
  @Test func decayWarmsUp() throws {
    let value = Tensor([0], shape: [1], on: device)
    let average = try average(value, decay: 0.3, warmsUp: true)
    value.withView { $0.fill(with: 1) }
    var product = 1.0
    for decay in [2.0 / 11, 3.0 / 12, 0.3, 0.3] {
      average.update(on: device)
      product *= decay
      let found = Double(average.state[0].tensor.elements[0])
      #expect(abs(found - (1 - product)) < 1e-6, "\(average.updateCount) updates")
    }
  }

  @Test func swappingTwiceChangesNothing() throws {
    let start = (0..<70_001).map { Float($0) }
    let value = Tensor(start, shape: [70_001], on: device)
    let average = try average(value, decay: 0.5)
    value.withView { $0.fill(with: -2) }
    average.update(on: device)
    average.swap(on: device)
    #expect(average.isSwapped)
    #expect(value.elements == start.map { 0.5 * $0 - 1 })
    average.swap(on: device)
    #expect(!average.isSwapped)
    #expect(value.elements.allSatisfy { $0 == -2 })
    #expect(average.state[0].tensor.elements == start.map { 0.5 * $0 - 1 })
  }

  @Test func resumedEqualsUninterrupted() throws {
    let value = Tensor([1, 2, 3], shape: [3], on: device)
    let whole = try average(value, decay: 0.9, warmsUp: true)
    value.withView { $0.fill(with: 7) }
    for _ in 0..<3 { whole.update(on: device) }
    let saved = whole.state.map { (name: $0.name, tensor: $0.tensor.copied(on: device)) }
    for _ in 0..<2 { whole.update(on: device) }
    let resumed = try average(value, decay: 0.9, warmsUp: true)
    try resumed.load(saved)
    #expect(resumed.updateCount == 3)
    for _ in 0..<2 { resumed.update(on: device) }
    #expect(haveSameBits(whole.state[0].tensor, resumed.state[0].tensor))
  }

  @Test func faultsAreNamed() throws {
    let value = Tensor([1, 2, 3], shape: [3], on: device)
    let average = try average(value, decay: 0.9)
    let count = Tensor([2], shape: [], on: device)
    let faults: [([(name: String, tensor: Tensor)], OptimizersError.Reason)] = [
      ([("ema/w", value)], .missingState(name: "ema_updates")),
      ([("ema_updates", count)], .missingState(name: "ema/w")),
      (
        [("ema/w", count), ("ema_updates", count)],
        .unexpectedStateShape(name: "ema/w", expected: [3], found: [])
      ),
      (
        [("ema/w", value), ("ema/x", value), ("ema_updates", count)],
        .unexpectedState(name: "ema/x")
      ),
    ]
    for (state, reason) in faults {
      let error = #expect(throws: OptimizersError.self) { try average.load(state) }
      #expect(error?.reason == reason)
    }
    #expect(average.updateCount == 0)
    #expect(throws: OptimizersError.self) { try self.average(value, decay: 1) }
  }
}
