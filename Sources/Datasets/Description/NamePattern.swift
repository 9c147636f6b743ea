import Foundation

/// A regular expression whose first capture group takes a part out of an image's name.
struct NamePattern {
  private let expression: NSRegularExpression

  /// Compiles a pattern.
  ///
  /// - Parameter text: a regular expression with at least one capture group; nil results where it
  ///   is none.
  init?(_ text: String) {
    guard let expression = try? NSRegularExpression(pattern: text),
      expression.numberOfCaptureGroups >= 1
    else { return nil }
    self.expression = expression
  }

  /// What the first group captures in `name`; nil where the pattern doesn't match.
  func capture(in name: String) -> String? {
    let whole = NSRange(name.startIndex..., in: name)
    guard let match = expression.firstMatch(in: name, range: whole),
      let range = Range(match.range(at: 1), in: name)
    else { return nil }
    return String(name[range])
  }
}
