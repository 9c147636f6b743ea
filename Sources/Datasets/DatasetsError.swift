/// Why a data set, its description or one of its files could not be used.
package struct DatasetsError: Error, Sendable, Equatable {
  /// What was wrong.
  package enum Reason: Equatable, Sendable {
    // Descriptions
    case notFound
    case unreadable(detail: String)
    case invalidYAML(detail: String)
    case unknownKey(key: String, within: String, allowed: [String])
    case missingKey(key: String, within: String)
    case wrongType(key: String, expected: String, found: String)
    case invalidValue(key: String, found: String, allowed: String)
    /// A key that has no meaning beside the others; where it has one.
    case misplacedKey(key: String, allowed: String)
    case duplicateName(name: String, firstLine: Int)
    case catalogNotFound(looked: [String])
    case unknownDataset(name: String, known: [String])
    case unknownTask(name: String, dataset: String, known: [String])
    /// Labels were asked for where there are masks.
    case masksOnly(tasks: [String], dataset: String)
    /// Masks were asked for where there are labels.
    case noMasks(dataset: String, known: [String])
    // Roots
    case invalidRootPair(text: String, detail: String)
    case unknownRoot(name: String, known: [String])
    case rootNotGiven(root: String, looked: [String])
    case rootNotAFolder(root: String, givenBy: String)
    // Layouts and tables
    case missingInLayout(wanted: String, present: [String])
    case missingColumn(column: String, found: [String])
    case duplicateColumn(column: String)
    case malformedTable(detail: String)
    case emptySplit(split: String, excluded: [String])
    // Masks
    case badMask(MaskFault)
    // Splits that the program makes
    case impossibleSplit(detail: String)
  }

  /// What was wrong.
  package var reason: Reason
  /// The file or folder that was read; empty where there is none.
  package var path: String
  /// The line in that file, counted from 1.
  package var line: Int?
  /// The column in that line, counted from 1 in Unicode scalars.
  package var column: Int?

  /// States an error.
  ///
  /// - Parameters:
  ///   - reason: what was wrong.
  ///   - path: the file or folder; empty where there is none.
  ///   - line: the line, counted from 1.
  ///   - column: the column, counted from 1.
  package init(_ reason: Reason, path: String = "", line: Int? = nil, column: Int? = nil) {
    self.reason = reason
    self.path = path
    self.line = line
    self.column = column
  }

  /// Whether something that should be there is missing (exit code 66), rather than wrong (65).
  package var isMissingInput: Bool {
    switch reason {
    case .notFound, .catalogNotFound, .rootNotGiven, .rootNotAFolder, .missingInLayout: true
    case .badMask(.missing): true
    default: false
    }
  }
}

extension DatasetsError: CustomStringConvertible {
  /// `file:line:column: what was found, what was expected, what to do`.
  package var description: String {
    let place = [path, line.map(String.init), column.map(String.init)]
      .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ":")
    return place.isEmpty ? reason.explanation : "\(place): \(reason.explanation)"
  }
}

extension DatasetsError.Reason {
  /// What was found, what was expected and what to do, in one line.
  var explanation: String {
    switch self {
    case .notFound: "there is no such file; give the path of an existing one"
    case .unreadable(let detail): "can't be read: \(detail)"
    case .invalidYAML(let detail): "is not valid YAML: \(detail)"
    case .unknownKey(let key, let within, let allowed):
      "unknown key ‘\(key)’ in \(within)\(choices(key, "known keys", allowed))"
    case .missingKey(let key, let within): "\(within) lacks the key ‘\(key)’; add it"
    case .wrongType(let key, let expected, let found):
      "‘\(key)’ is \(found), expected \(expected)"
    case .invalidValue(let key, let found, let allowed):
      "‘\(key)’ is ‘\(found)’, allowed: \(allowed)"
    case .misplacedKey(let key, let allowed):
      "‘\(key)’ has no place here, remove it; allowed: \(allowed)"
    case .duplicateName(let name, let firstLine):
      "the name ‘\(name)’ is taken by line \(firstLine); give each a name of its own"
    case .catalogNotFound(let looked):
      "there is no datasets.yaml; looked for \(looked.joined(separator: ", ")); "
        + "name one with --datasets FILE"
    case .unknownDataset(let name, let known):
      "no data set is called ‘\(name)’\(choices(name, "known", known))"
    case .unknownTask(let name, let dataset, let known):
      "‘\(dataset)’ has no task ‘\(name)’\(choices(name, "its tasks", known))"
    case .masksOnly(let tasks, let dataset):
      "‘\(dataset)’ has masks (\(tasks.joined(separator: ", "))) and no labels for this; "
        + "masks are for --protocol segmentation"
    case .noMasks(let dataset, let known):
      "‘\(dataset)’ has no masks; sets with masks: \(known.joined(separator: ", "))"
    case .invalidRootPair(let text, let detail):
      "‘--data-root \(text)’: \(detail); write NAME=PATH once per name, e.g. --data-root idrid=/data/IDRiD"
    case .unknownRoot(let name, let known):
      "no data set has the root ‘\(name)’\(choices(name, "known roots", known))"
    case .rootNotGiven(let root, let looked):
      "where does ‘\(root)’ lie? Looked in \(looked.joined(separator: ", ")); give "
        + "--data-root \(root)=PATH, or ‘roots: { \(root): PATH }’ in a file of yours"
    case .rootNotAFolder(let root, let givenBy):
      "the root ‘\(root)’ (\(givenBy)) is not a folder that can be read; "
        + "give --data-root \(root)=PATH with the folder that holds the set"
    case .missingInLayout(let wanted, let present):
      "‘\(wanted)’ is not there; the folder holds \(listed(present)): "
        + "is the root the folder that the layout starts from?"
    case .missingColumn(let column, let found):
      "no column ‘\(column)’\(suggestion(for: column, among: found)); "
        + "the table has \(listed(found))"
    case .duplicateColumn(let column):
      "the column ‘\(column)’ occurs twice; rename or remove one"
    case .malformedTable(let detail): "malformed table: \(detail)"
    case .emptySplit(let split, let excluded):
      "the split ‘\(split)’ has no usable sample"
        + (excluded.isEmpty ? "; its table or folder is empty" : "; left out: \(listed(excluded))")
    case .badMask(let fault): fault.explanation
    case .impossibleSplit(let detail): detail
    }
  }

  /// `" (did you mean ‘…’?); label: all of them"`.
  private func choices(_ name: String, _ label: String, _ all: [String]) -> String {
    "\(suggestion(for: name, among: all)); \(label): \(all.joined(separator: ", "))"
  }

  /// At most eight names, quoted, and how many there are beyond.
  private func listed(_ names: [String]) -> String {
    guard !names.isEmpty else { return "nothing" }
    let shown = names.prefix(8).map { "‘\($0)’" }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }
}
