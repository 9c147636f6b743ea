package import Foundation

/// The YAML files that come with the program and that its users may replace.
package enum ShippedFile {
  /// Where a file is looked for when none is named.
  ///
  /// - Parameter name: the file's name, such as `datasets.yaml`.
  /// - Returns: in this order: the working folder; the folder of the executable; that of the sources
  ///   that the program was built from.
  package static func usualPlaces(of name: String) -> [URL] {
    let workingFolder = URL(filePath: FileManager.default.currentDirectoryPath)
    // Sources/Datasets/Description/ShippedFile.swift lies four levels below the package.
    let package = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in
      url.deletingLastPathComponent()
    }
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
    return [workingFolder, executable?.deletingLastPathComponent(), package]
      .compactMap { $0?.appending(path: name) }
  }

  /// The first of the usual places that holds the file.
  ///
  /// - Parameter name: the file's name, such as `datasets.yaml`.
  /// - Returns: its path; nil where none of them holds it.
  package static func find(_ name: String) -> URL? {
    usualPlaces(of: name).first { isFile($0) }
  }
}

extension YAMLValue {
  /// Reads the only document of a file.
  ///
  /// - Parameter file: the file.
  /// - Returns: the document's value, or nil where the file is blank or holds comments only.
  /// - Throws: `DatasetsError`, with the line where there is one, where the file can't be read, is no
  ///   YAML or repeats a key.
  package static func read(_ file: URL) throws -> YAMLValue? {
    try parse(readText(file), file: file.shortPath)
  }
}
