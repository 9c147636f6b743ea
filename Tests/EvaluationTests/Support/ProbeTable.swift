import Datasets
import Evaluation
import Foundation
import Metrics
import Parallelism
import Results
import Tensors
import TestSupport

/// The fixture's samples as a data set, in the order of its rows.
final class ProbeTable {
  let fixture: LinearProbeTests.Fixture
  private let contents: DatasetContents
  private let folder: URL

  init(_ fixture: LinearProbeTests.Fixture) throws {
    self.fixture = fixture
    folder = try Fixtures.temporaryDirectory()
    var row = 0
    for split in ["train", "validation", "test"] {
      var text = "image,grade,a,b,c\n"
      for _ in 0..<(fixture.counts[split] ?? 0) {
        let findings = fixture.findings[3 * row..<3 * row + 3].map(String.init)
        let name = String(1000 + row)
        text += ([name, String(fixture.grades[row])] + findings).joined(separator: ",") + "\n"
        // Features are given: no picture is read, but each has to be there.
        try Data().write(to: folder.appending(path: "\(name).png"))
        row += 1
      }
      try Data(text.utf8).write(to: folder.appending(path: "\(split).csv"))
    }
    let catalog = try DatasetCatalog(text: Self.description, file: URL(filePath: "table.yaml"))
    contents = try catalog["table"].open(root: folder)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A task of the set: `grade`, `referable` or `findings`.
  func task(_ name: String) throws -> TaskContents {
    try contents.contents(of: contents.dataset.task(name))
  }

  /// The features of a task's sample.
  func features(_ task: TaskContents, _ index: Int) -> ArraySlice<Float> {
    let row = (Int(task.samples[index].id.suffix(4)) ?? 0) - 1000
    return fixture.features[row * fixture.width..<(row + 1) * fixture.width]
  }

  /// The features of a task's sample with its labels in the first columns: a set that is told apart.
  func easyFeatures(_ task: TaskContents, _ index: Int) -> ArraySlice<Float> {
    var row = Array(features(task, index))
    for positive in task.labels.positives(at: index) { row[positive] += 16 }
    return row[...]
  }

  /// Runs a probe on a task.
  func run(
    _ settings: LinearProbeSettings,
    _ name: String,
    seed: UInt64 = 0,
    threads: Int = 2,
    isEasy: Bool = false
  ) throws -> ScoredSamples {
    let task = try task(name)
    return try LinearProbe(settings, pool: WorkerPool(threadCount: threads)).run(
      task,
      splits: task.splits(),
      features: { isEasy ? self.easyFeatures(task, $0) : self.features(task, $0) },
      width: fixture.width,
      seed: seed
    )
  }

  /// Trains a probe by steps on a task.
  func run(
    _ settings: TrainedProbeSettings,
    _ name: String,
    seed: UInt64 = 0,
    threads: Int = 2,
    isEasy: Bool = false
  ) throws -> ScoredSamples {
    let task = try task(name)
    return try TrainedProbe(settings, on: Device(threadCount: threads)).run(
      task,
      splits: task.splits(),
      features: { isEasy ? self.easyFeatures(task, $0) : self.features(task, $0) },
      width: fixture.width,
      seed: seed
    )
  }

  /// The macro AUC on the test split.
  func auc(_ scored: ScoredSamples, _ name: String) throws -> Double {
    let task = try task(name)
    let value =
      switch task.labels[scored.indices] {
      case .classes(let labels) where task.task.kind == .binary:
        binaryAUROC(
          try BinaryPredictions(
            scores: scored.indices.indices.map { scored.scores[2 * $0 + 1] },
            labels: labels.map { $0 == 1 }
          )
        )
      case .classes(let labels):
        multiclassAUROC(
          try MulticlassPredictions(
            scores: scored.scores,
            labels: labels,
            classNames: task.task.classes
          )
        ).value
      case .findings(let rows):
        multilabelAUROC(
          try MultilabelPredictions(
            scores: scored.scores,
            labels: rows.flatMap { $0.map { $0 == 1 } },
            classNames: task.task.classes
          )
        ).value
      }
    return try require(value.number)
  }

  private static let description = """
    - name: table
      version: 1
      title: Features of no picture
      adapter: csv
      root: table
      image_column: image
      splits:
        train: { table: train.csv, count: 60 }
        validation: { table: validation.csv, count: 30 }
        test: { table: test.csv, count: 36 }
      tasks:
        grade:
          title: A grade
          kind: multiclass
          column: grade
          classes: ['0', '1', '2', '3']
        referable:
          title: Grade 2 and above
          kind: binary
          derive: { from: grade, positive: [2, 3] }
          classes: [below, above]
        findings:
          title: Three findings
          kind: multilabel
          classes: [a, b, c]
      license: Apache-2.0
      source: { title: Nobody }
    """
}
