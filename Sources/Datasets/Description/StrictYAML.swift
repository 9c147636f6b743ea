import Yams

/// One value of a YAML file with its place, read strictly: what is not expected is an error.
package struct YAMLValue {
  let node: Node
  /// The file's path, for errors.
  let file: String
  /// The key that the value stands under, for errors.
  let key: String

  /// Reads the only document of a file's text.
  ///
  /// - Parameters:
  ///   - text: the file's contents.
  ///   - file: the file's path, for errors.
  /// - Returns: the document's value, or nil where the text is blank or holds comments only.
  /// - Throws: `DatasetsError` with the line where the text is no YAML or repeats a key.
  package static func parse(_ text: String, file: String) throws -> YAMLValue? {
    do {
      guard let node = try compose(yaml: text) else { return nil }
      return YAMLValue(node: node, file: file, key: "the file")
    } catch let error as YamlError {
      throw translated(error, file: file)
    }
  }

  /// `file:line`.
  package var place: String { "\(file):\(node.mark?.line ?? 0)" }

  /// An error at this value's place.
  package func failure(_ reason: DatasetsError.Reason) -> DatasetsError {
    DatasetsError(reason, path: file, line: node.mark?.line, column: node.mark?.column)
  }

  /// The scalar's text as written, whatever YAML takes it for: `no` and `1` are texts too.
  package func string() throws -> String {
    guard let scalar = node.scalar, !isNull else { throw wrongType("a text") }
    guard !scalar.string.trimmed.isEmpty else {
      throw failure(
        .invalidValue(key: key, found: scalar.string, allowed: "a text that isn't blank")
      )
    }
    return scalar.string
  }

  /// A whole number in decimal digits, not quoted.
  ///
  /// - Parameter minimum: the least allowed value.
  /// - Returns: the number.
  /// - Throws: `DatasetsError` with its place where it is none or less.
  package func integer(atLeast minimum: Int) throws -> Int {
    guard let scalar = node.scalar, scalar.style == .plain, let number = Int(scalar.string) else {
      throw wrongType("a whole number")
    }
    guard number >= minimum else {
      throw failure(.invalidValue(key: key, found: "\(number)", allowed: "\(minimum) and above"))
    }
    return number
  }

  /// A whole number in decimal digits, not quoted.
  ///
  /// - Parameter range: the allowed numbers.
  /// - Returns: the number.
  /// - Throws: `DatasetsError` with its place where it is none or another one.
  package func integer(in range: ClosedRange<Int>) throws -> Int {
    let number = try integer(atLeast: range.lowerBound)
    guard number <= range.upperBound else {
      let allowed = "\(range.lowerBound)…\(range.upperBound)"
      throw failure(.invalidValue(key: key, found: "\(number)", allowed: allowed))
    }
    return number
  }

  /// A number, not quoted.
  ///
  /// - Parameter range: the allowed numbers.
  /// - Returns: the number.
  /// - Throws: `DatasetsError` with its place where it is none or another one.
  package func number(in range: ClosedRange<Double>) throws -> Double {
    guard let scalar = node.scalar, scalar.style == .plain, let number = Double(scalar.string),
      number.isFinite
    else { throw wrongType("a number") }
    guard range.contains(number) else {
      let allowed = "\(range.lowerBound)…\(range.upperBound)"
      throw failure(.invalidValue(key: key, found: scalar.string, allowed: allowed))
    }
    return number
  }

  /// `true` or `false`, not quoted.
  package func flag() throws -> Bool {
    guard let scalar = node.scalar, scalar.style == .plain, let flag = Bool(scalar.string) else {
      throw wrongType("true or false")
    }
    return flag
  }

  /// A name as data sets, tasks and roots have: small letters, digits and hyphens.
  package func identifier() throws -> String {
    let text = try string()
    guard text.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil else {
      let allowed = "small letters, digits and hyphens"
      throw failure(.invalidValue(key: key, found: text, allowed: allowed))
    }
    return text
  }

  /// A regular expression with a capture group, tried at once.
  func pattern() throws -> String {
    let text = try string()
    guard NamePattern(text) != nil else {
      let allowed = "a regular expression with a capture group, e.g. ^([0-9]+)_"
      throw failure(.invalidValue(key: key, found: text, allowed: allowed))
    }
    return text
  }

  /// The items of a sequence, at least one.
  package func items() throws -> [YAMLValue] {
    guard let sequence = node.sequence else { throw wrongType("a list") }
    guard !sequence.isEmpty else {
      throw failure(.invalidValue(key: key, found: "[]", allowed: "a list of at least one item"))
    }
    return sequence.map { YAMLValue(node: $0, file: file, key: key) }
  }

  /// A list of texts without repetition.
  package func strings() throws -> [String] {
    var texts: [String] = []
    for item in try items() {
      let text = try item.string()
      guard !texts.contains(text) else {
        throw item.failure(.invalidValue(key: key, found: text, allowed: "each text once"))
      }
      texts.append(text)
    }
    return texts
  }

  /// One of the names of an enumeration.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    of type: Choice.Type
  ) throws -> Choice where Choice.RawValue == String {
    let text = try choice(among: Choice.allCases.map(\.rawValue))
    guard let choice = Choice(rawValue: text) else { preconditionFailure("a name of no case") }
    return choice
  }

  /// One of several names.
  package func choice(among names: [String]) throws -> String {
    let text = try string()
    guard names.contains(text) else {
      let allowed = names.joined(separator: ", ") + suggestion(for: text, among: names)
      throw failure(.invalidValue(key: key, found: text, allowed: allowed))
    }
    return text
  }

  /// Whether it is a mapping, where several forms are allowed.
  var isMapping: Bool { node.mapping != nil }

  /// The text of a scalar, where several forms are allowed; nil for a list or mapping.
  var text: String? { node.scalar?.string }

  /// The value of a key, where the other keys' meaning depends on it; nil where there is none.
  func peek(_ key: String) -> YAMLValue? {
    let entry = node.mapping?.first { $0.key.scalar?.string == key }
    return entry.map { YAMLValue(node: $0.value, file: file, key: key) }
  }

  /// A mapping, whose keys may be anything if `allowed` is nil.
  ///
  /// - Parameters:
  ///   - within: what the mapping describes, for errors.
  ///   - allowed: the keys that it may have.
  /// - Returns: the keys and values in the order of the file.
  /// - Throws: `DatasetsError` with its place where it is no mapping or has another key.
  package func mapping(_ within: String, allowed: [String]? = nil) throws -> YAMLMapping {
    guard let mapping = node.mapping else { throw wrongType("a mapping (key: value)") }
    var entries: [YAMLMapping.Entry] = []
    for (keyNode, value) in mapping {
      let keyValue = YAMLValue(node: keyNode, file: file, key: within)
      let key = try keyValue.string()
      if let allowed, !allowed.contains(key) {
        throw keyValue.failure(.unknownKey(key: key, within: within, allowed: allowed))
      }
      entries.append(
        .init(key: key, keyValue: keyValue, value: YAMLValue(node: value, file: file, key: key))
      )
    }
    return YAMLMapping(whole: self, within: within, entries: entries)
  }

  private func wrongType(_ expected: String) -> DatasetsError {
    failure(.wrongType(key: key, expected: expected, found: kind))
  }

  private var isNull: Bool {
    guard let scalar = node.scalar, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private var kind: String {
    if isNull { return "empty" }
    if let scalar = node.scalar { return "the text ‘\(scalar.string)’" }
    return node.sequence == nil ? "a mapping" : "a list"
  }
}

/// A mapping of a YAML file, its keys in the order of the file.
package struct YAMLMapping {
  /// One key with its value.
  package struct Entry {
    package let key: String
    let keyValue: YAMLValue
    package let value: YAMLValue
  }

  let whole: YAMLValue
  let within: String
  package let entries: [Entry]

  /// The value of `key`, if the mapping has it.
  /// - Parameter key: the key.
  package subscript(key: String) -> YAMLValue? {
    entries.first { $0.key == key }?.value
  }

  /// The value of a key that must be there.
  package func require(_ key: String) throws -> YAMLValue {
    guard let value = self[key] else {
      throw whole.failure(.missingKey(key: key, within: within))
    }
    return value
  }

  /// Refuses a key that has no meaning here, so that no option does nothing.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - allowed: what would give it a meaning.
  /// - Throws: `DatasetsError` with its place where the key is there.
  package func refuse(_ key: String, because allowed: String) throws {
    guard let entry = entries.first(where: { $0.key == key }) else { return }
    throw entry.keyValue.failure(.misplacedKey(key: key, allowed: allowed))
  }
}

/// The parser's error with file, line and column.
private func translated(_ error: YamlError, file: String) -> DatasetsError {
  switch error {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    DatasetsError(.invalidYAML(detail: problem), path: file, line: mark.line, column: mark.column)
  case .duplicatedKeysInMapping(let duplicates, let context):
    DatasetsError(
      .invalidYAML(detail: "repeated key ‘\(duplicates.sorted().joined(separator: "’, ‘"))’"),
      path: file,
      line: context.mark.line,
      column: context.mark.column
    )
  case .reader(let problem, let offset, _, let text):
    DatasetsError(
      .invalidYAML(detail: problem),
      path: file,
      line: offset.map { 1 + text.prefix($0).count(where: \.isNewline) }
    )
  default:
    DatasetsError(.invalidYAML(detail: "\(error)"), path: file)
  }
}
