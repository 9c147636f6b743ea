import Datasets
import Foundation
import Kernels
import Layers
import Models
import Metrics
import Parallelism
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
    let mistrust = mistrust(work, datasetRecord)
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
      let painting = try painter?.paint(choice, work, in: directory.partial, observer)
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
        artefacts: painting?.artefacts ?? [],
        pictures: painting.flatMap { $0.pictures.isEmpty ? nil : $0.pictures }
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

  /// The test samples whose very photograph is one of training or validation, under whatever masks.
  private func testPicturesSeenInTraining(_ work: Work) -> [Int] {
    let training = work.splits.train + work.splits.validation
    let samples = training + work.splits.test
    let keys = device.compute.pool.mapChunks(of: samples.count, grain: 1) { range in
      try? work.contents.pictureKey(of: work.contents.samples[samples[range.lowerBound]])
    }
    let seen = Set(keys.prefix(training.count).compactMap(\.self))
    return zip(work.splits.test, keys.dropFirst(training.count)).compactMap { sample, key in
      key.map(seen.contains) == true ? sample : nil
    }
  }

  private func mistrust(_ work: Work, _ dataset: DatasetRecord) -> [String] {
    var reasons: [String] = []
    if work.splits.original.testOrigin == .makers {
      let names = work.preset.settings.looksAtTraining ? ["train", "test"] : ["test"]
      reasons += dataset.splits.filter { names.contains($0.name) }.compactMap(\.shortfall)
    }
    if let first = work.faults.sorted(by: { $0.key < $1.key }).first {
      reasons.append(
        "\(work.faults.count) pictures or masks can't be used, such as "
          + work.contents.samples[first.key].id
      )
    }
    let repeated = testPicturesSeenInTraining(work)
    if let first = repeated.first {
      reasons.append(
        seenInTraining(repeated.count, such: work.contents.samples[first].id)
      )
    }
    return reasons
  }
}
