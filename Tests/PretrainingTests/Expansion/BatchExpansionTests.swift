import Models
import Pretraining
import Testing
import Training

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

  /// Twenty-two pairs in one epoch: batches of 10 are two steps, the last one of 12; of 8 three steps, the
  /// last one of 6.
  @Test(
    arguments: [
      (10, 12, nil, "queue length is 12, expected at most 10: "),
      (10, 11, nil, "before the last step of 1 epoch of 22 pairs there are no more"),
      (10, 10, nil, nil), (10, 4096, 1, nil),
      (10, 4096, 2, "queue's warm-up is 2 steps, expected fewer than the training's 2"),
      (8, 16, nil, nil), (8, 17, nil, "expected at most 16"), (8, 4096, 2, nil),
      (8, 4096, 3, "fewer than the training's 3"),
      (22, 1, nil, "expected no queue: the training has one step"), (128, 1, 0, "has one step"),
    ] as [(Int, Int, Int?, String?)]
  )
  func aQueueThatNoStepReadsIsRefused(
    batch: Int,
    length: Int,
    warmUp: Int?,
    fault: String?
  ) throws {
    var settings = PretrainingSettings(for: .resNet(.init(imageSize: 64, width: 4, layers: [1])))
    settings.training.epochs = 1
    settings.training.batchSize = batch
    settings.expansion = BatchExpansion(queueLength: length, warmUpSteps: warmUp)
    guard let fault else {
      try settings.requireUse(pairs: 22)
      return
    }
    let error = #expect(throws: PretrainingError.self) { try settings.requireUse(pairs: 22) }
    #expect(error?.description.contains(fault) == true, "\(error?.description ?? "")")
  }

  @Test func aQueueTellsAsManyPairsApartAsItCanSave() throws {
    var settings = PretrainingSettings(for: .resNet(.init(imageSize: 64, width: 4, layers: [1])))
    settings.training.batchSize = 1 << 20
    try settings.requireUse(pairs: 1 << 24)
    #expect {
      try settings.requireUse(pairs: (1 << 24) + 1)
    } throws: {
      "\($0)".contains("number of training pairs is 16777217, expected at most 16777216")
    }
    settings.expansion = nil
    try settings.requireUse(pairs: (1 << 24) + 1)
  }
}
