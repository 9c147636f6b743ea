import Models

/// What a conversion did, for people and for programs.
struct ConversionSummary: Encodable {
  private let input: String
  private let output: String
  private let architecture: ModelArchitecture
  private let isRecognized: Bool
  private let assumptions: [String]
  private let tensors: Int
  private let parameters: Int
  private let ignored: [String]
  private let remarks: [String]
  private let hasVocabulary: Bool

  /// Sums a conversion up.
  ///
  /// - Parameters:
  ///   - report: what was done.
  ///   - input: the file that was read.
  ///   - output: the checkpoint that was written.
  ///   - hasVocabulary: whether the checkpoint holds one.
  init(_ report: Conversion.Report, input: String, output: String, hasVocabulary: Bool) {
    self.input = input
    self.output = output
    architecture = .encoders(report.architecture)
    isRecognized = report.isRecognized
    assumptions = report.assumptions
    tensors = report.tensorCount
    parameters = report.parameterCount
    ignored = report.ignored
    remarks = report.remarks
    self.hasVocabulary = hasVocabulary
  }

  /// Sums the conversion of a segmentation network up.
  ///
  /// - Parameters:
  ///   - report: what was done.
  ///   - input: the file that was read.
  ///   - output: the checkpoint that was written.
  init(_ report: SegmentationConversion.Report, input: String, output: String) {
    self.input = input
    self.output = output
    architecture = .segmentation(report.architecture)
    isRecognized = report.isRecognized
    assumptions = report.assumptions
    tensors = report.tensorCount
    parameters = report.parameterCount
    ignored = report.ignored
    remarks = report.remarks
    hasVocabulary = false
  }

  /// Prints the summary and what can be done next.
  func printLines() {
    let origin = isRecognized ? "recognised by names and shapes" : "as asked for"
    print("\(output.printable): \(architecture.name), \(origin)")
    var rows = architecture.summary.map { ["model", $0] }
    rows += assumptions.map { ["assumed", $0] }
    rows.append(["wrote", "\(tensors.of("tensor")), \(parameters.of("parameter"))"])
    rows += remarks.map { ["noted", $0.printable] }
    if !ignored.isEmpty {
      rows.append(["left out", "\(ignored.count.of("tensor")): \(shortened(ignored))"])
    }
    for line in aligned(rows, indent: "  ") { print(line) }
    print("Next:")
    for line in nextSteps { print("  \(line)") }
  }

  private var nextSteps: [String] {
    let path = output.contains(" ") ? "'\(output.printable)'" : output.printable
    guard case .encoders(let architecture) = architecture else { return ["vbench inspect \(path)"] }
    let evaluate = "vbench evaluate --checkpoint \(path) --dataset synthetic-fundus"
    var steps = ["\(evaluate) --protocol linear-probe"]
    if architecture.text != nil {
      steps.append(
        hasVocabulary
          ? "\(evaluate) --protocol zero-shot"
          : "for zero-shot and text features convert again with --vocabulary vocab.txt"
      )
    }
    return steps + ["vbench inspect \(path)"]
  }
}
