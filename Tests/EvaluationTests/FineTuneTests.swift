import Datasets
import Evaluation
import Foundation
import Imaging
import Reporting
import Results
import TestSupport
import Testing
import Training

/// Encoders that are trained with a classifier: repeats, interruptions, divergence.
@Suite struct FineTuneTests {
  /// Everything random at once: what an interruption could lose.
  private static func lively(_ settings: inout FineTuneSettings) {
    settings.augmentation = .strong
    settings.dropPath = 0.3
    settings.training.sampling = .balanced
    settings.training.averageDecay = 0.9
    settings.training.accumulation = 2
    settings.training.batchSize = 3
    settings.training.labelSmoothing = 0.1
  }

  @Test(
    "Two repeats: mean, deviation, intervals, trainings",
    arguments: ["disease", "ill", "findings"]
  )
  func repeats(_ task: String) throws {
    let scene = try Scene()
    let preset = try fineTuning {
      $0.seeds = [3, 4]
      $0.shots = 3
    }
    let observer = TrainingStopper()
    let finished = try scene.run(preset, task, observer: observer)
    let result = finished.result
    #expect(try RunResult(contentsOf: finished.file) == result)
    #expect(observer.labels == [3, 4].map { "Training photographs/\(task), seed \($0)" })
    #expect(result.evaluationProtocol.name == "finetune" && result.evaluationProtocol.version == 2)
    #expect(result.dataset.subset == "3 per class, 2 draws")
    let training = try require(result.training)
    #expect(training.map(\.seed) == [3, 4] && training.map(\.ending) == ["finished", "finished"])
    for record in training {
      #expect(record.epochs.map(\.epoch) == [1, 2, 3] && record.validationName == "macro AUC")
      #expect(record.epochs.count(where: \.isBest) == 1)
      #expect(record.epochs.allSatisfy { $0.trainingLoss != nil && $0.validation != nil })
    }
    let stored = try StoredPredictions(finished)
    #expect(stored.seeds == ["3", "4"] && stored.scores[0] != stored.scores[1])
    let kind = try scene.dataset.task(task).kind
    let values = try (0..<2).map { try require(stored.auc(kind, repeat: $0)) }
    let auc = try require(result.auc)
    #expect(auc.value == .value((values[0] + values[1]) / 2))
    let deviation = abs(values[0] - values[1]) / 2.0.squareRoot()
    #expect(abs(try require(auc.standardDeviation) - deviation) < 1e-12)
    #expect(
      result.metrics.contains { $0.confidenceInterval?.method.hasSuffix("mean of repeats") == true }
    )
    let thresholds = result.evaluationProtocol.parameters.filter {
      $0.name.hasPrefix("threshold of ")
    }
    #expect(thresholds.count == ["disease": 0, "ill": 1, "findings": 4][task])
    for format in ReportFormat.allCases {
      #expect(format.text(of: [result]).contains("photographs"), "\(format)")
    }
  }

  @Test("A second call takes finished repeats; another setting trains anew")
  func finishedRepeats() throws {
    let scene = try Scene()
    let preset = try fineTuning { $0.seeds = [0, 1] }
    let first = try scene.run(preset, "disease")
    let idle = TrainingStopper()
    let second = try scene.run(preset, "disease", observer: idle)
    #expect(idle.labels.isEmpty && idle.steps == 0)
    #expect(second.result.measures(first.result) && second.result.training == first.result.training)
    #expect(try StoredPredictions(second) == StoredPredictions(first))
    let more = TrainingStopper()
    _ = try scene.run(fineTuning { $0.seeds = [1, 2] }, "disease", observer: more)
    #expect(more.labels == ["Training photographs/disease, seed 2"])
    let other = TrainingStopper()
    _ = try scene.run(fineTuning { $0.training.learningRate = 2e-3 }, "disease", observer: other)
    #expect(other.steps == 12)
    // Another picture makes another training.
    try Data(contentsOf: scene.photographs.file("train", 1)).write(
      to: scene.photographs.file("train", 0)
    )
    let changed = TrainingStopper()
    _ = try scene.run(preset, "disease", observer: changed)
    #expect(changed.steps == 24)
  }

  @Test("Two commands don't train the same in one folder")
  func twoAtOnce() throws {
    let scene = try Scene()
    let folder = scene.folder.appending(path: "training")
    let first = try scene.run(fineTuning(), "disease")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let seed = folder.appending(path: try require(names.first { $0.hasSuffix("seed-0") })).path
    let files = try FileManager.default.contentsOfDirectory(atPath: seed).sorted()
    let checkpoint = scene.folder.appending(path: "trained.h5")
    try FolderLock.holding(seed) {
      #expect(throws: TrainingError(.busy, path: seed)) { try scene.run(fineTuning(), "disease") }
      #expect(throws: TrainingError(.busy, path: seed)) {
        try scene.fineTune(fineTuning(), "disease", keeping: checkpoint)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: seed).sorted() == files)
    #expect(!FileManager.default.fileExists(atPath: checkpoint.path))
    #expect(try scene.run(fineTuning(), "disease").result.measures(first.result))
  }

  @Test(
    "Interrupted after any step, a training ends with the bits of one that never was",
    arguments: [1, 5]
  )
  func interruption(_ limit: Int) throws {
    let preset = try fineTuning {
      Self.lively(&$0)
      $0.seeds = [0, 1]
    }
    let uninterrupted = try Scene(layers: 3)
    let whole = try uninterrupted.run(preset, "findings")
    let expected = try StoredPredictions(whole)
    let scene = try Scene(layers: 3)
    var (calls, resumed) = (0, [Int]())
    while true {
      let observer = TrainingStopper(after: limit)
      defer { resumed += observer.resumed }
      do {
        let finished = try scene.run(preset, "findings", observer: observer, stop: observer.stop)
        #expect(try StoredPredictions(finished) == expected)
        #expect(finished.result.measures(whole.result))
        #expect(finished.result.training == whole.result.training)
        break
      } catch let error as EvaluationError {
        guard case .interrupted(let detail) = error.reason else { throw error }
        #expect(detail.contains("state.h5"), "\(detail)")
        #expect(scene.runNames.isEmpty, "nothing half-written is left")
        calls += 1
        try #require(calls < 100)
      }
    }
    // Twenty samples in steps of six are four steps an epoch.
    #expect(calls == 24 / limit, "\(resumed)")
    #expect(resumed.contains { $0 % 4 != 0 }, "also in the middle of an epoch: \(resumed)")
  }

  @Test("A state that was damaged is told, and not begun anew behind the user's back")
  func damagedState() throws {
    let scene = try Scene()
    let observer = TrainingStopper(after: 6)
    #expect(throws: EvaluationError.self) {
      try scene.run(fineTuning(), "disease", observer: observer, stop: observer.stop)
    }
    let folder = scene.folder.appending(path: "training")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let state = folder.appending(path: try require(names.first { $0.hasSuffix("/state.h5") }))
    var bytes = try Data(contentsOf: state)
    bytes.removeLast(bytes.count / 2)
    try bytes.write(to: state)
    #expect(throws: (any Error).self) { try scene.run(fineTuning(), "disease") }
    #expect(scene.runNames.isEmpty)
    try FileManager.default.removeItem(at: state)
    #expect(try scene.run(fineTuning(), "disease").result.training?.count == 1)
  }

  @Test("One thread, two and three give the same bits", arguments: ["disease", "findings"])
  func threads(_ task: String) throws {
    let preset = try fineTuning {
      Self.lively(&$0)
      $0.headStart = .probe
    }
    let scene = try Scene(layers: 3)
    let one = try scene.run(preset, task, threads: 1, keeps: false)
    for threads in [2, 3] {
      let other = try scene.run(preset, task, threads: threads, keeps: false)
      #expect(try StoredPredictions(other) == StoredPredictions(one), "\(threads) threads")
      #expect(other.result.training == one.result.training)
    }
  }

  @Test("A classifier that begins at a probe's weights is better from the first step on")
  func headStart() throws {
    let scene = try Scene()
    func firstLoss(_ start: FineTuneSettings.HeadStart) throws -> Double {
      let preset = try fineTuning {
        $0.headStart = start
        $0.augmentation = .none
        $0.training.batchSize = 20
        $0.training.epochs = 2
      }
      return try require(scene.run(preset, "disease").result.training?[0].epochs[0].trainingLoss)
    }
    let zeros = try firstLoss(.zeros)
    #expect(abs(zeros - log(5)) < 1e-6, "five equal chances")
    #expect(try firstLoss(.probe) < zeros - 0.01)
  }

  @Test(
    "A training that diverges is a failed run that says where; others go on",
    arguments: [5, 20]
  )
  func divergence(_ batchSize: Int) throws {
    let scene = try Scene()
    for epochs in [1, 3] {
      let finished = try scene.run(
        fineTuning {
          $0.training.learningRate = 1e30
          $0.training.schedule = ScheduleChoice(.constant)
          $0.training.batchSize = batchSize
          $0.training.epochs = epochs
          $0.seeds = [0, 1]
        },
        "disease"
      )
      let result = finished.result
      #expect(result.run.status.outcome == .failed)
      let reason = try require(result.run.status.reason)
      #expect(reason.contains("seed 0: ") && reason.contains("seed 1: "), "\(reason)")
      #expect(reason.contains(" of epoch "), "\(reason)")
      if batchSize < 20 || epochs > 1 {
        #expect(reason.contains(" in step ") && reason.contains("; first in "), "\(reason)")
      }
      #expect(result.metrics.isEmpty && result.artefacts.isEmpty && result.training?.count == 2)
      #expect(try RunResult(contentsOf: finished.file) == result)
      for format in ReportFormat.allCases {
        #expect(format.text(of: [result]).contains("photographs"), "\(format)")
      }
    }
    #expect(try scene.run(fineTuning(), "disease").result.auc?.value.number != nil)
  }

  @Test("What can't be trained is refused before a picture is read")
  func refused() throws {
    let scene = try Scene(layers: 2)
    let faults: [(String, @Sendable (inout FineTuneSettings) -> Void)] = [
      ("--train", { $0.part = .lastBlocks(3) }),
      ("--drop-path", { $0.dropPath = 1 }),
      ("--drop-path", { $0.dropPath = .nan }),
      ("--head-rate-factor", { $0.headRateFactor = 0 }),
      ("--seeds", { $0.seeds = [] }),
      ("--shots", { $0.shots = 0 }),
    ]
    for (option, fault) in faults {
      let recorder = Recorder()
      let error = #expect(throws: EvaluationError.self) {
        try scene.run(fineTuning(fault), "disease", observer: recorder)
      }
      guard case .invalidOption(option, _, _) = error?.reason else {
        Issue.record("\(option): \(String(describing: error))")
        continue
      }
      #expect(recorder.begun.isEmpty)
    }
    let recorder = Recorder()
    #expect(throws: TrainingError.self) {
      try scene.run(fineTuning { $0.training.epochs = 0 }, "disease", observer: recorder)
    }
    #expect(recorder.begun.isEmpty && scene.runNames.isEmpty)
  }

  @Test("A picture that can't be read is left out by name, and the rest is trained on")
  func unreadable() throws {
    let scene = try Scene()
    try Data("no image".utf8).write(to: scene.photographs.file("train", 2))
    let result = try scene.run(fineTuning(), "disease").result
    #expect(result.dataset.splits.map(\.usedCount) == [19, 10, 10])
    #expect(result.dataset.exclusions.map(\.reason).allSatisfy { $0.hasPrefix("unreadable image") })
    #expect(result.dataset.exclusions.count == 1)
  }
}
