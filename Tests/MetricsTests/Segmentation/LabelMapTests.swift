import Metrics
import Results
import TestSupport
import Testing

/// Label maps with what scikit-learn says of each class against the rest.
struct LabelMapCase: Decodable, Sendable, CustomStringConvertible {
  struct Image: Decodable, Sendable {
    let name: String
    let scores: [Float]
    let predicted: [UInt8]
    let truth: [UInt8]
    let fieldOfView: [Bool]?
  }

  struct Class: Decodable, Sendable {
    let pooled: [String: Double?]
    let images: [[String: Double?]]
  }

  let name: String
  let classCount: Int
  let images: [Image]
  let classes: [Class]
  let confusion: [[Int]]

  var description: String { name }

  var classNames: [String] { (0..<classCount).map { "label \($0)" } }
}

@Suite("Maps of one label per pixel")
struct LabelMapTests {
  private static let cases =
    (try? references("segmentation-labels.json", of: LabelMapCase.self)) ?? []

  @Test("There are cases") func present() { #expect(Self.cases.count == 3) }

  @Test("Each class equals scikit-learn's, by labels and by scores", arguments: cases)
  func reference(_ example: LabelMapCase) throws {
    var byLabels = try LabelMapSegmentation(classNames: example.classNames)
    var byScores = byLabels
    for image in example.images {
      let view = image.fieldOfView
      try byLabels.add(
        name: image.name,
        predicted: image.predicted,
        truth: image.truth,
        fieldOfView: view
      )
      try byScores.add(
        name: image.name,
        scores: image.scores,
        truth: image.truth,
        fieldOfView: view
      )
    }
    #expect(byLabels.counts == byScores.counts)
    #expect(byLabels.confusionMatrix.counts == example.confusion)
    for (counts, expected) in zip(byLabels.counts, example.classes) {
      #expect(disagreements({ counts.pooledValue($0, .leftOut) }, expected.pooled) == [])
      for (image, row) in expected.images.enumerated() {
        #expect(disagreements({ counts.imageValues($0, .leftOut)[image] }, row) == [])
      }
    }
  }

  @Test("Counts of the classes fit each other")
  func consistency() throws {
    let example = try #require(Self.cases.last)
    var maps = try LabelMapSegmentation(classNames: example.classNames)
    for image in example.images {
      try maps.add(
        name: image.name,
        predicted: image.predicted,
        truth: image.truth,
        fieldOfView: image.fieldOfView
      )
    }
    let pooled = maps.counts.map(\.pooled)
    let all = example.confusion.joined().reduce(0, +)
    #expect(pooled.reduce(0) { $0 + $1.support } == all)
    #expect(
      pooled.reduce(0) { $0 + $1.falsePositives } == pooled.reduce(0) { $0 + $1.falseNegatives }
    )
    #expect(maps.counts[2].imagesWithClass == 0)
  }

  @Test("What doesn't fit is refused and leaves nothing behind")
  func malformed() throws {
    #expect(throws: MetricsError.self) { try LabelMapSegmentation(classNames: ["one"]) }
    #expect(throws: MetricsError.self) { try LabelMapSegmentation(classNames: ["a", "a"]) }
    #expect(throws: MetricsError.self) {
      try LabelMapSegmentation(classNames: (0..<256).map { "\($0)" })
    }
    var maps = try LabelMapSegmentation(classNames: ["background", "disc", "cup"])
    let wrong: [(predicted: [UInt8], truth: [UInt8])] = [
      ([0], [0, 1]), ([0, 3], [0, 1]), ([0, 1], [0, 3]), ([0, 255], [0, 255]),
    ]
    for (predicted, truth) in wrong {
      #expect(throws: MetricsError.self) {
        try maps.add(name: "a", predicted: predicted, truth: truth, fieldOfView: nil)
      }
    }
    #expect(throws: MetricsError.self) {
      try maps.add(name: "a", scores: [0, .nan, 1], truth: [0], fieldOfView: nil)
    }
    #expect(throws: MetricsError.self) {
      try maps.add(name: "a", scores: [0, 1], truth: [0], fieldOfView: nil)
    }
    #expect(maps.imageNames.isEmpty && maps.confusionMatrix.counts.joined().allSatisfy { $0 == 0 })
  }
}
