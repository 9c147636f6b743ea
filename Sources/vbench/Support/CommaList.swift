import Evaluation

/// The parts of an option's value that holds several with commas.
///
/// - Parameters:
///   - text: the value.
///   - name: the option's name.
/// - Returns: at least one part, none empty, none twice.
/// - Throws: `EvaluationError.invalidOption`.
func commaList(_ text: String, of name: String) throws -> [String] {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  var seen: Set<String> = []
  guard parts.allSatisfy({ !$0.isEmpty && seen.insert($0).inserted }) else {
    throw EvaluationError(
      .invalidOption(
        name: name,
        found: text.isEmpty ? "empty" : text,
        expected: "values with commas between them, each once"
      )
    )
  }
  return parts
}
