import Metrics
import Randomness
import TestSupport
import Testing

@Suite("Grids of thresholds")
struct ThresholdGridTests {
  private func decided(_ grid: ThresholdGrid, _ probability: Float) throws -> [Bool] {
    var segmentation = BinarySegmentation(className: "it", grid: grid)
    try segmentation.add(name: "a", probabilities: [probability], truth: [1], fieldOfView: nil)
    return grid.thresholds.indices.map { segmentation.images[0].counts(at: $0).truePositives == 1 }
  }

  @Test("Each threshold decides as the comparison does, also at ties", arguments: 0..<20)
  func comparisons(_ seed: Int) throws {
    var random = RandomSource(seed: 77, UInt32(seed))
    let thresholds = (0..<9).map { _ in Float(random.nextIndex(below: 1001)) / 1000 } + [0, 1, 0.5]
    let near = thresholds.flatMap { [$0, min($0.nextUp, 1), max($0.nextDown, 0)] }
    for rule in ThresholdRule.allCases {
      let grid = ThresholdGrid(thresholds, rule: rule)
      #expect(grid.thresholds == Set(thresholds).sorted())
      for probability in near {
        let expected = grid.thresholds.map {
          rule == .above ? probability > $0 : probability >= $0
        }
        #expect(try decided(grid, probability) == expected, "\(probability), \(rule)")
      }
    }
  }

  @Test("Of 256 thresholds, an 8-bit level exceeds those below its own")
  func eightBit() throws {
    let grid = ThresholdGrid.evenly256
    #expect(grid.count == 256 && grid.thresholds[0] == 0 && grid.thresholds[255] == 1)
    for level in [0, 1, 51, 110, 254, 255] {
      let expected = (0..<256).map { level > $0 }
      #expect(try decided(grid, Float(level) / 255) == expected)
    }
  }

  @Test("A threshold is found by its value alone")
  func index() {
    #expect(ThresholdGrid.evenly256.index(of: 110 / 255) == 110)
    #expect(ThresholdGrid.evenly256.index(of: 0.5) == nil)
    #expect(ThresholdGrid.atLeast(0.5).index(of: 0.5) == 0)
  }
}
