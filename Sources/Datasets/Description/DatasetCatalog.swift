package import Foundation

/// The data sets that are known.
package struct DatasetCatalog: Sendable {
  /// In the order of the file.
  package let datasets: [Dataset]
  /// The file that they were read from.
  package let file: URL

  /// Reads a catalog.
  ///
  /// - Parameter file: a YAML file with the schema that is documented at the head of the shipped
  ///   `datasets.yaml`.
  /// - Throws: `DatasetsError` with file, line and column for whatever the schema doesn't allow.
  package init(file: URL) throws {
    try self.init(text: readText(file), file: file)
  }

  /// Reads a catalog from a text.
  ///
  /// - Parameters:
  ///   - text: YAML as in a file.
  ///   - file: the file it stands for, for errors.
  /// - Throws: as `init(file:)`.
  package init(text: String, file: URL) throws {
    self.file = file
    guard let document = try YAMLValue.parse(text, file: file.shortPath) else {
      throw DatasetsError(
        .wrongType(key: "the file", expected: "a list of data sets", found: "empty"),
        path: file.shortPath
      )
    }
    var datasets: [Dataset] = []
    for item in try document.items() {
      let dataset = try DatasetReader(item).dataset()
      if let first = datasets.first(where: { $0.name == dataset.name }) {
        let line = first.place.split(separator: ":").last.flatMap { Int($0) } ?? 0
        throw item.failure(.duplicateName(name: dataset.name, firstLine: line))
      }
      datasets.append(dataset)
    }
    self.datasets = datasets
  }

  /// The names of all roots that entries ask for, sorted.
  package var rootNames: [String] {
    Set(datasets.compactMap(\.root)).sorted()
  }

  /// The data set of that name.
  ///
  /// - Throws: `DatasetsError` with the nearest known name where there is none.
  package subscript(name: String) -> Dataset {
    get throws {
      guard let dataset = datasets.first(where: { $0.name == name }) else {
        throw DatasetsError(.unknownDataset(name: name, known: datasets.map(\.name)))
      }
      return dataset
    }
  }

  /// What `--dataset` asks for: `NAME` for all tasks of a set, `NAME/TASK` for one.
  ///
  /// - Parameter text: the argument.
  /// - Returns: the set and its chosen tasks, in the order of the file.
  /// - Throws: `DatasetsError` with the nearest known name for an unknown set or task, and where the
  ///   set has masks only.
  package func selection(
    _ text: String
  ) throws -> (dataset: Dataset, tasks: [TaskDescription]) {
    let (dataset, name) = try parts(of: text)
    if let name { return (dataset, [try dataset.task(name)]) }
    guard !dataset.tasks.isEmpty else {
      throw DatasetsError(.masksOnly(tasks: dataset.maskTasks.map(\.name), dataset: dataset.name))
    }
    return (dataset, dataset.tasks)
  }

  /// What `--dataset` asks for where masks are wanted: `NAME` for all tasks of masks of a set,
  /// `NAME/TASK` for one.
  ///
  /// - Parameter text: the argument.
  /// - Returns: the set and its chosen tasks of masks, in the order of the file.
  /// - Throws: `DatasetsError` with the nearest known name for an unknown set or task, and where the
  ///   set has no masks.
  package func maskSelection(
    _ text: String
  ) throws -> (dataset: Dataset, tasks: [MaskTaskDescription]) {
    let (dataset, name) = try parts(of: text)
    if let name { return (dataset, [try dataset.maskTask(name)]) }
    guard !dataset.maskTasks.isEmpty else {
      let known = datasets.filter { !$0.maskTasks.isEmpty }.map(\.name)
      throw DatasetsError(.noMasks(dataset: dataset.name, known: known))
    }
    return (dataset, dataset.maskTasks)
  }

  private func parts(of text: String) throws -> (dataset: Dataset, task: String?) {
    guard let slash = text.firstIndex(of: "/") else { return (try self[text], nil) }
    return (try self[String(text[..<slash])], String(text[text.index(after: slash)...]))
  }
}

extension DatasetCatalog {
  /// Reads the catalog that the program works with.
  ///
  /// The first of these that is there: `file`; `datasets.yaml` in the working folder; beside the
  /// executable; in the folder of the sources that the program was built from.
  ///
  /// - Parameter file: what `--datasets` names; it must exist.
  /// - Returns: the data sets, with the file that they were read from.
  /// - Throws: `DatasetsError` where none is there, or the one found is wrong.
  package static func load(from file: URL? = nil) throws -> DatasetCatalog {
    if let file { return try DatasetCatalog(file: file) }
    let name = "datasets.yaml"
    guard let found = ShippedFile.find(name) else {
      let places = ShippedFile.usualPlaces(of: name)
      throw DatasetsError(.catalogNotFound(looked: places.map(\.shortPath)))
    }
    return try DatasetCatalog(file: found)
  }
}
