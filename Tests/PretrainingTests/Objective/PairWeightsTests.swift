import Pretraining
import Randomness
import TestSupport
import Testing

/// Which candidates an anchor pushes away, and how fast.
struct PairWeightsTests {
  /// Labels by letters: "ab" has the first and the second of six.
  private static func rows(_ names: [String]) -> [[Bool]] {
    names.map { name in "abcdef".map { name.contains($0) } }
  }

  /// All of them different pairs.
  private static func samples(_ anchors: Int, _ queue: Int) -> PairSamples {
    PairSamples(anchors: Array(0..<anchors), queue: (0..<queue).map { anchors + $0 })
  }

  private static func matrix(_ names: [String]) -> LabelMatrix {
    LabelMatrix(rows(names), columns: 6)
  }

  private func weights(
    _ batch: [String],
    _ queue: [String],
    _ loss: ContrastiveLoss,
    _ refill: RefillRule,
    gamma: Double = 1
  ) -> [[Float]] {
    let objective = ContrastiveObjective(loss: loss, gamma: gamma, refill: refill)
    let flat = PairWeights.make(
      anchors: Self.matrix(batch),
      queue: Self.matrix(queue),
      samples: Self.samples(batch.count, queue.count),
      objective: objective
    )
    let columns = batch.count + queue.count
    return batch.indices.map { Array(flat[$0 * columns..<($0 + 1) * columns]) }
  }

  /// As many vacancies as false negatives, the newest entries of other labels first.
  @Test func vacanciesAreRefilledNewestFirst() {
    let batch = ["a", "a", "b", "a"]
    let queue = ["a", "c", "b", "a", "d", "e"]
    let wanted: [[Float]] = [
      [0, 0, 1, 0] + [0, 1, 1, 0, 0, 0],
      [0, 0, 1, 0] + [0, 1, 1, 0, 0, 0],
      [1, 1, 0, 1] + [0, 0, 0, 0, 0, 0],
      [0, 0, 1, 0] + [0, 1, 1, 0, 0, 0],
    ]
    #expect(weights(batch, queue, .elimination, .vacancies) == wanted)
    #expect(weights(batch, queue, .coupling, .vacancies) == wanted)
  }

  /// A queue that is too short leaves vacancies; one of the same labels only, all of them.
  @Test func shortQueues() {
    let row = weights(["a", "a", "a", "b"], ["a", "f"], .elimination, .vacancies)[0]
    #expect(row == [0, 0, 0, 1, 0, 1])
    #expect(
      weights(["a", "a"], ["a", "a"], .coupling, .vacancies) == [[0, 0, 0, 0], [0, 0, 0, 0]]
    )
  }

  @Test func allAndNone() {
    let (batch, queue) = (["a", "b"], ["b", "a", "c"])
    #expect(
      weights(batch, queue, .elimination, .all) == [[0, 1, 1, 0, 1], [1, 0, 0, 1, 1]]
    )
    #expect(weights(batch, queue, .coupling, .nothing) == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0]])
  }

  /// InfoNCE knows no labels: it leaves no vacancies, and takes every entry or none.
  @Test func infoNCEKnowsNoLabels() {
    let (batch, queue) = (["a", "a"], ["a", "b"])
    #expect(weights(batch, queue, .infoNCE, .all) == [[0, 1, 1, 1], [1, 0, 1, 1]])
    #expect(weights(batch, queue, .infoNCE, .vacancies) == [[0, 1, 0, 0], [1, 0, 0, 0]])
  }

  /// (1 − cos)^γ, of the queue's entries too; γ = 0 is elimination.
  @Test func couplingWeighsByLabels() {
    let (batch, queue) = (["ab", "abcd", ""], ["a", "cd", ""])
    let plain = weights(batch, queue, .coupling, .all)
    let half = Float(0.5.squareRoot())
    #expect(plain[0] == [0, 1 - half, 1, 1 - half, 1, 1])
    #expect(plain[2] == [1, 1, 0, 1, 1, 0])
    let squared = weights(batch, queue, .coupling, .all, gamma: 2)
    #expect(zip(squared[0], plain[0]).allSatisfy { abs($0 - $1 * $1) < 1e-7 })
    #expect(
      weights(batch, queue, .coupling, .all, gamma: 0) == weights(batch, queue, .elimination, .all)
    )
  }

  /// Random batches and queues, against the plain definition.
  @Test(arguments: ContrastiveLoss.allCases.filter { $0 != .softTargets }, RefillRule.allCases)
  func equalsTheDefinition(loss: ContrastiveLoss, refill: RefillRule) {
    for seed in 0..<20 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      func labels(_ count: Int) -> [[Bool]] {
        (0..<count).map { _ in (0..<6).map { _ in source.nextUniform() < 0.2 } }
      }
      var reference = ReferenceLoss(
        objective: ContrastiveObjective(loss: loss, gamma: 1.5, refill: refill),
        labels: labels(1 + Int(seed)),
        queueLabels: labels(Int(seed * 7 % 23)),
        width: 0,
        imageQueue: [],
        textQueue: []
      )
      let (count, queued) = (reference.labels.count, reference.queueLabels.count)
      var samples = Self.samples(count, queued)
      // Some entries are pairs of the batch, as they were before: labels are then the same.
      for place in 0..<queued where place % 3 == 0 {
        reference.copies[place] = place % count
        samples.queue[place] = place % count
        reference.queueLabels[place] = reference.labels[place % count]
      }
      let made = PairWeights.make(
        anchors: LabelMatrix(reference.labels, columns: 6),
        queue: LabelMatrix(reference.queueLabels, columns: 6),
        samples: samples,
        objective: reference.objective
      )
      for anchor in 0..<count {
        let weights = reference.weights(anchor)
        let wanted = (0..<count + queued).map { Float(weights[$0] ?? 0) }
        let row = Array(made[anchor * (count + queued)..<(anchor + 1) * (count + queued)])
        #expect(zip(row, wanted).allSatisfy { abs($0 - $1) < 1e-6 }, "seed \(seed)")
        #expect(row.map { $0 != 0 } == wanted.map { $0 != 0 }, "seed \(seed)")
      }
    }
  }

  /// Shares add up to 1; as alike, as large: e^(1/T) times those of unlike pairs for equal labels.
  @Test func softTargets() {
    let made = SoftTargets.make(
      anchors: Self.matrix(["a", "b", "a"]),
      queue: Self.matrix(["b"]),
      temperature: 0.5
    )
    #expect(made.count == 12)
    for row in 0..<3 {
      #expect(abs(made[row * 4..<row * 4 + 4].reduce(0, +) - 1) < 1e-6)
    }
    #expect(made[0] == made[2] && made[1] == made[3])
    #expect(abs(made[0] / made[1] - 7.389056) < 1e-5)
  }
}
