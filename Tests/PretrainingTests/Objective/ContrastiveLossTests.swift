import Foundation
import Pretraining
import Randomness
import Tensors
import TestSupport
import Testing

/// The contrastive losses with their gradients.
struct ContrastiveLossTests {
  private static let rounding = Tolerance(
    absolute: 1e-6,
    relative: 1e-5,
    reason: "similarities of up to 70 are sums of seven float32 products, exponentials keep 1e-5"
  )
  private static let differences = Tolerance(
    absolute: 1e-7,
    relative: 1e-6,
    reason: "steps of 1e-6 lose 1e-9 to rounding; fixtures hold float32"
  )

  private func expect(
    _ values: [Float],
    _ references: [Float],
    _ context: String,
    _ tolerance: Tolerance = rounding,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let difference = mismatch(values, references, within: tolerance, context: context)
    #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
  }

  /// Random pairs: unit rows of `width` numbers, a few labels each; some share theirs.
  private func pairs(
    _ count: Int,
    width: Int,
    columns: Int = 5,
    seed: UInt64
  ) -> EngineLoss.Pairs {
    var source = RandomSource(seed: seed)
    func rows() -> [Float] {
      (0..<count).flatMap { _ in
        let row = (0..<width).map { _ in 2 * source.nextUniform() - 1 }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { Float($0 / length) }
      }
    }
    let (images, texts) = (rows(), rows())
    let labels = (0..<count).map { _ in (0..<columns).map { _ in source.nextUniform() < 0.3 } }
    return EngineLoss.Pairs(images: images, texts: texts, labels: labels)
  }

  @Test(arguments: try RecordedCase.cases("Pretraining/objective.json", ""))
  func equalsPyTorch(_ recorded: RecordedCase) throws {
    let device = Device(threadCount: 2)
    let before = device.storage.statistics.livePieces
    let engine = try EngineLoss(recorded, on: device)
    let dy = try recorded.floats("dy")[0]
    expect([engine.value], try recorded.floats("y"), "\(recorded): the loss")
    expect([engine.scale * dy], try recorded.floats("d.scale"), "\(recorded): d.scale")
    expect(engine.images.map { $0 * dy }, try recorded.floats("d.images"), "\(recorded): d.images")
    expect(engine.texts.map { $0 * dy }, try recorded.floats("d.texts"), "\(recorded): d.texts")
    #expect(device.storage.statistics.livePieces == before, "\(recorded) keeps no memory")
  }

  /// The plain definition says the same as PyTorch, by central differences too.
  @Test(arguments: try RecordedCase.cases("Pretraining/objective.json", ""))
  func referenceEqualsPyTorch(_ recorded: RecordedCase) throws {
    let reference = try ReferenceLoss(recorded)
    let inputs = try ["images", "texts", "scale"].map { try recorded.floats($0).map(Double.init) }
    func loss(_ inputs: [[Double]]) -> Double {
      reference.loss(inputs[0], inputs[1], scale: inputs[2][0])
    }
    let y = Double(try recorded.floats("y")[0])
    #expect(Self.differences.accepts(loss(inputs), y), "\(recorded): \(loss(inputs)) ≠ \(y)")
    let dy = Double(try recorded.floats("dy")[0])
    for (input, name) in ["images", "texts", "scale"].enumerated() {
      let slopes = inputs[input].indices.map { index in
        let steps = [1e-6, -1e-6].map { step in
          var moved = inputs
          moved[input][index] += step
          return loss(moved)
        }
        return Float(dy * (steps[0] - steps[1]) / 2e-6)
      }
      let wanted = try recorded.floats("d.\(name)")
      expect(slopes, wanted, "\(recorded): differences, d.\(name)", Self.differences)
    }
  }

  /// Where no two pairs share a label all weights are 1: PyTorch's cross-entropy, by equal bits.
  @Test func equalsInfoNCEWhereAllWeightsAreOne() throws {
    let recorded = try #require(
      try RecordedCase.cases("Pretraining/objective.json", "infonce-none-plain").first
    )
    let device = Device(threadCount: 2)
    let batch = EngineLoss.Pairs(
      images: try recorded.floats("images"),
      texts: try recorded.floats("texts"),
      labels: (0..<5).map { row in (0..<5).map { $0 == row } }
    )
    let scale = try recorded.floats("scale")[0]
    let plain = try EngineLoss(recorded, on: device)
    expect([plain.value], try recorded.floats("y"), "InfoNCE is PyTorch's cross-entropy")
    for loss in [ContrastiveLoss.coupling, .elimination] {
      let objective = ContrastiveObjective(loss: loss)
      let own = EngineLoss(batch, columns: 5, logitScale: scale, objective, on: device)
      #expect(own == plain, "\(loss)")
    }
  }

  /// The other half of a pair with the same labels doesn't push an anchor; to InfoNCE it does.
  @Test func falseNegativesGetNoGradient() {
    // Each text has a component of its own, so that images' gradients tell in both directions which
    // text made them.
    let texts: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    let images: [Float] = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5]
    let labels = [[true, false, false], [true, false, false], [true, true, true]]
    let batch = EngineLoss.Pairs(images: images, texts: texts, labels: labels)
    let device = Device(threadCount: 1)
    func gradient(_ loss: ContrastiveLoss) -> [Float] {
      let objective = ContrastiveObjective(loss: loss, refill: .nothing)
      return EngineLoss(batch, columns: 3, objective, on: device).images
    }
    for loss in [ContrastiveLoss.coupling, .elimination] {
      let slopes = gradient(loss)
      #expect(slopes[1] == 0 && slopes[4] == 0, "\(loss): the first two pairs")
      #expect(slopes[2] > 0 && slopes[6] > 0, "\(loss): the third is a negative of both")
    }
    #expect(gradient(.infoNCE)[1] > 0 && gradient(.infoNCE)[4] > 0)
    let ratio = gradient(.elimination)[2] / gradient(.coupling)[2]
    #expect(ratio > 1.5, "the third pair shares a label: it is pushed more slowly by coupling")
  }

  /// Another order of the batch changes nothing but rounding, and the gradients' order.
  @Test(arguments: ContrastiveLoss.allCases, RefillRule.allCases)
  func permutationChangesNothing(loss: ContrastiveLoss, refill: RefillRule) {
    let (width, count) = (7, 11)
    let batch = pairs(count, width: width, columns: 2, seed: 21)
    let queue = pairs(13, width: width, columns: 2, seed: 22)
    let order = [4, 9, 0, 7, 2, 10, 5, 1, 8, 3, 6]
    let device = Device(threadCount: 2)
    let objective = ContrastiveObjective(loss: loss, refill: refill)
    let plain = EngineLoss(batch, queue: queue, columns: 2, objective, on: device)
    let shuffled = batch.chosen(order, width: width)
    let moved = EngineLoss(shuffled, queue: queue, columns: 2, objective, on: device)
    let gradients = EngineLoss.Pairs(images: plain.images, texts: plain.texts, labels: batch.labels)
      .chosen(order, width: width)
    expect([moved.value, moved.scale], [plain.value, plain.scale], "\(loss), \(refill)")
    expect(moved.images, gradients.images, "\(loss), \(refill): d.images")
    expect(moved.texts, gradients.texts, "\(loss), \(refill): d.texts")
  }

  /// A queue changes the loss exactly where the objective says so.
  @Test(arguments: ContrastiveLoss.allCases, RefillRule.allCases)
  func queueIsReadWhereStated(loss: ContrastiveLoss, refill: RefillRule) {
    let (batch, queue) = (pairs(6, width: 5, columns: 2, seed: 1), pairs(9, width: 5, seed: 2))
    let labels = queue.labels.map { Array($0.prefix(2)) }
    let filled = EngineLoss.Pairs(images: queue.images, texts: queue.texts, labels: labels)
    let device = Device(threadCount: 1)
    let objective = ContrastiveObjective(loss: loss, refill: refill)
    let without = EngineLoss(batch, columns: 2, objective, on: device)
    let with = EngineLoss(batch, queue: filled, columns: 2, objective, on: device)
    #expect((with != without) == objective.readsQueue)
    #expect(objective.readsQueue == (refill == .all || (refill == .vacancies && loss.eliminates)))
  }

  /// One pair alone has nothing to be told apart from: no loss, no gradient.
  @Test(arguments: ContrastiveLoss.allCases)
  func onePairAlone(loss: ContrastiveLoss) {
    let objective = ContrastiveObjective(loss: loss)
    let batch = pairs(1, width: 3, seed: 5)
    let result = EngineLoss(batch, columns: 5, objective, on: Device(threadCount: 1))
    #expect(result.numbers.allSatisfy { $0 == 0 })
  }

  @Test(arguments: ContrastiveLoss.allCases)
  func bitsDoNotDependOnThreads(loss: ContrastiveLoss) {
    let batch = pairs(67, width: 33, seed: 31)
    let queue = pairs(701, width: 33, seed: 32)
    let objective = ContrastiveObjective(loss: loss, refill: .all)
    let runs = [1, 2, 4].map { threads in
      EngineLoss(batch, queue: queue, columns: 5, objective, on: Device(threadCount: threads))
        .numbers.map(\.bitPattern)
    }
    #expect(runs[1] == runs[0] && runs[2] == runs[0])
  }

  /// Fewer labels than pairs are a mistake.
  @Test func missingLabels() async {
    await #expect(processExitsWith: .failure) {
      let batch = EngineLoss.Pairs(images: [1, 0, 1], texts: [1, 0, 1], labels: [[true]])
      let queue = EngineLoss.Pairs(images: [1, 0, 0], texts: [1, 0, 0], labels: [])
      _ = EngineLoss(batch, queue: queue, columns: 1, .init(), on: Device(threadCount: 1))
    }
  }
}

extension ContrastiveLoss {
  /// Whether others of the same labels are no negatives.
  fileprivate var eliminates: Bool { self == .coupling || self == .elimination }
}
