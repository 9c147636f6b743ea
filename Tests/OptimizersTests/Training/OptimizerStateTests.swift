import Optimizers
import Tensors
import TestSupport
import Testing

/// State goes out and comes in again; what doesn't fit is told by name.
struct OptimizerStateTests {
  private static let names = ["sgd-nesterov", "adamw-clipped", "lamb"]

  /// Six steps, export, import into a new optimiser, four steps: the bits of ten steps.
  @Test(arguments: names)
  func resumedEqualsUninterrupted(_ name: String) throws {
    let device = Device(threadCount: 2)
    let recorded = try #require(try TrainingFixture.cases(name).first)
    let fixture = try TrainingFixture(recorded, on: device)
    let whole = try fixture.parameters()
    let uninterrupted = try fixture.optimizer(whole)
    try fixture.run(0..<10, uninterrupted)

    let before = try fixture.parameters()
    let first = try fixture.optimizer(before)
    try fixture.run(0..<6, first)
    let saved = first.state.map { (name: $0.name, tensor: $0.tensor.copied(on: device)) }
    let after = before.map {
      OptimizedParameter(name: $0.name, value: $0.value.copied(on: device), group: $0.group)
    }
    // What was saved isn't what goes on.
    try fixture.run(6..<10, first)
    let second = try fixture.optimizer(after)
    try second.load(saved.reversed())
    #expect(second.stepCount == 6)
    try fixture.run(6..<10, second)

    for (one, other) in zip(whole, after) {
      #expect(haveSameBits(one.value, other.value), "\(name), \(one.name)")
    }
    for (one, other) in zip(uninterrupted.state, second.state) {
      #expect(one.name == other.name && haveSameBits(one.tensor, other.tensor), "\(one.name)")
    }
  }

  @Test func momentsAreCounted() throws {
    let device = Device(threadCount: 1)
    let shapes = [[3, 5], [7], []]
    let parameters = shapes.enumerated().map { index, shape in
      let zeros = [Float](repeating: 0, count: shape.reduce(1, *))
      return OptimizedParameter(name: "p\(index)", value: Tensor(zeros, shape: shape, on: device))
    }
    let before = device.storage.statistics
    let adamW = try AdamW(parameters, on: device)
    #expect(adamW.momentBytes == 2 * 4 * 23)
    let after = device.storage.statistics
    #expect(after.livePieces == before.livePieces + 6)
    #expect(try LAMB(parameters, on: device).momentBytes == 2 * 4 * 23)
    #expect(try SGD(parameters, on: device).momentBytes == 0)
    let options = SGD.Options(momentum: 0.9)
    #expect(try SGD(parameters, options: options, on: device).momentBytes == 4 * 23)
    #expect(adamW.stepCount == 0)
    #expect(adamW.state.map(\.name).prefix(3) == ["exp_avg/p0", "exp_avg_sq/p0", "step/p0"])
  }

  /// A fault in an otherwise good state: an array that is left out or replaced.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let values: [Float]?
    let shape: [Int]
    let reason: OptimizersError.Reason

    init(_ name: String, _ values: [Float]?, _ shape: [Int], _ reason: OptimizersError.Reason) {
      (self.name, self.values, self.shape, self.reason) = (name, values, shape, reason)
    }

    var testDescription: String { "\(reason)" }
  }

  private static let faults = [
    Fault("exp_avg/w", nil, [], .missingState(name: "exp_avg/w")),
    Fault("step/w", nil, [], .missingState(name: "step/w")),
    Fault(
      "exp_avg_sq/w",
      [1, 2, 3],
      [3, 1],
      .unexpectedStateShape(name: "exp_avg_sq/w", expected: [3], found: [3, 1])
    ),
    Fault("step/w", [1.5], [], .invalidStateCount(name: "step/w", value: "1.5")),
    Fault("step/w", [-1], [], .invalidStateCount(name: "step/w", value: "-1.0")),
    Fault("step/w", [.nan], [], .invalidStateCount(name: "step/w", value: "nan")),
    Fault("exp_avg/x", [1, 2, 3], [3], .unexpectedState(name: "exp_avg/x")),
  ]

  @Test(arguments: faults)
  func faultsAreNamed(_ fault: Fault) throws {
    let device = Device(threadCount: 1)
    let weights = Tensor([1, 2, 3], shape: [3], on: device)
    let parameters = [OptimizedParameter(name: "w", value: weights)]
    let trained = try AdamW(parameters, on: device)
    let gradient = Tensor([3, -1, 2], shape: [3], on: device)
    trained.step(gradients: [gradient], learningRate: 0.1, gradientScale: 1, on: device)
    var state = trained.state.filter { $0.name != fault.name }
    if let values = fault.values {
      state.append((fault.name, Tensor(values, shape: fault.shape, on: device)))
    }

    let fresh = try AdamW(parameters, on: device)
    let error = #expect(throws: OptimizersError.self) { try fresh.load(state) }
    #expect(error?.reason == fault.reason)
    #expect(error?.description.contains(fault.name) == true)
    #expect(fresh.stepCount == 0, "nothing has changed")
    #expect(fresh.state.allSatisfy { $0.tensor.elements.allSatisfy { $0 == 0 } })
  }

  /// Arrays of other kinds, such as an average's, are in the same file.
  @Test func otherArraysAreIgnored() throws {
    let device = Device(threadCount: 1)
    let weights = Tensor([1, 2, 3], shape: [3], on: device)
    let optimizer = try AdamW([OptimizedParameter(name: "w", value: weights)], on: device)
    try optimizer.load(optimizer.state + [("ema/w", weights), ("epoch", weights)])
  }

  @Test func settingsAreChecked() {
    let device = Device(threadCount: 1)
    #expect(throws: OptimizersError.self) {
      try AdamW([], options: .init(beta1: 1), on: device)
    }
    #expect(throws: OptimizersError.self) {
      try AdamW([], options: .init(beta2: -0.1), on: device)
    }
    #expect(throws: OptimizersError.self) {
      try LAMB([], options: .init(epsilon: 0), on: device)
    }
    #expect(throws: OptimizersError.self) {
      try SGD([], options: .init(momentum: .nan), on: device)
    }
    #expect(throws: OptimizersError.self) {
      try SGD([], options: .init(momentum: 0, isNesterov: true), on: device)
    }
  }

  /// A missing gradient of all parameters changes nothing at all.
  @Test(arguments: names)
  func stepsWithoutGradientsChangeNothing(_ name: String) throws {
    let device = Device(threadCount: 1)
    let recorded = try #require(try TrainingFixture.cases(name).first)
    let fixture = try TrainingFixture(recorded, on: device)
    let parameters = try fixture.parameters()
    let optimizer = try fixture.optimizer(parameters)
    let none = [Tensor?](repeating: nil, count: parameters.count)
    optimizer.step(gradients: none, learningRate: 1, gradientScale: 1, on: device)
    for (one, other) in zip(try fixture.parameters(), parameters) {
      #expect(haveSameBits(one.value, other.value))
    }
    #expect(optimizer.stepCount == 0)
    #expect(GradientNorm(of: none, on: device).total == 0)
  }
}
