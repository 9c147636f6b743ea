package import Foundation

/// A row of the list of data sets.
package struct DatasetSummary: Sendable, Equatable {
  /// Whether the set can be used on this machine.
  package enum Availability: Sendable, Equatable {
    /// The program draws it.
    case drawn
    /// The root's folder exists.
    case present(URL)
    /// No folder was given for the root.
    case rootNotGiven
    /// The folder that was given doesn't exist.
    case rootMissing(URL)
  }

  /// The set's name.
  package let name: String
  /// Its version.
  package let version: Int
  /// One line for people.
  package let title: String
  /// Each task as `name (kind, K)`.
  package let tasks: [String]
  /// The published sizes, as `train 413, test 103`; a split without one by name alone.
  package let sizes: String
  /// The root's name for `--data-root`; nil where the program draws the set.
  package let root: String?
  /// Whether the set can be used on this machine.
  package let availability: Availability
}

extension DatasetCatalog {
  /// The rows of the list of data sets, in the order of the file; nothing is read but folders.
  ///
  /// - Parameter roots: where the sets lie.
  /// - Returns: a row for each data set.
  package func summaries(roots: DataRoots) -> [DatasetSummary] {
    datasets.map { dataset in
      DatasetSummary(
        name: dataset.name,
        version: dataset.version,
        title: dataset.title,
        tasks: dataset.tasks.map { "\($0.name) (\($0.kind.rawValue), \($0.classes.count))" }
          + dataset.maskTasks.map { "\($0.name) (masks, \($0.classes.count))" },
        sizes: dataset.splits.map { split in
          [split.name, split.count.map(String.init)].compactMap(\.self).joined(separator: " ")
        }.joined(separator: ", "),
        root: dataset.root,
        availability: availability(of: dataset, roots)
      )
    }
  }

  private func availability(
    of dataset: Dataset,
    _ roots: DataRoots
  ) -> DatasetSummary.Availability {
    guard let root = dataset.root else { return .drawn }
    guard let folder = roots.folder(of: root) else { return .rootNotGiven }
    return isFolder(folder) ? .present(folder) : .rootMissing(folder)
  }
}
