import Datasets
import Evaluation
import Foundation
import Models
import Tensors
import TestSupport
import Testing

/// Prompts as weights, against NumPy's arithmetic of `Tests/Fixtures/generate/evaluation.py`.
@Suite struct ZeroShotTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let normalizes: Bool
      let similarities, classes, findings: [Double]
    }

    let width: Int
    let scale: Double
    let present, absent: [[Float]]
    let images: [Float]
    let cases: [Case]
  }

  private static func fixture() throws -> Fixture {
    let url = Fixtures.directory.appending(path: "Evaluation/zero_shot.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  /// Prototypes are kept as float32, and cosines are multiplied by 14.
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    reason: "float32 prototypes, whose rounding the scale multiplies"
  )

  @Test("Ensembles are averaged, then of length 1 or not", arguments: [true, false])
  func classes(normalizes: Bool) throws {
    let fixture = try Self.fixture()
    let expected = try require(fixture.cases.first { $0.normalizes == normalizes })
    let classes = ZeroShotClassifier(
      present: fixture.present,
      absent: [],
      width: fixture.width,
      normalizesPrototypes: normalizes,
      scale: fixture.scale
    )
    let findings = ZeroShotClassifier(
      present: fixture.present,
      absent: fixture.absent,
      width: fixture.width,
      normalizesPrototypes: normalizes,
      scale: fixture.scale
    )
    let rows = stride(from: 0, to: fixture.images.count, by: fixture.width).map {
      fixture.images[$0..<$0 + fixture.width]
    }
    #expect(rows.count == 7 && expected.classes.count == 28)
    let measured = [
      ("similarities", rows.flatMap(classes.similarities), expected.similarities),
      ("classes", rows.flatMap(classes.probabilities), expected.classes),
      ("findings", rows.flatMap(findings.probabilities), expected.findings),
    ]
    for (name, values, references) in measured {
      #expect(mismatch(values, references, within: Self.tolerance, context: name) == nil)
    }
  }

  @Test("The length of an image's feature doesn't matter; a feature of zeros gives equal chances")
  func lengths() throws {
    let fixture = try Self.fixture()
    let classifier = ZeroShotClassifier(
      present: fixture.present,
      absent: fixture.absent,
      width: fixture.width,
      normalizesPrototypes: true,
      scale: fixture.scale
    )
    let feature = fixture.images.prefix(fixture.width)
    let longer = ArraySlice(feature.map { 1024 * $0 })
    #expect(classifier.probabilities(feature) == classifier.probabilities(longer))
    let zeros = ArraySlice(repeating: Float(0), count: fixture.width)
    #expect(classifier.probabilities(zeros) == [0.5, 0.5, 0.5, 0.5])
  }

  @Test("A task's classifier is its prompts' features, scaled by the model's temperature")
  func prompts() throws {
    let scene = try Scene()
    let bundle = try scene.bundle()
    let task = try scene.dataset.task("findings")
    let classifier = try ZeroShotClassifier(task, ZeroShotSettings(), bundle)
    #expect(
      classifier.sentences == [
        "出血", "一张出血的眼底照片", "玻璃膜疣", "一张玻璃膜疣的眼底照片", "大视杯", "一张大视杯的眼底照片", "萎缩弧",
        "一张萎缩弧的眼底照片", "无出血", "未见出血", "无玻璃膜疣", "未见玻璃膜疣", "无大视杯", "未见大视杯", "无萎缩弧",
        "未见萎缩弧",
      ]
    )
    let pairs = try stride(from: 0, to: 16, by: 2).map { start in
      try bundle.encode(texts: Array(classifier.sentences[start..<start + 2]))
    }
    let scale = Double(try require(bundle.similarityScale))
    #expect(abs(scale - 1 / 0.07) < 1e-3, "CLIP's initial temperature")
    let again = ZeroShotClassifier(
      present: Array(pairs[..<4]),
      absent: Array(pairs[4...]),
      width: 16,
      normalizesPrototypes: true,
      scale: scale
    )
    let feature = ArraySlice((0..<16).map { Float($0 % 5) - 1.5 })
    #expect(classifier.probabilities(feature) == again.probabilities(feature))
  }

  @Test("Labels of one's own are ranked by their cosines")
  func labels() throws {
    let scene = try Scene()
    let bundle = try scene.bundle()
    let classifier = try ZeroShotClassifier(labels: ["正常眼底", "青光眼", "出血"], bundle)
    let features = try bundle.features(
      ofFiles: [scene.photographs.file("test", 0), scene.photographs.file("test", 9)],
      .projected,
      on: .init(threadCount: 1),
      observer: SilentObserver()
    )
    for row in 0..<2 {
      let probabilities = classifier.probabilities(features.row(row))
      let cosines = classifier.similarities(features.row(row))
      let byProbability = (0..<3).sorted { probabilities[$0] > probabilities[$1] }
      #expect(byProbability == (0..<3).sorted { cosines[$0] > cosines[$1] })
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
      #expect(cosines.allSatisfy { abs($0) <= 1 + 1e-6 })
    }
  }
}
