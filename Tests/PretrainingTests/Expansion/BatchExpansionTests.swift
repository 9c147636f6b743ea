import Pretraining
import Testing

/// The settings of batch expansion.
struct BatchExpansionTests {
  @Test func defaultsAreTheDefinitions() throws {
    let expansion = BatchExpansion()
    #expect(expansion.momentum == 0.995 && expansion.targets == .online)
    #expect(expansion.warmUpSteps == nil)
    try expansion.validate()
  }

  @Test(arguments: [
    BatchExpansion(queueLength: 1), BatchExpansion(queueLength: 1_048_576),
    BatchExpansion(momentum: 0), BatchExpansion(momentum: 0.999_999),
    BatchExpansion(warmUpSteps: 0),
  ])
  func bounds(expansion: BatchExpansion) throws { try expansion.validate() }

  @Test(arguments: [
    (BatchExpansion(queueLength: 0), "queue length", "0", "1 to 1048576"),
    (BatchExpansion(queueLength: 1_048_577), "queue length", "1048577", "1 to 1048576"),
    (BatchExpansion(momentum: 1), "momentum", "1.0", "0 to below 1"),
    (BatchExpansion(momentum: -0.1), "momentum", "-0.1", "0 to below 1"),
    (BatchExpansion(momentum: .nan), "momentum", "nan", "0 to below 1"),
    (BatchExpansion(warmUpSteps: -1), "warm-up steps", "-1", "0 or more"),
  ])
  func senseless(expansion: BatchExpansion, name: String, value: String, expected: String) {
    #expect(
      throws: PretrainingError(.invalidSetting(name: name, value: value, expected: expected))
    ) {
      try expansion.validate()
    }
  }
}
