import Metrics
import Results
import TestSupport
import Testing

@Suite("Masks of one class")
struct BinarySegmentationTests {
  private static let cases = BinarySegmentationCase.all

  @Test("There are cases") func present() { #expect(Self.cases.count == 9) }

  @Test("Decided metrics equal scikit-learn's, pooled and per image", arguments: cases)
  func decided(_ example: BinarySegmentationCase) throws {
    for rule in ThresholdRule.allCases {
      let grid = ThresholdGrid(example.expected.at.map(\.threshold), rule: rule)
      let segmentation = try example.segmentation(grid)
      #expect(segmentation.images.count == example.images.count)
      for expected in example.expected.at {
        let index = try #require(grid.index(of: expected.threshold))
        let counts = segmentation.counts(at: index)
        let pooled = try #require(expected.pooled[rule.rawValue])
        #expect(disagreements({ counts.pooledValue($0, .leftOut) }, pooled) == [])
        let images = try #require(expected.images[rule.rawValue])
        for (image, row) in images.enumerated() {
          #expect(disagreements({ counts.imageValues($0, .leftOut)[image] }, row) == [])
        }
      }
    }
  }

  @Test("Areas equal scikit-learn's, pooled and per image", arguments: cases)
  func areas(_ example: BinarySegmentationCase) throws {
    let segmentation = try example.segmentation(.atLeast(0.5))
    let ranking = segmentation.ranking()
    let (auc, ap) = (ranking.areaUnderROC(of: "it"), ranking.averagePrecision(of: "it"))
    #expect(disagreement(auc.value, example.expected.pooled.auc) == nil)
    #expect(disagreement(ap.value, example.expected.pooled.ap) == nil)
    #expect(auc.errorBound == 0 && ap.errorBound == 0)
    for (image, expected) in zip(segmentation.images, example.expected.images) {
      #expect(disagreement(image.areaUnderROC.value, expected.auc) == nil, "\(image.name)")
      #expect(disagreement(image.averagePrecision.value, expected.ap) == nil, "\(image.name)")
    }
  }

  @Test("The threshold of 256 is the one that the original code chooses", arguments: cases)
  func gridThreshold(_ example: BinarySegmentationCase) throws {
    let choice = try example.segmentation(.evenly256).bestGridThreshold()
    #expect((choice == nil) == (example.expected.grid == nil))
    guard let choice, let expected = example.expected.grid else { return }
    #expect(choice.threshold == ThresholdGrid.evenly256.thresholds[expected.index])
    #expect(choice.rule == .above)
    #expect(scikitLearn.accepts(choice.pooledDice, expected.dice))
  }

  @Test("The best of all thresholds equals an exhaustive search", arguments: cases)
  func anyThreshold(_ example: BinarySegmentationCase) throws {
    let choice = try example.segmentation(.evenly256).ranking().bestDiceThreshold()
    #expect((choice == nil) == (example.expected.any == nil))
    guard let choice, let expected = example.expected.any else { return }
    #expect(choice.threshold == expected.threshold && choice.rule == .atLeast)
    #expect(scikitLearn.accepts(choice.pooledDice, expected.dice))
  }

  @Test("Pixels outside the field of view or ignored may hold anything, and are counted")
  func uncounted() throws {
    var segmentation = BinarySegmentation(className: "vessel", grid: .atLeast(0.5))
    try segmentation.add(
      name: "a",
      probabilities: [.nan, 7, 0.2, 0.9, 0.6],
      truth: [1, 255, 0, 1, 0],
      fieldOfView: [false, true, true, true, true]
    )
    let image = segmentation.images[0]
    #expect(image.uncounted == 2 && image.positives == 1 && image.negatives == 2)
    let counts = image.counts(at: 0)
    #expect(counts.truePositives == 1 && counts.falsePositives == 1 && counts.trueNegatives == 1)
  }

  @Test("An image that doesn't fit is refused by name and leaves nothing behind")
  func malformed() throws {
    var segmentation = BinarySegmentation(className: "vessel", grid: .evenly256)
    let wrong: [([Float], [UInt8], [Bool]?, MetricsError.Reason)] = [
      ([0.1], [0, 1], nil, .unexpectedCount(of: "probabilities", found: 1, expected: 2)),
      (
        [0.1, 0.2], [0, 1], [true],
        .unexpectedCount(of: "field-of-view pixels", found: 1, expected: 2)
      ),
      (
        [0.1, 0.2], [0, 3], nil,
        .invalidOption(
          name: "the truth of pixel 1",
          found: "3",
          expected: "one of 0..<2, or 255 where it is to be ignored"
        )
      ),
    ]
    for (probabilities, truth, view, reason) in wrong {
      #expect(
        throws: MetricsError(reason, in: "image \"eye\", class \"vessel\"")
      ) {
        try segmentation.add(
          name: "eye",
          probabilities: probabilities,
          truth: truth,
          fieldOfView: view
        )
      }
    }
    for bad in [-0.001, 1.001, Float.nan, .infinity] {
      #expect(throws: MetricsError.self) {
        try segmentation.add(
          name: "eye",
          probabilities: [0.1, bad],
          truth: [0, 1],
          fieldOfView: nil
        )
      }
    }
    #expect(segmentation.images.isEmpty && segmentation.ranking().negatives == 0)
  }
}
