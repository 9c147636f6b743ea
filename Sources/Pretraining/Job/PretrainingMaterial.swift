package import Datasets
import Foundation
import Imaging
package import Models
package import Parallelism
import ReportLabels
import Tokenization
package import Training

/// The pairs of a pre-training, read, labelled and cut into tokens.
package struct PretrainingMaterial {
  /// What is learnt from.
  package let train: PairSplit
  /// What chooses the epoch.
  package let validation: PairSplit
  /// The findings, in the order of the labels.
  package let findings: [PretrainingValidation.FindingName]
  /// What the result depends on.
  package let facts: [TrainingFact]
  /// What a reader of the result must know, one line each.
  package let warnings: [String]

  /// Prepares pairs.
  ///
  /// - Parameters:
  ///   - collection: the pairs.
  ///   - validationShare: of training pairs, where the collection names no split.
  ///   - labels: how findings are read.
  ///   - bundle: the model, whose preprocessing and vocabulary are used.
  ///   - settings: the random changes of images, and the seed.
  ///   - pool: reads and draws images.
  /// - Throws: ``PretrainingError`` without a vocabulary; `DatasetsError`; `ReportLabelsError` for a
  ///   findings table that can't be used.
  package init(
    _ collection: PairCollection,
    validationShare: Double,
    labels: PretrainingConfiguration.Labels,
    _ bundle: ModelBundle,
    _ settings: PretrainingSettings,
    on pool: WorkerPool
  ) throws {
    guard bundle.model.text != nil else {
      throw PretrainingError(
        .noTextEncoder(architecture: bundle.model.architecture.name),
        path: bundle.path
      )
    }
    guard let tokenizer = bundle.tokenizer else {
      throw PretrainingError(.noVocabulary, path: bundle.path)
    }
    let table = try labels.table()
    let extractor = labels.extractor(table)
    let splits = try collection.splits(
      validationShare: validationShare,
      seed: settings.training.seed
    )
    let pictures = collection.pictures
    func split(_ indices: [Int], _ policy: AugmentationPolicy) -> PairSplit {
      PairSplit(
        TrainingImageLoader(
          indices.map { pictures[$0] },
          preprocessing: bundle.preprocessing,
          policy: policy,
          seed: settings.training.seed,
          pool: pool
        ),
        reports: indices.map { collection.pairs[$0].report },
        labels: indices.map {
          labels.read(collection.pairs[$0].rawReport, by: extractor)
        },
        findingCount: table.findings.count,
        tokenizer: tokenizer
      )
    }
    train = split(splits.train, settings.augmentation)
    validation = split(splits.validation, .none)
    findings = table.findings.map { .init(name: $0.name, prompt: $0.chinese) }
    facts = [
      TrainingFact("weights", bundle.sha256),
      TrainingFact("pairs", collection.identity),
      TrainingFact("validation share", "\(validationShare)"),
      TrainingFact("labels", Self.identity(findings, [train, validation])),
    ]
    warnings = collection.warnings + Self.warnings(train, validation, settings)
  }

  /// What was read from all reports: it changes with the table, with its rules and with the policy.
  private static func identity(
    _ findings: [PretrainingValidation.FindingName],
    _ splits: [PairSplit]
  ) -> String {
    var data = Data(findings.map { "\($0.name) \($0.prompt)\n" }.joined().utf8)
    for row in splits.flatMap(\.labelRows) {
      data.append(contentsOf: row.map { $0 ? UInt8(1) : 0 })
    }
    return hexadecimalSHA256(data)
  }

  private static func warnings(
    _ train: PairSplit,
    _ validation: PairSplit,
    _ settings: PretrainingSettings
  ) -> [String] {
    let cut = train.truncatedCount + validation.truncatedCount
    let silent = train.labelRows.count { !$0.contains(true) }
    let batch = settings.training.batchSize
    return [
      batch <= train.count
        ? nil
        : "the batch of \(batch) is larger than the \(train.count) training pairs: each step takes "
          + "all of them",
      cut == 0
        ? nil : "\(cut) of \(train.count + validation.count) reports are longer than the context",
      silent == 0
        ? nil
        : "\(silent) of \(train.count) training reports state no finding that the table knows; they "
          + "count as having the same findings",
    ].compactMap(\.self)
  }
}
