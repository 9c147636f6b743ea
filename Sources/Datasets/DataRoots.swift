package import Foundation

/// Where the roots of data sets lie: from `--data-root NAME=PATH`, else from the user's file.
package struct DataRoots: Sendable {
  private struct Place: Sendable {
    let folder: URL
    let givenBy: String
  }

  private var places: [String: Place] = [:]
  private var looked: [String] = []

  /// Where the user's file lies when `--roots` doesn't name one.
  package static var usualFile: URL {
    FileManager.default.homeDirectoryForCurrentUser.appending(path: ".config/vbench/roots.yaml")
  }

  /// Gathers the roots; of two places for one root, the command line's wins.
  ///
  /// The file is a mapping with the one key `roots`, from root names to folders; relative folders
  /// start from the file's own. It may name roots that the catalog at hand has no set for.
  ///
  /// - Parameters:
  ///   - pairs: the arguments of `--data-root`, each `NAME=PATH`; `~` is expanded.
  ///   - file: what `--roots` names, which must exist; nil for `usualFile`, which need not.
  ///   - known: the names of all roots that the catalog asks for.
  /// - Throws: `DatasetsError` where a pair is malformed, repeated or names an unknown root, and
  ///   with the line where the file is wrong.
  package init(pairs: [String], file: URL? = nil, known: [String]) throws {
    let used = file ?? Self.usualFile
    if file != nil || isFile(used) {
      try read(used)
      let names = places.keys.sorted().joined(separator: ", ")
      looked.append("\(used.shortPath) (\(names.isEmpty ? "no roots" : names))")
    } else {
      looked.append("\(used.shortPath) (no such file)")
    }
    var named: [String] = []
    for pair in pairs {
      let (name, path) = try Self.split(pair)
      guard known.contains(name) else {
        throw DatasetsError(.unknownRoot(name: name, known: known))
      }
      guard !named.contains(name) else {
        let detail = "‘\(name)’ was given a path already"
        throw DatasetsError(.invalidRootPair(text: pair, detail: detail))
      }
      named.append(name)
      let folder = URL(filePath: NSString(string: path).expandingTildeInPath).absoluteURL
      places[name] = Place(folder: folder, givenBy: "--data-root \(pair)")
    }
    let given = named.isEmpty ? "not given" : named.joined(separator: ", ")
    looked.insert("--data-root (\(given))", at: 0)
  }

  /// The folder of a root, if it is known; whether it exists is not looked at.
  package func folder(of root: String) -> URL? {
    places[root]?.folder
  }

  /// The folder of a data set's root.
  ///
  /// - Parameter dataset: the set.
  /// - Returns: the folder; nil where the program draws the set.
  /// - Throws: `DatasetsError` that says where it looked, or who gave a path that is no folder.
  package func resolve(_ dataset: Dataset) throws -> URL? {
    guard let root = dataset.root else { return nil }
    guard let place = places[root] else {
      throw DatasetsError(.rootNotGiven(root: root, looked: looked))
    }
    guard isFolder(place.folder) else {
      throw DatasetsError(
        .rootNotAFolder(root: root, givenBy: place.givenBy),
        path: place.folder.shortPath
      )
    }
    return place.folder
  }

  private mutating func read(_ file: URL) throws {
    guard let document = try YAMLValue.parse(readText(file), file: file.shortPath) else { return }
    let mapping = try document.mapping("the roots file", allowed: ["roots"])
    for entry in try mapping.require("roots").mapping("roots").entries {
      let path = NSString(string: try entry.value.string()).expandingTildeInPath
      places[try entry.keyValue.identifier()] = Place(
        folder: URL(filePath: path, relativeTo: file.deletingLastPathComponent()).absoluteURL,
        givenBy: entry.keyValue.place
      )
    }
  }

  private static func split(_ pair: String) throws -> (name: String, path: String) {
    guard let equals = pair.firstIndex(of: "=") else {
      throw DatasetsError(.invalidRootPair(text: pair, detail: "there is no ‘=’"))
    }
    let name = pair[..<equals].trimmed
    let path = pair[pair.index(after: equals)...].trimmed
    guard !name.isEmpty, !path.isEmpty else {
      let detail = name.isEmpty ? "the name is empty" : "the path is empty"
      throw DatasetsError(.invalidRootPair(text: pair, detail: detail))
    }
    return (name, path)
  }
}
