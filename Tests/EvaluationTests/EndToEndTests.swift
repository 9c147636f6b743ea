import Datasets
import Evaluation
import Foundation
import Metrics
import Models
import Optimizers
import Reporting
import Results
import Tensors
import TestSupport
import Testing
import Tokenization

/// Photographs in folders to tables, with a tiny model: each protocol on each kind of task.
@Suite struct EndToEndTests {
  /// A protocol on a task.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let task: String
    let preset: @Sendable () throws -> ProtocolPreset
  }

  static let cases: [Case] =
    ["disease", "ill", "findings"].flatMap { task -> [Case] in
      [
        Case(testDescription: "\(task), zero-shot", task: task) { try .named("clip-zeroshot") },
        Case(testDescription: "\(task), FLAIR's zero-shot", task: task) {
          try .named("flair-zeroshot")
        },
        Case(testDescription: "\(task), probe", task: task) { try probe() },
        Case(testDescription: "\(task), one strength, projected", task: task) {
          try probe {
            $0.strengths = [0.316]
            $0.features = .projected
            $0.scaling = .unitLength
            $0.classWeights = .balanced
            $0.scheme = .oneVsRest
          }
        },
        Case(testDescription: "\(task), two shots, three draws", task: task) {
          try probe {
            $0.shots = 2
            $0.seeds = [0, 1, 2]
          }
        },
      ]
    }

  @Test("A run gives a result that is read back equal, with what it was made of", arguments: cases)
  func roundTrip(_ example: Case) throws {
    let scene = try Scene()
    let finished = try scene.run(example.preset(), example.task)
    let result = finished.result
    #expect(try RunResult(contentsOf: finished.file) == result)
    #expect(scene.runNames == [result.run.id], "nothing half-written is left")
    #expect(finished.encodedCount == 40)
    #expect(result.dataset.name == "photographs" && result.dataset.task == example.task)
    #expect(result.dataset.splits.map(\.usedCount) == [20, 10, 10])
    #expect(result.dataset.evaluatedCount == 10 && result.dataset.exclusions.isEmpty)
    #expect(result.dataset.checksums.count == 4, "three tables and the splits")
    #expect(try result.model.checkpoint?.sha256 == fileSHA256(scene.checkpoint))
    let predictions = finished.file.deletingLastPathComponent().appending(path: "predictions.h5")
    #expect(result.artefacts.map(\.sha256) == [try fileSHA256(predictions)])
    for format in ReportFormat.allCases {
      #expect(format.text(of: [result]).contains("photographs"), "\(format)")
    }
  }

  @Test("The AUC is had again from predictions.h5 alone, to the last bit", arguments: cases)
  func recomputed(_ example: Case) throws {
    let scene = try Scene()
    let finished = try scene.run(example.preset(), example.task)
    let stored = try StoredPredictions(finished)
    let kind = try scene.dataset.task(example.task).kind
    let values = try stored.scores.indices.map { try require(stored.auc(kind, repeat: $0)) }
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(finished.result.auc?.value == .value(mean))
    let images = scene.photographs.rows["test", default: []].map(\.image)
    #expect(stored.ids == images.map { "test/" + $0.dropLast(4) }.sorted())
    #expect(stored.seeds == finished.result.repeats.map { String($0.seed) })
    for (scores, record) in zip(stored.scores, finished.result.repeats) {
      #expect(scores.allSatisfy { $0.isFinite && (0...1).contains($0) }, "seed \(record.seed)")
      guard kind != .multilabel else { continue }
      for row in stored.ids.indices {
        let sum = scores[row * stored.classes.count..<(row + 1) * stored.classes.count].reduce(0, +)
        #expect(abs(sum - 1) < 1e-12, "row \(row) adds up to \(sum)")
      }
    }
  }

  @Test("A second run encodes nothing and measures the same bits", arguments: cases)
  func secondRun(_ example: Case) throws {
    let scene = try Scene()
    let recorder = Recorder()
    let first = try scene.run(example.preset(), example.task, observer: recorder)
    #expect(recorder.begun == ["Encoding photographs: 40 images"])
    #expect(recorder.reached == [40] && recorder.isBalanced)
    let silent = Recorder()
    let second = try scene.run(example.preset(), example.task, observer: silent)
    #expect(first.encodedCount == 40 && second.encodedCount == 0)
    #expect(silent.begun.isEmpty)
    #expect(first.result.measures(second.result))
    #expect(try StoredPredictions(first) == StoredPredictions(second))
    #expect(first.result.run.id != second.result.run.id)
  }

  @Test("One thread and four give the same bits", arguments: cases)
  func threads(_ example: Case) throws {
    let scene = try Scene()
    let one = try scene.run(example.preset(), example.task, threads: 1, keeps: false)
    let four = try scene.run(example.preset(), example.task, threads: 4, keeps: false)
    #expect(one.encodedCount == 40 && four.encodedCount == 40)
    #expect(one.result.measures(four.result))
    #expect(try StoredPredictions(one) == StoredPredictions(four))
  }

  @Test("Repeats are draws of few shots: mean, deviation and each value")
  func fewShots() throws {
    let scene = try Scene()
    let finished = try scene.run(
      probe {
        $0.shots = 1
        $0.seeds = [4, 5, 6, 7]
      },
      "disease"
    )
    let result = finished.result
    let auc = try require(result.auc)
    let values = try result.repeats.map { run in
      try require(
        run.values.first { $0.identifier == auc.identifier && $0.averaging == auc.averaging }?
          .value.number
      )
    }
    #expect(result.repeats.map(\.seed) == [4, 5, 6, 7])
    #expect(Set(values).count > 1, "the draws differ")
    let mean = values.reduce(0, +) / 4
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    #expect(auc.value == .value(mean))
    let deviation = try require(auc.standardDeviation)
    #expect(abs(deviation - variance.squareRoot()) < 1e-12)
    #expect(result.dataset.subset == "1 per class, 4 draws")
    let accuracy = try require(result.metrics.first { $0.identifier == Metric.accuracy.identifier })
    #expect(accuracy.confidenceInterval?.method.hasSuffix("mean of repeats") == true)
  }

  @Test("A full probe is run once whatever the seeds, and says its strength")
  func fullProbe() throws {
    let scene = try Scene()
    let finished = try scene.run(probe { $0.seeds = [1, 2, 3] }, "disease")
    #expect(finished.result.repeats.count == 1)
    #expect(finished.result.auc?.standardDeviation == nil)
    let parameters = finished.result.evaluationProtocol.parameters
    let chosen = try require(parameters.first { $0.name == "chosen strength" })
    #expect([0.01, 0.1, 1].contains { chosen.value == .list([.real($0)]) })
    #expect(parameters.contains { $0.name == "chosen validation macro AUC" })
    #expect(parameters.contains(Parameter("scaling", .text("standardized"))))
  }
}
