import Checkpoints
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
  /// The name that a retrieval's results have in place of a task's.
  static let retrievalTask = "retrieval"

  /// The pairs of a data set that a retrieval is measured on, before pictures are read.
  private struct Pairs {
    var split: String
    /// The split's samples with a report.
    var samples: [Sample]
    /// Their reports without eye marks.
    var reports: [String]
    /// The samples without one.
    var exclusions: [Exclusion]
  }

  /// What of the pairs could be encoded.
  private struct Found {
    var samples: [Sample]
    var images: [ArraySlice<Float>]
    var reports: EncodedReports
    var contents: DatasetContents
    var exclusions: [Exclusion]
  }

  /// Searches the texts of a data set's evaluated split by its images, and the images by the texts.
  ///
  /// The split is `test`, or `all` of a set that has no splits: nothing is trained or chosen. A run is
  /// of the whole data set, whatever tasks it has; its results have the task `retrieval`.
  ///
  /// - Parameters:
  ///   - preset: the protocol under the name that goes into the record.
  ///   - settings: its settings.
  ///   - contents: the data set.
  /// - Returns: the result, written.
  /// - Throws: `EvaluationError` without reports or samples; `ModelsError` without a text encoder;
  ///   `MetricsError`, `CheckpointError` or `ResultsError`; then no run is written.
  func retrieve(
    _ preset: ProtocolPreset,
    _ settings: RetrievalSettings,
    in contents: DatasetContents
  ) throws -> Finished {
    let started = Date()
    let pairs = try pairs(of: contents)
    // A model without texts is refused before a thousand pictures are encoded.
    let reports = try EncodedReports(pairs.reports, bundle)
    try options.makeRunsFolder()
    let preprocessing = preprocessing(preset)
    let features = try FeatureExtractor(
      bundle,
      on: device,
      cache: options.cache,
      batchSize: options.batchSize
    ).features(
      of: pairs.samples.map(\.source),
      in: contents,
      .projected,
      preprocessing: preprocessing,
      observer: observer
    )
    let found = try readable(pairs, reports, features, contents)
    for text in Set(found.contents.warnings).sorted() {
      observer.warn("\(contents.dataset.name): \(text)")
    }
    let predictions = try RetrievalPredictions(
      similarities: found.reports.cosines(with: found.images, on: device.compute.pool),
      texts: settings.match == .sameText ? found.reports.numbers : nil,
      ties: settings.ties
    )
    let report = MetricSuite.evaluate(
      predictions,
      bootstrap: options.bootstrap,
      groups: numbersOfGroups(found.samples.map { ($0.id, $0.group) })
    )
    var record = preset.settings.record(
      preset: preset.name,
      kind: .projected,
      preprocessing: preprocessing,
      options: options
    )
    record.parameters.append(
      Parameter("distinct texts", .integer(Set(found.reports.numbers).count))
    )
    let dataset = datasetRecord(found, split: pairs.split)
    let measured = RepeatedMetrics([(0, report)], areOrdered: false)
    return try write(
      RunResult(
        run: RunRecord(
          id: "",
          status: runStatus(
            [],
            report.mistrustReasons + dataset.splits.compactMap(\.shortfall)
          ),
          started: started,
          seconds: 0
        ),
        evaluationProtocol: record,
        dataset: dataset,
        model: bundle.record(kind: .projected, width: features.width, preset.settings),
        metrics: measured.metrics,
        repeats: measured.repeats,
        environment: device.environment
      ),
      started: started,
      encodedCount: features.encodedCount
    ) { try writePairs(found, predictions, width: features.width, to: $0) }
  }

  /// Gives a result its folder, its time and its raw predictions, and writes it.
  private func write(
    _ draft: RunResult,
    started: Date,
    encodedCount: Int,
    _ writePredictions: (URL) throws -> Void
  ) throws -> Finished {
    var result = draft
    let content = [
      bundle.sha256, result.dataset.checksums.map(\.sha256).joined(),
      result.evaluationProtocol.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ";"),
      result.evaluationProtocol.name, Self.retrievalTask,
    ].joined(separator: "\n")
    let directory = try RunDirectory.create(
      in: options.runsFolder,
      at: started,
      content: content
    )
    do {
      try writePredictions(directory.predictionsFile)
      result.artefacts = [
        Artefact(
          name: directory.predictionsFile.lastPathComponent,
          sha256: try fileSHA256(directory.predictionsFile)
        )
      ]
      result.run.id = directory.id
      result.run.seconds = Date().timeIntervalSince(started)
      let file = try directory.finish(result)
      return Finished(result: result, file: file, encodedCount: encodedCount)
    } catch {
      directory.discard()
      throw error
    }
  }

  /// The evaluated split's samples with their reports.
  private func pairs(of contents: DatasetContents) throws -> Pairs {
    let dataset = contents.dataset
    guard dataset.hasReports else { throw EvaluationError(.noReports(dataset: dataset.name)) }
    guard let split = ["test", "all"].first(where: { dataset.split($0) != nil }) else {
      throw EvaluationError(
        .emptySplit(
          split: "test",
          task: "\(dataset.name)/\(Self.retrievalTask)",
          detail: "the set has neither a test split nor one of all samples"
        )
      )
    }
    let samples = contents.samples.filter { $0.split == split }
    let written = samples.filter { $0.report != nil }
    guard !written.isEmpty else {
      throw EvaluationError(
        .emptySplit(
          split: split,
          task: "\(dataset.name)/\(Self.retrievalTask)",
          detail: "none of its \(samples.count) samples has a report"
        )
      )
    }
    let missing = samples.filter { $0.report == nil }.map { sample in
      Exclusion(
        name: String(sample.id.dropFirst(split.count + 1)),
        split: split,
        reason: "missing report: its cell is empty but for an eye mark"
      )
    }
    return Pairs(
      split: split,
      samples: written,
      reports: written.compactMap(\.report),
      exclusions: missing
    )
  }

  /// The pairs whose pictures could be read.
  private func readable(
    _ pairs: Pairs,
    _ reports: EncodedReports,
    _ features: PictureFeatures,
    _ contents: DatasetContents
  ) throws -> Found {
    let faults = Dictionary(
      features.failures.map { (pairs.samples[$0.index].id, $0.reason) },
      uniquingKeysWith: { first, _ in first }
    )
    let kept = pairs.samples.indices.filter { faults[pairs.samples[$0].id] == nil }
    let found = Found(
      samples: kept.map { pairs.samples[$0] },
      images: kept.compactMap { features.row($0) },
      reports: reports.selecting(kept),
      contents: contents.removing(unreadable: faults),
      exclusions: pairs.exclusions
    )
    guard !found.images.isEmpty else {
      throw EvaluationError(
        .emptySplit(
          split: pairs.split,
          task: "\(contents.dataset.name)/\(Self.retrievalTask)",
          detail: "none of its \(pairs.samples.count) pictures can be read"
        )
      )
    }
    return found
  }

  /// What the run was made on; the file `pairs` stands for all ids and reports.
  private func datasetRecord(_ found: Found, split: String) -> DatasetRecord {
    let dataset = found.contents.dataset
    let listing = zip(found.samples, found.reports.numbers).map { sample, number in
      "\(sample.id)\t\(found.reports.texts[number])\n"
    }
    let exclusions = found.contents.exclusions
      .filter { $0.task == nil && $0.split == split }
      .map {
        Exclusion(name: $0.name, split: $0.split, reason: "\($0.kind.rawValue): \($0.detail)")
      }
    return DatasetRecord(
      name: dataset.name,
      version: dataset.version,
      task: Self.retrievalTask,
      taskKind: "retrieval",
      evaluatedSplit: split,
      evaluatedCount: found.samples.count,
      splits: [
        SplitRecord(
          name: split,
          declaredCount: dataset.split(split)?.count,
          usedCount: found.samples.count
        )
      ],
      exclusions: exclusions + found.exclusions,
      checksums: found.contents.checksums.map { FileChecksum(name: $0.path, sha256: $0.sha256) }
        + [FileChecksum(name: "pairs", sha256: hexadecimalSHA256(Data(listing.joined().utf8)))]
    )
  }

  /// The raw features and ranks, so that any metric can be computed again without the model.
  ///
  /// `/ids` N strings; `/images` N × D and `/texts` U × D float32 as the model gives them;
  /// `/sentences` U strings; `/text_of` N numbers of texts; `/image_to_text` and `/text_to_image` N
  /// ranks.
  private func writePairs(
    _ found: Found,
    _ predictions: RetrievalPredictions,
    width: Int,
    to file: URL
  ) throws {
    let (count, texts) = (found.samples.count, found.reports.texts)
    let output = try HDF5File(creating: file.path(percentEncoded: false))
    try output.setAttribute("vbench-retrieval", named: "format")
    try output.setAttribute(1, named: "version")
    try output.writeStrings(found.samples.map(\.id), to: "/ids")
    try output.writeStrings(texts, to: "/sentences")
    try output.write(found.images.flatMap(\.self), shape: [count, width], to: "/images")
    try output.write(found.reports.features, shape: [texts.count, width], to: "/texts")
    try output.write(found.reports.numbers.map { Int64($0) }, shape: [count], to: "/text_of")
    try output.write(predictions.imageToText, shape: [count], to: "/image_to_text")
    try output.write(predictions.textToImage, shape: [count], to: "/text_to_image")
    try output.commit()
  }
}
