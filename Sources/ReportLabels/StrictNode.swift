import Yams

/// A value of a YAML file, read strictly: what is not expected is an error with its line.
struct StrictNode {
  private let node: Node
  private let source: String
  private let key: String

  /// Reads a file whose value is a mapping.
  ///
  /// - Parameters:
  ///   - text: the file's contents.
  ///   - source: its path, for errors.
  /// - Returns: the mapping.
  /// - Throws: `ReportLabelsError` where the text is no YAML, is empty or repeats a key.
  static func parse(_ text: String, source: String) throws -> StrictNode {
    do {
      guard let node = try compose(yaml: text) else {
        throw ReportLabelsError(.missingKey(key: "findings", within: "the table"), source: source)
      }
      return StrictNode(node: node, source: source, key: "the table")
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        throw ReportLabelsError(.invalidYAML(detail: problem), source: source, line: mark.line)
      case .duplicatedKeysInMapping(let keys, let context):
        throw ReportLabelsError(
          .invalidYAML(detail: "repeated key ‘\(keys.sorted().joined(separator: "’, ‘"))’"),
          source: source,
          line: context.mark.line
        )
      default: throw ReportLabelsError(.invalidYAML(detail: "\(error)"), source: source)
      }
    }
  }

  /// An error at this value's line.
  func failure(_ reason: ReportLabelsError.Reason) -> ReportLabelsError {
    ReportLabelsError(reason, source: source, line: node.mark?.line)
  }

  /// Refuses keys that mean nothing here.
  ///
  /// - Parameters:
  ///   - keys: those that do.
  ///   - whole: what the mapping describes, for errors.
  /// - Throws: `ReportLabelsError` for another key, or where this is no mapping.
  func allow(_ keys: [String], within whole: String) throws {
    for (name, _) in try mapping() {
      let text = name.scalar?.string ?? ""
      guard keys.contains(text) else {
        let reason = ReportLabelsError.Reason.unknownKey(key: text, within: whole, allowed: keys)
        throw ReportLabelsError(reason, source: source, line: name.mark?.line)
      }
    }
  }

  /// The value of a key; nil where it is absent.
  subscript(name: String) -> StrictNode? {
    get throws {
      let entry = try mapping().first { $0.key.scalar?.string == name }
      return entry.map { StrictNode(node: $0.value, source: source, key: name) }
    }
  }

  /// The value of a key that must be there.
  func require(_ name: String, within whole: String) throws -> StrictNode {
    guard let value = try self[name] else {
      throw failure(.missingKey(key: name, within: whole))
    }
    return value
  }

  /// The items of a list, at least one.
  func items() throws -> [StrictNode] {
    guard let sequence = node.sequence, !sequence.isEmpty else {
      throw failure(.wrongType(key: key, expected: "a list of at least one item"))
    }
    return sequence.map { StrictNode(node: $0, source: source, key: key) }
  }

  /// A text that isn't empty; what is no text for YAML is one in quotes only.
  func text() throws -> String {
    let text = try scalar()
    let isOther = Double(text) != nil || ["~", "null", "true", "false"].contains(text.lowercased())
    guard !isOther || node.scalar?.style != .plain else {
      throw failure(.wrongType(key: key, expected: "a text; quote \(text) where it is one"))
    }
    return text
  }

  /// A number from 0 to 1.
  func number() throws -> Double {
    guard let number = Double(try scalar()), (0...1).contains(number) else {
      throw failure(.invalidValue(key: key, found: try scalar(), allowed: "numbers from 0 to 1"))
    }
    return number
  }

  /// A text, a number or a flag, as it is written.
  func scalar() throws -> String {
    guard let text = node.scalar?.string, text.contains(where: { !$0.isWhitespace }) else {
      throw failure(.wrongType(key: key, expected: "a text that isn't blank"))
    }
    return text
  }

  /// All texts that the patterns of a list stand for.
  func alternatives() throws -> [String] {
    try items().flatMap { item in
      guard let texts = Alternatives.expanded(try item.text()), !texts.contains("") else {
        throw item.failure(
          .invalidValue(
            key: key,
            found: try item.text(),
            allowed: "texts with alternatives such as 出血{灶|斑|}, none of them empty"
          )
        )
      }
      return texts
    }
  }

  private func mapping() throws -> Node.Mapping {
    guard let mapping = node.mapping else {
      throw failure(.wrongType(key: key, expected: "a mapping (key: value)"))
    }
    return mapping
  }
}
