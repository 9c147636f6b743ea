import Datasets
import Foundation
import Imaging
import Kernels
import Metrics
import Models
import Parallelism
import Results
import Tensors

extension Evaluator {
  /// All that a finished run is made of.
  struct Outcome {
    var preset: ProtocolPreset
    var preprocessing: Preprocessing
    var kind: ImageFeatureKind
    var contents: DatasetContents
    var samples: TaskContents
    var splits: TaskSplits
    var scored: [(seed: UInt64, scored: ScoredSamples)]
    var started: Date
    var encodedCount: Int
    var width: Int
    /// Test samples whose picture is a training or validation sample's, too.
    var repeated: [Sample.ID]
  }

  /// Computes the metrics of a run's scores and writes the run.
  ///
  /// - Parameter outcome: all that the run is made of.
  /// - Returns: the result, written.
  /// - Throws: `MetricsError`, `CheckpointError` or `ResultsError`; then no run is written.
  func finish(_ outcome: Outcome) throws -> Finished {
    let datasetRecord = DatasetRecord(
      outcome.contents,
      outcome.samples,
      outcome.splits,
      subset: subset(outcome.preset.settings)
    )
    var mistrust: [String] = []
    if outcome.splits.testOrigin == .makers {
      mistrust += datasetRecord.splits.filter { $0.name == "test" }.compactMap(\.shortfall)
    }
    if let first = outcome.repeated.first {
      mistrust.append(seenInTraining(outcome.repeated.count, such: first))
    }
    let failures = outcome.scored.compactMap(\.scored.failure)
    let reports = failures.isEmpty ? try reports(outcome, &mistrust) : []
    let repeated = RepeatedMetrics(reports, areOrdered: outcome.samples.task.isOrdered)
    let protocolRecord = protocolRecord(outcome)
    let content = [
      bundle.sha256, datasetRecord.checksums.map(\.sha256).joined(),
      protocolRecord.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ";"),
      protocolRecord.name, outcome.samples.task.name,
    ].joined(separator: "\n")
    let directory = try RunDirectory.create(
      in: options.runsFolder,
      at: outcome.started,
      content: content
    )
    do {
      let scored = outcome.scored.filter { $0.scored.failure == nil }
      let training = outcome.scored.compactMap(\.scored.training)
      let result = RunResult(
        run: RunRecord(
          id: directory.id,
          status: runStatus(failures, mistrust),
          started: outcome.started,
          seconds: Date().timeIntervalSince(outcome.started)
        ),
        evaluationProtocol: protocolRecord,
        dataset: datasetRecord,
        model: bundle.record(
          kind: outcome.kind,
          width: outcome.width,
          outcome.preset.settings
        ),
        metrics: repeated.metrics,
        classMetrics: repeated.classMetrics,
        confusionMatrix: reports.first?.report.confusionMatrix,
        curves: reports.first?.report.curves ?? [],
        repeats: repeated.repeats,
        training: training.isEmpty ? nil : training,
        environment: device.environment,
        artefacts: try predictions(scored, outcome.samples, in: directory)
      )
      let file = try directory.finish(result)
      return Finished(result: result, file: file, encodedCount: outcome.encodedCount)
    } catch {
      directory.discard()
      throw error
    }
  }

  /// Writes the raw predictions; nothing where no repeat has any.
  private func predictions(
    _ scored: [(seed: UInt64, scored: ScoredSamples)],
    _ samples: TaskContents,
    in directory: RunDirectory
  ) throws -> [Artefact] {
    guard !scored.isEmpty else { return [] }
    try PredictionsFile.write(to: directory.predictionsFile, samples, scored)
    return [
      Artefact(
        name: directory.predictionsFile.lastPathComponent,
        sha256: try fileSHA256(directory.predictionsFile)
      )
    ]
  }

  /// Each repeat's metrics; what speaks against believing them is added to `mistrust`.
  private func reports(
    _ outcome: Outcome,
    _ mistrust: inout [String]
  ) throws -> [(seed: UInt64, report: MetricReport)] {
    let groups = outcome.samples.groupNumbers(outcome.splits.test)
    return try outcome.scored.map { seed, scored in
      let predictions = try TaskPredictions(
        scored.scores,
        of: outcome.samples,
        scored.indices,
        thresholds: scored.thresholds
      )
      let report = predictions.report(bootstrap: options.bootstrap, groups: groups)
      mistrust += report.mistrustReasons.filter { !mistrust.contains($0) }
      let missing = report.intervalNotes.filter { $0.isMissing && $0.className == nil }
      for note in scored.notes + missing.map(\.description) {
        observer.warn("\(outcome.samples.task.name): \(note)")
      }
      return (seed, report)
    }
  }

  /// The settings as they were used, and what was chosen on validation.
  private func protocolRecord(_ outcome: Outcome) -> ProtocolRecord {
    var record = outcome.preset.settings.record(
      preset: outcome.preset.name,
      kind: outcome.kind,
      preprocessing: outcome.preprocessing,
      options: options
    )
    for (name, _) in outcome.scored[0].scored.chosen {
      let values = outcome.scored.compactMap { run in
        run.scored.chosen.first { $0.name == name }?.value
      }
      record.parameters.append(
        Parameter("chosen \(name)", .list(values.filter(\.isFinite).map { .real($0) }))
      )
    }
    for (position, name) in decidedClasses(outcome.samples.task).enumerated() {
      let values = outcome.scored.compactMap { $0.scored.thresholds?[position] }
      guard !values.isEmpty else { continue }
      record.parameters.append(
        Parameter("threshold of \(name)", .list(values.map { .real($0) }))
      )
    }
    return record
  }

  /// The classes that are decided by a threshold, in the order of the thresholds.
  private func decidedClasses(_ task: TaskDescription) -> [String] {
    switch task.kind {
    case .binary: [task.classes[1]]
    case .multilabel: task.classes
    case .multiclass: []
    }
  }

  private func subset(_ settings: ProtocolSettings) -> String? {
    let (shots, seeds) =
      switch settings {
      case .zeroShot, .retrieval: (nil as Int?, [UInt64]())
      case .linearProbe(let probe): (probe.shots, probe.seeds)
      case .trainedProbe(let probe): (probe.shots, probe.seeds)
      case .fineTune(let settings): (settings.shots, settings.seeds)
      }
    return shots.map { "\($0) per class, \(seeds.count) draws" }
  }
}

/// How a run ended.
///
/// - Parameters:
///   - failures: what failed.
///   - mistrust: what speaks against believing the numbers.
/// - Returns: the status.
func runStatus(_ failures: [String], _ mistrust: [String]) -> RunStatus {
  if !failures.isEmpty { return .failed(reason: failures.joined(separator: "; ")) }
  return mistrust.isEmpty ? .passed : .mistrusted(reason: mistrust.joined(separator: "; "))
}

extension Device {
  /// The machine, the kernels and the libraries that runs are made with.
  var environment: Environment {
    .capture(
      threads: compute.pool.threadCount,
      instructionSet: compute.instructionSet.rawValue,
      kernelVariants: compute.kernelVariants,
      libraries: compute.libraryVersions
    )
  }
}

/// Why a run isn't trusted whose test pictures were trained on.
///
/// - Parameters:
///   - count: how many.
///   - first: one of them.
/// - Returns: a sentence.
func seenInTraining(_ count: Int, such first: Sample.ID) -> String {
  count == 1
    ? "the test picture \(first) is a training picture too"
    : "\(count) test pictures, such as \(first), are training pictures too"
}
