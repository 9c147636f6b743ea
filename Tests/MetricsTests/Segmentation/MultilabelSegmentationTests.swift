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

  /// One map per class of interleaved probabilities.
  private func planes(of probabilities: [Float]) -> [[Float]] {
    (0..<3).map { index in
      stride(from: index, to: probabilities.count, by: 3).map { probabilities[$0] }
    }
  }

  @Test("Maps of one class each and interleaved ones give the same numbers")
  func equalResults() throws {
    let field = [true, true, false, true, true]
    let (areas, cuts) = (planes(of: probabilities), [0, 1, 0])
    for fieldOfView in [nil, field] {
      var (interleaved, planar) = (try empty(), try empty())
      for name in ["a", "b"] {
        try interleaved.add(
          name: name,
          probabilities: probabilities,
          truths: truths,
          fieldOfView: fieldOfView
        )
        try planar.add(name: name, planes: areas, truths: truths, fieldOfView: fieldOfView)
      }
      #expect(planar.classes.map(\.images) == interleaved.classes.map(\.images))
      #expect(planar.counts(at: cuts) == interleaved.counts(at: cuts))
      #expect(planar.counts(at: cuts)[1].pooled.support == (fieldOfView == nil ? 6 : 4))
      for (one, other) in zip(planar.classes, interleaved.classes) {
        let (here, there) = (one.ranking(), other.ranking())
        #expect(here.areaUnderROC(of: "it") == there.areaUnderROC(of: "it"))
        #expect(here.averagePrecision(of: "it") == there.averagePrecision(of: "it"))
      }
    }
  }

  /// The fault of adding an image, which must leave nothing behind.
  private func fault(
    _ add: (inout MultilabelSegmentation) throws -> Void
  ) throws -> MetricsError? {
    var several = try empty()
    var fault: MetricsError?
    do { try add(&several) } catch let error as MetricsError { fault = error }
    #expect(several.classes.allSatisfy { $0.images.isEmpty })
    return fault
  }

  @Test("Maps of one class each and interleaved ones have the same faults")
  func equalFaults() throws {
    var outside = probabilities
    outside[13] = .nan
    let short: [[UInt8]] = [truths[0], truths[1], [0, 0, 0]]
    let unknown: [[UInt8]] = [truths[0], [0, 0, 1, 2, 1], truths[2]]
    let inputs: [([Float], [[UInt8]], [Bool]?)] = [
      (outside, truths, nil), (probabilities, short, nil), (probabilities, unknown, nil),
      (probabilities, [truths[0]], nil), (probabilities, [], nil),
      (probabilities, truths, [true, false]),
    ]
    for (probabilities, truths, field) in inputs {
      let interleaved = try fault {
        try $0.add(name: "a", probabilities: probabilities, truths: truths, fieldOfView: field)
      }
      let maps = planes(of: probabilities)
      let planar = try fault {
        try $0.add(name: "a", planes: maps, truths: truths, fieldOfView: field)
      }
      #expect(interleaved != nil && planar == interleaved)
    }
  }

  @Test("A map too few, too many or of another size is a fault, not a trap")
  func wrongMaps() throws {
    let maps = planes(of: probabilities)
    func count(_ what: String, _ found: Int, _ expected: Int, _ part: String) -> MetricsError {
      MetricsError(.unexpectedCount(of: what, found: found, expected: expected), in: part)
    }
    let inputs: [([[Float]], MetricsError)] = [
      ([maps[0], maps[1]], count("maps", 2, 3, "image \"a\"")),
      (maps + maps, count("maps", 6, 3, "image \"a\"")),
      (
        [maps[0], maps[1], Array(maps[2].dropLast())],
        count("probabilities", 4, 5, "image \"a\", class \"soft exudate\"")
      ),
      (
        [maps[0], maps[1] + [0], maps[2]],
        count("probabilities", 6, 5, "image \"a\", class \"haemorrhage\"")
      ),
    ]
    for (maps, expected) in inputs {
      let found = try fault {
        try $0.add(name: "a", planes: maps, truths: truths, fieldOfView: nil)
      }
      #expect(found == expected)
    }
  }
}
