import Datasets
import Foundation
import Imaging
import Metrics
import Models
import Results
import Training

extension MaskTraining {
  /// The settings beside the training's own, as results and states write them.
  var facts: [TrainingFact] {
    [
      TrainingFact("trained part", trainsEncoder ? "all" : "decoder"),
      TrainingFact("encoder rate factor", "\(encoderRateFactor)"),
      TrainingFact("cross-entropy weight", "\(crossEntropyWeight)"),
      TrainingFact("Dice weight", "\(diceWeight)"),
      TrainingFact("augmentation", augmentation.identifier),
    ]
  }
}

extension SegmentationPreset {
  /// The settings as they were used, in a fixed order.
  ///
  /// - Parameters:
  ///   - input: the network's input.
  ///   - form: how maps stand for classes.
  ///   - options: what the user chose for all runs.
  /// - Returns: the record.
  func record(
    _ input: Preprocessing,
    _ form: MaskLogits,
    _ options: EvaluationOptions
  ) -> ProtocolRecord {
    let decision = form.kind == .exclusive ? "highest probability" : settings.threshold.name
    var parameters = [
      Parameter("view", .text(settings.view.identifier)),
      Parameter("test-time flips", .flag(settings.averagesFlips)),
      Parameter("restoring", .text(settings.restoring.rawValue)),
      Parameter("stored probabilities", .text(settings.storage.rawValue)),
      Parameter("decision threshold", .text(decision)),
    ]
    let policy = SegmentationPolicy(emptyMasks: settings.emptyMasks)
    parameters += policy.names.map { Parameter($0.name, .text($0.value)) }
    if let training = settings.training {
      parameters += training.facts.map { Parameter($0.name, .text($0.value)) }
      parameters.append(Parameter("seeds", .list(settings.seeds.map { .text(String($0)) })))
      parameters += training.settings.facts.filter { $0.name != "seed" }
        .map { Parameter($0.name, .text($0.value)) }
    }
    parameters += [
      Parameter("validation share", .real(options.splits.validationShare)),
      Parameter("split seed", .text(String(options.splits.seed))),
      Parameter("preprocessing", .text(input.identifier)),
      Parameter("bootstrap replicates", .integer(options.bootstrap?.replicates ?? 0)),
    ]
    let changes = SegmentationPreset.named(name).map { settings.changes(from: $0.settings) } ?? []
    if !changes.isEmpty {
      parameters.append(
        Parameter(ProtocolRecord.changedSettings, .list(changes.map { .text($0) }))
      )
    }
    return ProtocolRecord(
      name: Self.protocolName,
      version: Self.version,
      preset: name,
      parameters: parameters
    )
  }
}

extension DatasetRecord {
  /// What a run for masks was made on.
  ///
  /// - Parameters:
  ///   - contents: the task's samples.
  ///   - splits: which samples were for what, those that can't be used left out.
  ///   - faults: which samples can't be used, and why.
  ///   - counts: how many test photographs show each class.
  ///   - keys: each sample's content key.
  init(
    _ contents: MaskContents,
    _ splits: SegmentationSplits,
    faults: [Int: String],
    counts: [ClassCount],
    keys: [String]
  ) {
    let exclusions =
      contents.exclusions.map {
        Exclusion(name: $0.name, split: $0.split, reason: "\($0.kind.rawValue): \($0.detail)")
      }
      + faults.sorted { $0.key < $1.key }.map { index, reason in
        let sample = contents.samples[index]
        // Its id begins with the split, which stands beside it.
        let prefix = "\(sample.split)/"
        let name =
          sample.id.hasPrefix(prefix) ? String(sample.id.dropFirst(prefix.count)) : sample.id
        return Exclusion(name: name, split: sample.split, reason: reason)
      }
    self.init(
      name: contents.dataset.name,
      version: contents.dataset.version,
      task: contents.task.name,
      taskKind: "segmentation",
      evaluatedSplit: "test",
      evaluatedCount: splits.test.count,
      splits: SplitRecord.records(
        contents.dataset,
        validationFrom: splits.original.validationOrigin,
        train: splits.train.count,
        validation: splits.validation.count,
        test: splits.test.count
      ),
      classes: counts,
      exclusions: exclusions,
      checksums: [
        FileChecksum(
          name: "pictures and masks",
          sha256: hexadecimalSHA256(Data(keys.joined(separator: "\n").utf8))
        ),
        FileChecksum(name: "splits", sha256: contents.checksum(of: splits.original)),
      ]
    )
  }
}

/// A task's splits without the samples that can't be used.
struct SegmentationSplits {
  /// As they were made.
  let original: TaskSplits
  /// Which samples are trained on.
  let train: [Int]
  /// Which samples choose epochs and thresholds.
  let validation: [Int]
  /// Which samples are evaluated.
  let test: [Int]

  /// Leaves samples out.
  ///
  /// - Parameters:
  ///   - original: as they were made.
  ///   - faults: which samples can't be used.
  init(_ original: TaskSplits, without faults: [Int: String]) {
    self.original = original
    func usable(_ indices: [Int]) -> [Int] { indices.filter { faults[$0] == nil } }
    (train, validation, test) = (
      usable(original.train), usable(original.validation), usable(original.test)
    )
  }

  /// The samples that thresholds are chosen on.
  ///
  /// - Parameter split: the makers' training split holds the validation samples that were taken of it.
  /// - Returns: rising indices.
  func choosing(_ split: MaskThreshold.Split) -> [Int] {
    switch split {
    case .validation: validation
    case .train:
      original.validationOrigin == .makers ? train : (train + validation).sorted()
    }
  }
}
