package import Datasets
package import Foundation
import Imaging
import Kernels
import Metrics
package import Models
import Parallelism
package import Results
package import Tensors

/// Runs protocols on tasks and writes their results.
package final class Evaluator {
  let bundle: ModelBundle
  let device: Device
  let options: EvaluationOptions
  let observer: any EvaluationObserver

  /// A finished run.
  package struct Finished: Sendable {
    /// Its result.
    package var result: RunResult
    /// The file `result.json`.
    package var file: URL
    /// How many pictures were encoded for it; the others' features were kept from before.
    package var encodedCount: Int
  }

  /// Prepares runs.
  ///
  /// - Parameters:
  ///   - bundle: the model.
  ///   - device: where it runs.
  ///   - options: what the user chose for all runs.
  ///   - observer: is told how far the work has come.
  package init(
    _ bundle: ModelBundle,
    on device: Device,
    options: EvaluationOptions,
    observer: any EvaluationObserver
  ) {
    self.bundle = bundle
    self.device = device
    self.options = options
    self.observer = observer
  }

  /// Runs a protocol on one task.
  ///
  /// - Parameters:
  ///   - preset: the protocol with its settings; the preset's name goes into the record.
  ///   - task: the task's description; a retrieval, which is of the whole set, doesn't look at it.
  ///   - contents: the data set.
  /// - Returns: the result, written.
  /// - Throws: `EvaluationError`, `DatasetsError`, `ModelsError`, `OptimizersError`, `CheckpointError`
  ///   or `ResultsError`; then no run is written.
  package func run(
    _ preset: ProtocolPreset,
    _ task: TaskDescription,
    in contents: DatasetContents
  ) throws -> Finished {
    let preset = preset.adapted(to: bundle.model.architecture)
    switch preset.settings {
    case .fineTune(let settings): return try fineTune(preset, settings, task, in: contents)
    case .retrieval(let settings): return try retrieve(preset, settings, in: contents)
    case .zeroShot, .linearProbe, .trainedProbe: break
    }
    let started = Date()
    // What is wrong with prompts, settings or the folder is found before a thousand pictures are
    // encoded.
    let scorer = try scorer(preset.settings, task)
    try options.makeRunsFolder()
    let preprocessing = preprocessing(preset)
    let kind = featureKind(preset.settings)
    let labelled = contents.samples.filter { $0.labels[task.name] != nil }
    let features = try FeatureExtractor(
      bundle,
      on: device,
      cache: options.cache,
      batchSize: options.batchSize
    ).features(
      of: labelled.map(\.source),
      in: contents,
      kind,
      preprocessing: preprocessing,
      observer: observer
    )
    let faults = Dictionary(
      features.failures.map { (labelled[$0.index].id, $0.reason) },
      uniquingKeysWith: { first, _ in first }
    )
    let readable = contents.removing(unreadable: faults)
    let samples = try readable.contents(of: task)
    let splits = try samples.splits(options.splits)
    let positions = Dictionary(
      labelled.enumerated().map { ($1.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let scored = try score(scorer, samples, splits, width: features.width) { index in
      positions[samples.samples[index].id].flatMap(features.row) ?? []
    }
    for text in Set(readable.warnings + samples.warnings + splits.warnings).sorted() {
      observer.warn("\(contents.dataset.name): \(text)")
    }
    return try finish(
      Outcome(
        preset: preset,
        preprocessing: preprocessing,
        kind: kind,
        contents: readable,
        samples: samples,
        splits: splits,
        scored: scored,
        started: started,
        encodedCount: features.encodedCount,
        width: features.width,
        repeated: repeatedPictures(samples, splits) { id in
          positions[id].flatMap { features.keys[$0] }
        }
      )
    )
  }

  /// How pictures become the model's input under a preset.
  func preprocessing(_ preset: ProtocolPreset) -> Preprocessing {
    preset.preparation.map { $0(bundle.preprocessing) } ?? bundle.preprocessing
  }

  /// Which features a protocol works on.
  func featureKind(_ settings: ProtocolSettings) -> ImageFeatureKind {
    let wanted: ImageFeatureKind?
    switch settings {
    case .zeroShot, .retrieval: return .projected
    case .linearProbe(let probe): wanted = probe.features
    case .trainedProbe(let probe): wanted = probe.features
    case .fineTune(let settings): wanted = settings.features
    }
    return options.features ?? wanted ?? bundle.model.image.usualProbeFeatures
  }

  /// Test samples whose picture, byte for byte, is a training or validation sample's, too.
  func repeatedPictures(
    _ samples: TaskContents,
    _ splits: TaskSplits,
    key: (Sample.ID) -> String?
  ) -> [Sample.ID] {
    func ids(_ indices: [Int]) -> [Sample.ID] { indices.map { samples.samples[$0].id } }
    let seen = Set(ids(splits.train + splits.validation).compactMap(key))
    return ids(splits.test).filter { key($0).map(seen.contains) ?? false }
  }

  /// What scores samples, ready before any picture is read.
  private enum Scorer {
    case prompts(ZeroShotClassifier)
    case probe(LinearProbeSettings)
    case trainedProbe(TrainedProbeSettings)
  }

  private func scorer(_ settings: ProtocolSettings, _ task: TaskDescription) throws -> Scorer {
    switch settings {
    case .zeroShot(let settings):
      return .prompts(try ZeroShotClassifier(task, settings, bundle))
    case .linearProbe(let settings):
      try settings.validate()
      return .probe(settings)
    case .trainedProbe(let settings):
      try settings.validate()
      return .trainedProbe(settings)
    case .retrieval:
      preconditionFailure("a retrieval scores no classes")
    case .fineTune:
      preconditionFailure("fine-tuning works on pictures, not on features")
    }
  }

  private func score(
    _ scorer: Scorer,
    _ samples: TaskContents,
    _ splits: TaskSplits,
    width: Int,
    features: (Int) -> ArraySlice<Float>
  ) throws -> [(seed: UInt64, scored: ScoredSamples)] {
    switch scorer {
    case .probe(let probe):
      // Without few shots nothing is drawn: every seed would give the same numbers.
      let seeds = probe.shots == nil ? [probe.seeds[0]] : probe.seeds
      return try seeds.map { seed in
        let scored = try LinearProbe(probe, pool: device.compute.pool).run(
          samples,
          splits: splits,
          features: features,
          width: width,
          seed: seed
        )
        return (seed, scored)
      }
    case .trainedProbe(let probe):
      return try probe.seeds.map { seed in
        let scored = try TrainedProbe(probe, on: device).run(
          samples,
          splits: splits,
          features: features,
          width: width,
          seed: seed
        )
        return (seed, scored)
      }
    case .prompts(let classifier):
      try requireSamples(splits.test, "test", samples)
      let scores = splits.test.flatMap { classifier.probabilities(features($0)) }
      return [(0, ScoredSamples(indices: splits.test, scores: scores, chosen: [], notes: []))]
    }
  }
}
