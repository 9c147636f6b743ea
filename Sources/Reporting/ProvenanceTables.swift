import Foundation
import Results

/// Every parameter of a run's protocol as it was used, a row each.
func parameterTable(_ result: RunResult) -> ReportTable {
  ReportTable(
    columns: [ReportColumn("Parameter"), ReportColumn("Value")],
    rows: result.evaluationProtocol.parameters.map {
      [ReportCell($0.name), ReportCell($0.value.description)]
    }
  )
}

/// What made a run's numbers: run, weights, data, program and machine, a row each.
func provenanceTable(_ result: RunResult) -> ReportTable {
  let environment = result.environment
  let (model, dataset) = (result.model, result.dataset)
  var facts: [(String, String?)] = [
    ("Run", result.run.id),
    ("Started", result.run.started.formatted(.iso8601)),
    ("Took", NumberFormat.duration(result.run.seconds)),
    ("Protocol version", String(result.evaluationProtocol.version)),
    ("Architecture", model.architecture),
    ("Parameter count", NumberFormat.count(model.parameterCount)),
    ("Checkpoint", model.checkpoint.map { "\($0.name), SHA-256 \($0.sha256)" }),
    ("Features", model.features.map(featureText)),
  ]
  facts += dataset.checksums.map { ("Data", "\($0.name), SHA-256 \($0.sha256)") }
  facts += [
    ("vbench", environment.version + (environment.revision.map { ", " + revisionText($0) } ?? "")),
    ("Swift", environment.swiftVersion),
    ("Libraries", pairs(environment.libraries)),
    ("Processor", "\(environment.processor), \(environment.processorCount) logical processors"),
    ("Threads", String(environment.threads)),
    ("Instruction set", environment.instructionSet),
    ("Kernels", pairs(environment.kernelVariants)),
    ("Peak memory", environment.peakMemoryBytes.map(NumberFormat.bytes)),
    ("System", environment.operatingSystem),
  ]
  facts += result.artefacts.map { ("File", "\($0.name), SHA-256 \($0.sha256)") }
  return ReportTable(
    columns: [ReportColumn("What"), ReportColumn("Value")],
    rows: facts.compactMap { name, value in
      value.map { [ReportCell(name), ReportCell($0)] }
    }
  )
}

private func featureText(_ features: FeatureRecord) -> String {
  "\(features.kind), \(features.dimension) dimensions"
    + (features.isNormalized ? ", normalised" : "")
}

private func revisionText(_ revision: SourceRevision) -> String {
  "commit \(revision.commit)" + (revision.isDirty == true ? " with changes" : "")
}

/// The pairs in the order of their names; nil where there is none.
private func pairs(_ values: [String: String]) -> String? {
  guard !values.isEmpty else { return nil }
  return values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
}

/// The counts of a confusion matrix: a row per true class, a column per predicted class.
func confusionTable(_ matrix: ConfusionMatrix) -> ReportTable {
  ReportTable(
    columns: [ReportColumn("True class ↓ predicted →")]
      + matrix.classes.map { ReportColumn($0, .trailing) },
    rows: zip(matrix.classes, matrix.counts).map { name, counts in
      [ReportCell(name)] + counts.map { ReportCell(NumberFormat.count($0)) }
    }
  )
}
