import Datasets
import Foundation
import Layers
import Models
import Metrics
import Results
import Tensors

extension SegmentationEvaluator {
  /// Puts a run's numbers together, draws its pictures and writes it.
  func finish(
    _ work: Work,
    _ repeats: [Repeat],
    _ painter: MaskPainter?,
    _ choice: MaskPictureChoice
  ) throws -> Evaluator.Finished {
    let failures = repeats.compactMap(\.failure)
    let mistrust = mistrust(work)
    let measured = failures.isEmpty ? repeats : []
    let joined = RepeatedMetrics(
      measured.compactMap { made in
        made.report.map { (made.seed, $0.metrics, $0.classMetrics) }
      }
    )
    for note in Set(measured.flatMap { $0.notes + ($0.report?.notes ?? []) }).sorted() {
      observer.warn("\(work.contents.task.name): \(note)")
    }
    let protocolRecord = protocolRecord(work, repeats)
    let datasetRecord = DatasetRecord(
      work.contents,
      work.splits,
      faults: work.faults,
      counts: zip(work.contents.task.classes, measured.first?.counts ?? []).map {
        ClassCount(name: $0, count: $1.imagesWithClass)
      },
      keys: work.keys
    )
    let content = [
      start.sha256, work.keys.joined(),
      protocolRecord.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ";"),
      protocolRecord.name, work.contents.task.name,
    ].joined(separator: "\n")
    let directory = try RunDirectory.create(
      in: options.runsFolder,
      at: work.started,
      content: content
    )
    do {
      let training = repeats.compactMap(\.trained?.training)
      let artefacts = try painter?.paint(choice, work, in: directory.partial, observer) ?? []
      let result = RunResult(
        run: RunRecord(
          id: directory.id,
          status: runStatus(failures, mistrust),
          started: work.started,
          seconds: Date().timeIntervalSince(work.started)
        ),
        evaluationProtocol: protocolRecord,
        dataset: datasetRecord,
        model: try modelRecord(work),
        metrics: joined.metrics,
        classMetrics: joined.classMetrics,
        confusionMatrix: measured.first?.confusionMatrix,
        curves: [],
        repeats: joined.repeats,
        training: training.isEmpty ? nil : training,
        environment: device.environment,
        artefacts: artefacts
      )
      let file = try directory.finish(result)
      return Evaluator.Finished(
        result: result,
        file: file,
        encodedCount: work.splits.test.count
      )
    } catch {
      directory.discard()
      throw error
    }
  }

  private func modelRecord(_ work: Work) throws -> ModelRecord {
    let file = URL(filePath: start.path)
    return ModelRecord(
      name: file.deletingPathExtension().lastPathComponent,
      architecture: work.architecture.name,
      checkpoint: FileChecksum(name: file.lastPathComponent, sha256: start.sha256),
      parameterCount: try SegmentationModel(work.architecture).parameters.count
    )
  }

  /// The settings as they were used, and what was chosen on other splits than test.
  private func protocolRecord(_ work: Work, _ repeats: [Repeat]) -> ProtocolRecord {
    var record = work.preset.record(work.input, work.form, options)
    for (position, name) in work.contents.task.classes.enumerated() {
      let values = repeats.compactMap { made in
        made.thresholds.indices.contains(position) ? made.thresholds[position] : nil
      }
      guard !values.isEmpty else { continue }
      record.parameters.append(
        // The shortest decimal that is this float, as its double isn't.
        Parameter("threshold of \(name)", .list(values.map { .real(Double("\($0)") ?? 0) }))
      )
    }
    for (index, choice) in (repeats.first?.trained?.chosen ?? []).enumerated() {
      let values = repeats.compactMap { made in made.trained.map { $0.chosen[index].value } }
      record.parameters.append(
        Parameter("chosen \(choice.name)", .list(values.filter(\.isFinite).map { .real($0) }))
      )
    }
    return record
  }

  private func mistrust(_ work: Work) -> [String] {
    var reasons: [String] = []
    if work.splits.original.testOrigin == .makers,
      let declared = work.contents.dataset.split("test")?.count, work.splits.test.count < declared
    {
      reasons.append(
        "the test split has \(work.splits.test.count) of \(declared) declared samples"
      )
    }
    if let first = work.faults.sorted(by: { $0.key < $1.key }).first {
      reasons.append(
        "\(work.faults.count) pictures or masks can't be used, such as "
          + work.contents.samples[first.key].id
      )
    }
    let seen = Set((work.splits.train + work.splits.validation).map { work.keys[$0] })
    let repeated = work.splits.test.filter { seen.contains(work.keys[$0]) }
    if let first = repeated.first {
      reasons.append(
        "\(repeated.count) test pictures, such as \(work.contents.samples[first].id), are training "
          + "pictures too"
      )
    }
    return reasons
  }
}
