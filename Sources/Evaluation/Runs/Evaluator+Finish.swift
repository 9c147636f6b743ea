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
    var mistrust = smallerThanDeclared(outcome)
    if let first = outcome.repeated.first {
      mistrust.append(
        "\(outcome.repeated.count) test pictures, such as \(first), are training pictures too"
      )
    }
    let reports = try reports(outcome, &mistrust)
    let repeated = RepeatedMetrics(reports, areOrdered: outcome.samples.task.isOrdered)
    let protocolRecord = protocolRecord(outcome)
    let datasetRecord = DatasetRecord(
      outcome.contents,
      outcome.samples,
      outcome.splits,
      subset: subset(outcome.preset.settings)
    )
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
      try PredictionsFile.write(to: directory.predictionsFile, outcome.samples, outcome.scored)
      let predictions = Artefact(
        name: directory.predictionsFile.lastPathComponent,
        sha256: try fileSHA256(directory.predictionsFile)
      )
      let result = RunResult(
        run: RunRecord(
          id: directory.id,
          status: mistrust.isEmpty
            ? .passed : .mistrusted(reason: mistrust.joined(separator: "; ")),
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
        confusionMatrix: reports[0].report.confusionMatrix,
        curves: reports[0].report.curves,
        repeats: repeated.repeats,
        environment: environment,
        artefacts: [predictions]
      )
      let file = try directory.finish(result)
      return Finished(result: result, file: file, encodedCount: outcome.encodedCount)
    } catch {
      directory.discard()
      throw error
    }
  }

  /// Each repeat's metrics; what speaks against believing them is added to `mistrust`.
  private func reports(
    _ outcome: Outcome,
    _ mistrust: inout [String]
  ) throws -> [(seed: UInt64, report: MetricReport)] {
    let groups = outcome.samples.groupNumbers(outcome.splits.test)
    return try outcome.scored.map { seed, scored in
      let predictions = try TaskPredictions(scored.scores, of: outcome.samples, scored.indices)
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
    return record
  }

  private var environment: Environment {
    .capture(
      threads: device.compute.pool.threadCount,
      instructionSet: device.compute.instructionSet.rawValue,
      kernelVariants: device.compute.kernelVariants,
      libraries: device.compute.libraryVersions
    )
  }

  private func subset(_ settings: ProtocolSettings) -> String? {
    guard case .linearProbe(let probe) = settings, let shots = probe.shots else { return nil }
    return "\(shots) per class, \(probe.seeds.count) draws"
  }

  private func smallerThanDeclared(_ outcome: Outcome) -> [String] {
    guard outcome.splits.testOrigin == .makers,
      let declared = outcome.contents.dataset.split("test")?.count,
      outcome.splits.test.count < declared
    else { return [] }
    return ["the test split has \(outcome.splits.test.count) of \(declared) declared samples"]
  }
}
