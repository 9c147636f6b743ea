import Metrics
import TestSupport
import Testing

@Suite("Masks of classes that overlap")
struct MultilabelSegmentationTests {
  /// 5 pixels × 3 classes.
  private let probabilities: [Float] = [
    0.9, 0.1, 0.5, 0.8, 0.2, 0.4, 0.1, 0.7, 0.3, 0.2, 0.9, 0.6, 0.3, 0.3, 0.1,
  ]
  private let truths: [[UInt8]] = [[1, 1, 0, 0, 255], [0, 0, 1, 1, 1], [0, 0, 0, 0, 0]]

  private func empty() throws -> MultilabelSegmentation {
    try MultilabelSegmentation(
      classNames: ["exudate", "haemorrhage", "soft exudate"],
      grid: ThresholdGrid([0.25, 0.5], rule: .atLeast)
    )
  }

  @Test("Each class is measured as if it were alone, at its own threshold")
  func planes() throws {
    var several = try empty()
    try several.add(name: "a", probabilities: probabilities, truths: truths, fieldOfView: nil)
    for index in 0..<3 {
      let part = several.classes[index]
      var alone = BinarySegmentation(className: part.className, grid: part.grid)
      try alone.add(
        name: "a",
        probabilities: (0..<5).map { probabilities[$0 * 3 + index] },
        truth: truths[index],
        fieldOfView: nil
      )
      #expect(part.images == alone.images)
    }
    let counts = several.counts(at: [1, 0, 1])
    #expect(counts[0].pooled.truePositives == 2 && counts[0].pooled.trueNegatives == 2)
    #expect(counts[1].pooled.truePositives == 3 && counts[1].pooled.falsePositives == 0)
    #expect(counts[2].pooled.falsePositives == 2 && counts[2].pooled.support == 0)
  }

  @Test("A bad mask of the last class leaves nothing behind in the first")
  func malformed() throws {
    var several = try empty()
    let wrong: [[[UInt8]]] = [
      [truths[0], truths[1]], [truths[0], truths[1], [0, 0, 0, 2, 0]],
      [truths[0], truths[1], [0, 0, 0]],
    ]
    for truths in wrong {
      #expect(throws: MetricsError.self) {
        try several.add(name: "a", probabilities: probabilities, truths: truths, fieldOfView: nil)
      }
    }
    var outside = probabilities
    outside[14] = 1.5
    #expect(throws: MetricsError.self) {
      try several.add(name: "a", probabilities: outside, truths: truths, fieldOfView: nil)
    }
    #expect(several.classes.allSatisfy { $0.images.isEmpty })
    #expect(throws: MetricsError.self) {
      try MultilabelSegmentation(classNames: ["a", "a"], grid: .evenly256)
    }
  }
}
