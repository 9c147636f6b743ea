import ArgumentParser
import Datasets
import Foundation

/// The options that say which data sets are known and where they lie.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The description of the data sets. (default: datasets.yaml here, beside the program, or in "
        + "the sources that it was built from)",
      valueName: "file"
    ),
    completion: .file(extensions: ["yaml", "yml"])
  )
  var datasets: String?

  @Option(
    help: ArgumentHelp("Where the root of data sets lies; may be repeated.", valueName: "name=path")
  )
  var dataRoot: [String] = []

  @Option(
    help: ArgumentHelp(
      "A YAML file with ‘roots: { NAME: PATH }’. (default: ~/.config/vbench/roots.yaml)",
      valueName: "file"
    ),
    completion: .file(extensions: ["yaml", "yml"])
  )
  var roots: String?

  /// Reads the descriptions.
  ///
  /// - Returns: the data sets; none has been looked at.
  /// - Throws: `DatasetsError` with file and line for what is wrong.
  func catalog() throws -> DatasetCatalog {
    try DatasetCatalog.load(from: datasets.map { URL(filePath: $0) })
  }

  /// Reads where the sets lie.
  ///
  /// - Parameter catalog: the sets.
  /// - Returns: the roots; whether they exist has not been looked at.
  /// - Throws: `DatasetsError` for a malformed pair, an unknown root or a wrong file.
  func dataRoots(_ catalog: DatasetCatalog) throws -> DataRoots {
    try DataRoots(
      pairs: dataRoot,
      file: roots.map { URL(filePath: $0) },
      known: catalog.rootNames
    )
  }
}
