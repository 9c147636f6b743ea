/// Why an evaluation could not be run as it was asked for.
package struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: Equatable, Sendable {
    /// The encoder does not give such features.
    case featuresNotAvailable(asked: String, available: [String])
    /// The data set has no prompts in the language.
    case noPrompts(task: String, language: String)
    /// The data set's samples have no reports.
    case noReports(dataset: String)
    /// A split that the protocol needs has no sample.
    case emptySplit(split: String, task: String, detail: String)
    /// A value is outside its range.
    case invalidOption(name: String, found: String, expected: String)
    /// No preset has the name.
    case unknownPreset(name: String, known: [String])
    /// The user asked to stop; what was trained is saved.
    case interrupted(detail: String)
    /// None of the inputs could be used.
    case nothingToDo(detail: String)
    /// The model's features of some samples are infinite or no numbers.
    case nonFiniteFeatures(sample: String)
    /// A network's logits stand for other masks than the task's.
    case otherMasks(found: Int, expected: Int, task: String, classes: [String])
    /// A checkpoint doesn't say what its network's masks are.
    case unnamedMasks(file: String, count: Int)
    /// An encoder predicts no masks before a decoder was trained.
    case needsTraining(model: String)
    /// A preset belongs to another protocol.
    case presetOfOtherProtocol(name: String, belongsTo: String, asked: String)
  }

  /// What went wrong.
  package var reason: Reason

  /// Makes an error.
  package init(_ reason: Reason) { self.reason = reason }

  /// What was found, what was expected and what to do, in one line.
  package var description: String {
    switch reason {
    case .featuresNotAvailable(let asked, let available):
      "this encoder gives no \(asked) features; choose among \(available.joined(separator: ", "))"
    case .noPrompts(let task, let language):
      "the task \(task) has no prompts in the language \(language); "
        + "add them to datasets.yaml or choose another with --language"
    case .noReports(let dataset):
      "the data set \(dataset) has no reports, which retrieval searches; "
        + "name their column in datasets.yaml with report_column"
    case .emptySplit(let split, let task, let detail):
      "the \(split) split of \(task) is empty: \(detail)"
    case .invalidOption(let name, let found, let expected):
      "\(name) is \(found), expected \(expected)"
    case .unknownPreset(let name, let known):
      "no preset is called \(name); known are \(known.joined(separator: ", "))"
    case .interrupted(let detail):
      detail
    case .nothingToDo(let detail):
      "there is nothing to do: \(detail)"
    case .nonFiniteFeatures(let sample):
      "the model's features of \(sample) are infinite or no numbers; are the weights damaged?"
    case .otherMasks(let found, let expected, let task, let classes):
      "the network gives each pixel \(found) logit\(found == 1 ? "" : "s"), the masks of \(task) "
        + "(\(classes.joined(separator: ", "))) need \(expected); begin with `vbench initialize "
        + "--classes \(expected)` or an encoder's checkpoint, which gets a decoder"
    case .unnamedMasks(let file, let count):
      "\(file) gives each pixel \(count) logits and doesn't say of which classes; expected a "
        + "checkpoint that `vbench finetune` has written, or a network with one logit per pixel"
    case .needsTraining(let model):
      "\(model) predicts no masks before its decoder is trained; leave --preset out, or take "
        + "--preset mask-decoder"
    case .presetOfOtherProtocol(let name, let belongsTo, let asked):
      "the preset \(name) is one of \(belongsTo), not of \(asked); drop --preset or the protocol"
    }
  }
}

/// Makes sure that features are numbers.
///
/// - Parameters:
///   - features: N × width, row by row.
///   - width: how many numbers a feature has.
///   - name: the name of a row's sample.
/// - Throws: `EvaluationError.nonFiniteFeatures` with the first sample whose features are infinite or
///   no numbers.
func requireFinite(
  _ features: some RandomAccessCollection<Float>,
  width: Int,
  name: (Int) -> String
) throws {
  guard let fault = features.firstIndex(where: { !$0.isFinite }) else { return }
  let row = features.distance(from: features.startIndex, to: fault) / max(width, 1)
  throw EvaluationError(.nonFiniteFeatures(sample: name(row)))
}
