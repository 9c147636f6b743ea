/// Why a table of findings could not be used.
package struct ReportLabelsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was wrong.
  package enum Reason: Equatable, Sendable {
    case invalidYAML(detail: String)
    case unknownKey(key: String, within: String, allowed: [String])
    case missingKey(key: String, within: String)
    case wrongType(key: String, expected: String)
    case invalidValue(key: String, found: String, allowed: String)
    case duplicateName(name: String)
    case conflictingText(text: String, first: String, second: String)
  }

  /// What was wrong.
  package var reason: Reason
  /// The file that was read, or the name of what stands for one.
  package var source: String
  /// The line in it, counted from 1; nil where none is to blame.
  package var line: Int?

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what was wrong.
  ///   - source: the file.
  ///   - line: the line in it.
  package init(_ reason: Reason, source: String, line: Int? = nil) {
    self.reason = reason
    self.source = source
    self.line = line
  }

  /// Place, what was found and what was expected, in one line.
  package var description: String {
    let place = line.map { "\(source):\($0)" } ?? source
    return "\(place): \(explanation)"
  }

  private var explanation: String {
    switch reason {
    case .invalidYAML(let detail): "is not valid YAML: \(detail)"
    case .unknownKey(let key, let within, let allowed):
      "unknown key ‘\(key)’ in \(within); known keys: \(allowed.joined(separator: ", "))"
    case .missingKey(let key, let within): "\(within) lacks the key ‘\(key)’; add it"
    case .wrongType(let key, let expected): "‘\(key)’ has the wrong form, expected \(expected)"
    case .invalidValue(let key, let found, let allowed):
      "‘\(key)’ is ‘\(found)’, allowed: \(allowed)"
    case .duplicateName(let name):
      "the finding ‘\(name)’ is there twice; give each a name of its own"
    case .conflictingText(let text, let first, let second):
      "‘\(text)’ stands for \(first) and for \(second); remove one of them"
    }
  }
}
