import Metrics
import Randomness
import Results
import TestSupport
import Testing

@Suite("What holds for masks of any kind")
struct SegmentationInvariantTests {
  private static let cases = BinarySegmentationCase.all

  private func pooledNumbers(_ segmentation: BinarySegmentation) -> [MetricValue] {
    let ranking = segmentation.ranking()
    var values = [ranking.areaUnderROC(of: "it").value, ranking.averagePrecision(of: "it").value]
    for index in segmentation.grid.thresholds.indices {
      let counts = segmentation.counts(at: index)
      values += SegmentationMetric.allCases.map { counts.pooledValue($0, .one) }
    }
    return values
  }

  @Test("Images in another order change no pooled bit", arguments: cases)
  func permutation(_ example: BinarySegmentationCase) throws {
    let straight = try example.segmentation(.evenly256)
    var reversed = BinarySegmentation(className: "vessel", grid: .evenly256)
    for image in example.images.reversed() { try reversed.add(image) }
    #expect(pooledNumbers(straight) == pooledNumbers(reversed))
    #expect(straight.images.map(\.name) == reversed.images.map(\.name).reversed())
    for index in [0, 77, 255] {
      let (one, other) = (straight.counts(at: index), reversed.counts(at: index))
      #expect(one.imageSummary(.dice, .leftOut).mean == other.imageSummary(.dice, .leftOut).mean)
    }
  }

  @Test("An image in two parts changes no pooled bit", arguments: cases)
  func splitting(_ example: BinarySegmentationCase) throws {
    var split = BinarySegmentation(className: "vessel", grid: .evenly256)
    for image in example.images {
      let cut = image.truth.count / 3
      for part in [0..<cut, cut..<image.truth.count] {
        try split.add(
          name: image.name,
          probabilities: Array(image.probabilities[part]),
          truth: Array(image.truth[part]),
          fieldOfView: image.fieldOfView.map { Array($0[part]) }
        )
      }
    }
    #expect(pooledNumbers(split) == pooledNumbers(try example.segmentation(.evenly256)))
  }

  @Test("Dice is 2 · IoU / (1 + IoU), symmetric, and between IoU and twice IoU", arguments: 0..<50)
  func diceAndIoU(_ seed: Int) throws {
    var random = RandomSource(seed: 31, UInt32(seed))
    let (found, wrong) = (random.nextIndex(below: 40), random.nextIndex(below: 30))
    let (missed, right) = (random.nextIndex(below: 20), random.nextIndex(below: 50) + 1)
    let original = try counts(found, wrong, missed, right)
    let swapped = try counts(found, missed, wrong, right)
    func value(_ metric: SegmentationMetric, _ counts: BinaryCounts) throws -> Double {
      try #require(metric.value(counts, of: "it", emptyMasks: .one).number)
    }
    let dice = try value(.dice, original)
    let iou = try value(.intersectionOverUnion, original)
    #expect(abs(dice - 2 * iou / (1 + iou)) < 1e-15)
    #expect(dice == (try value(.dice, swapped)))
    #expect(iou <= dice && dice <= 2 * iou)
  }

  @Test("Thresholds that rise decide fewer and fewer pixels", arguments: cases)
  func monotone(_ example: BinarySegmentationCase) throws {
    let segmentation = try example.segmentation(.evenly256)
    let decided = segmentation.grid.thresholds.indices.map { index in
      let pooled = segmentation.counts(at: index).pooled
      return pooled.truePositives + pooled.falsePositives
    }
    #expect(zip(decided, decided.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(decided.last == 0)
  }

  @Test("The table of empty masks holds line by line")
  func emptyMasks() throws {
    func values(_ counts: BinaryCounts, _ empty: EmptyMasks) -> [Double?] {
      SegmentationMetric.allCases.map { $0.value(counts, of: "it", emptyMasks: empty).number }
    }
    // Dice, IoU, sensitivity, specificity, precision, accuracy.
    #expect(try values(counts(0, 0, 0, 5), .leftOut) == [nil, nil, nil, 1, nil, 1])
    #expect(try values(counts(0, 0, 0, 5), .one) == [1, 1, nil, 1, nil, 1])
    #expect(try values(counts(0, 0, 0, 5), .zero) == [0, 0, nil, 1, nil, 1])
    #expect(try values(counts(0, 1, 0, 3), .one) == [0, 0, nil, 0.75, 0, 0.75])
    #expect(try values(counts(0, 0, 1, 3), .one) == [0, 0, 0, 1, nil, 0.75])
    #expect(try values(counts(2, 0, 0, 0), .one) == [1, 1, 1, nil, 1, 1])
    #expect(try values(counts(0, 0, 0, 0), .one) == [nil, nil, nil, nil, nil, nil])
  }
}
