import Datasets
import Evaluation
import Foundation
import Imaging
import Metrics
import Results
import TestSupport
import Testing

/// How logits become classes, against PyTorch and scikit-learn.
@Suite("Logits of masks")
struct MaskLogitsTests {
  private func task(
    _ mode: MaskMode,
    classes: Int,
    nested: Bool
  ) throws -> MaskTaskDescription {
    var task = try MaskScene().dataset.maskTask("vessels")
    task.mode = mode
    task.classes = (0..<classes).map { "class\($0)" }
    task.isNested = nested
    return task
  }

  /// One combination; `kind` is nil where it is refused.
  struct Combination: CustomStringConvertible {
    let mode: MaskMode
    let classes: Int
    let isNested: Bool
    let logits: Int
    let kind: MaskLogits.Kind?
    var description: String { "\(mode), \(classes) classes, nested \(isNested), \(logits) logits" }
  }

  private static let combinations: [Combination] = [
    // One class: a sigmoid, or a softmax with the background.
    Combination(mode: .binary, classes: 1, isNested: false, logits: 1, kind: .independent),
    Combination(mode: .binary, classes: 1, isNested: false, logits: 2, kind: .exclusive),
    Combination(mode: .binary, classes: 1, isNested: false, logits: 3, kind: nil),
    // Labels exclude each other: a softmax, and nothing else.
    Combination(mode: .labels, classes: 2, isNested: false, logits: 3, kind: .exclusive),
    Combination(mode: .labels, classes: 2, isNested: false, logits: 2, kind: nil),
    Combination(mode: .labels, classes: 2, isNested: false, logits: 1, kind: nil),
    Combination(mode: .labels, classes: 3, isNested: false, logits: 5, kind: nil),
    // A cup lies inside its disc: regions of their own.
    Combination(mode: .labels, classes: 2, isNested: true, logits: 2, kind: .independent),
    Combination(mode: .labels, classes: 2, isNested: true, logits: 3, kind: nil),
    Combination(mode: .multilabel, classes: 3, isNested: false, logits: 3, kind: .independent),
    Combination(mode: .multilabel, classes: 3, isNested: false, logits: 4, kind: nil),
    Combination(mode: .multilabel, classes: 3, isNested: false, logits: 1, kind: nil),
  ]

  @Test(
    "What a network's logits stand for; others are refused with a remedy",
    arguments: combinations
  )
  func forms(_ combination: Combination) throws {
    let task = try task(
      combination.mode,
      classes: combination.classes,
      nested: combination.isNested
    )
    let usual = MaskLogits(usualFor: task)
    #expect(try MaskLogits(task, logitCount: usual.logitCount) == usual)
    if let kind = combination.kind {
      let form = try MaskLogits(task, logitCount: combination.logits)
      #expect(form.kind == kind && form.logitCount == combination.logits)
      #expect(form.classCount == combination.classes)
      return
    }
    let error = #expect(throws: EvaluationError.self) {
      try MaskLogits(task, logitCount: combination.logits)
    }
    #expect(
      error?.reason
        == .otherMasks(
          found: combination.logits,
          expected: usual.logitCount,
          task: "vessels",
          classes: task.classes
        )
    )
    let text = error?.description ?? ""
    let logits = combination.logits == 1 ? "1 logit," : "\(combination.logits) logits,"
    #expect(text.contains("each pixel \(logits)"))
    #expect(text.contains("need \(usual.logitCount); begin with"))
    #expect(text.contains("`vbench initialize --classes \(usual.logitCount)`"))
  }

  @Test("Probabilities are PyTorch's, decisions, Dice and areas scikit-learn's")
  func decisions() throws {
    let fixture = try MaskFixture()
    for recorded in fixture.reference.cases {
      let isExclusive = recorded.name == "exclusive"
      let contents = try fixture.contents(isExclusive ? "exclusive" : "both")
      let form = MaskLogits(usualFor: contents.task)
      #expect(form.kind == (isExclusive ? .exclusive : .independent))
      var probabilities = recorded.logits
      form.makeProbabilities(&probabilities)
      let tolerance = Tolerance(absolute: 2e-7, reason: "an exponential and a division in float32")
      #expect(mismatch(probabilities, recorded.probabilities, within: tolerance) == nil)
      var scores = try MaskScores(contents.task, form, .bestDice(on: .train))
      for (index, sample) in contents.samples.enumerated() {
        let example = try contents.reader.read(sample)
        try scores.add(example, fixture.prediction(index, probabilities, form, example))
      }
      let best = scores.bestThresholds()
      #expect((best == nil) == isExclusive)
      let thresholds = best?.values ?? []
      #expect(thresholds == recorded.thresholds.map { ThresholdGrid.evenly256.thresholds[$0] })
      let dice = scores.counts(thresholds).map { $0.pooledValue(.dice, .leftOut).number ?? -1 }
      let exact = Tolerance(absolute: 1e-12, reason: "the same counts, divided in float64")
      #expect(mismatch(dice, recorded.dice, within: exact) == nil)
      let report = scores.report(thresholds, SegmentationPolicy(), MaskScores.Extras())
      let areas = report.classMetrics.map { record in
        record.metrics.first { $0.identifier == "auc-pooled" }?.value.number ?? -1
      }
      #expect(mismatch(areas, recorded.auc, within: exact) == nil)
      #expect(
        report.classMetrics.map(\.name) == (isExclusive ? ["background"] : []) + ["one", "two"]
      )
      let confusion = scores.confusionMatrix?.counts
      #expect(confusion == (isExclusive ? recorded.confusion : nil))
    }
  }

  @Test("A class that no picture shows gets the threshold 127/255, and a note")
  func absentClass() throws {
    let fixture = try MaskFixture()
    let (contents, grid) = (try fixture.contents("both"), ThresholdGrid.evenly256.thresholds)
    var scores = try MaskScores(
      contents.task,
      MaskLogits(usualFor: contents.task),
      .bestDice(on: .train)
    )
    #expect(scores.bestThresholds()?.values == [grid[127], grid[127]])
    #expect(scores.bestThresholds()?.notes.count == 2)
    let example = try contents.reader.read(contents.samples[0])
    let maps = (0..<2).map { _ in
      Plane(width: 7, height: 5, samples: [Float](repeating: 0.25, count: 35))
    }
    try scores.add(example, MaskPredictor.Prediction(maps: maps, field: nil))
    // 0.25 lies above 63 / 255, and every lower threshold decides the same.
    #expect(scores.bestThresholds()?.values == [0, 0])
  }
}

/// The photographs of `Tests/Fixtures/generate/evaluation_masks.py` as files.
final class MaskFixture {
  struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let logits, probabilities: [Float]
      let dice, auc: [Double]
      let confusion: [[Int]]
      let thresholds: [Int]
    }
    let width, height: Int
    let truths, fields: [[UInt8]]
    let cases: [Case]
  }

  let reference: Reference
  let folder: URL

  init() throws {
    let file = Fixtures.directory.appending(path: "Evaluation/masks.json")
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    folder = try Fixtures.temporaryDirectory()
    for index in reference.truths.indices {
      let truth = reference.truths[index]
      try write(truth, "images/\(index).png")
      try write(truth, "labels/\(index).png")
      try write(reference.fields[index], "fields/\(index).png")
      for label in [UInt8(1), 2] {
        let plane: [UInt8] = truth.map { $0 == 255 ? 255 : $0 == label ? 1 : 0 }
        try write(plane, "\(label)/\(index).png")
      }
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ values: [UInt8], _ path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    let image = GrayImage(
      width: reference.width,
      height: reference.height,
      bitDepth: 8,
      samples: values.map(UInt16.init)
    )
    try PNGWriter.write(image, to: file.path(percentEncoded: false))
  }

  /// The photographs with the masks of a task.
  func contents(_ task: String) throws -> MaskContents {
    let dataset = try DatasetCatalog(text: Self.text, file: URL(filePath: "masks.yaml"))["masks"]
    return try dataset.open(root: folder).contents(of: dataset.maskTask(task))
  }

  /// The maps of one photograph.
  func prediction(
    _ index: Int,
    _ probabilities: [Float],
    _ form: MaskLogits,
    _ example: SegmentationExample
  ) -> MaskPredictor.Prediction {
    let (width, height) = (reference.width, reference.height)
    let first = index * width * height * form.logitCount
    let maps = (0..<form.logitCount).map { channel in
      Plane(
        width: width,
        height: height,
        samples: (0..<width * height).map { probabilities[first + $0 * form.logitCount + channel] }
      )
    }
    return MaskPredictor.Prediction(
      maps: maps,
      field: example.field.map { Plane(width: width, height: height, samples: $0) }
    )
  }

  private static let text = """
    - name: masks
      version: 1
      title: Recorded masks
      adapter: folders
      root: masks
      splits:
        test: { images: images, count: 3 }
      tasks:
        exclusive:
          title: Labels
          kind: masks
          mode: labels
          classes: [one, two]
          masks: labels/{stem}.png
          values: { 0: background, 1: one, 2: two }
          ignore: 255
          field_of_view: fields/{stem}.png
        both:
          title: Planes
          kind: masks
          mode: multilabel
          classes: [one, two]
          masks: { one: "1/{stem}.png", two: "2/{stem}.png" }
          values: { 0: background, 1: foreground }
          ignore: 255
          field_of_view: fields/{stem}.png
      license: none
      source: { title: Recorded }
    """
}
