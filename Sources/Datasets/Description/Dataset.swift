/// How a set lies on disk, or that the program makes it.
package enum DatasetAdapter: String, Sendable, CaseIterable, Codable {
  /// A table names images and labels.
  case csv
  /// The class follows from an image's folder or name, or the set has tasks of masks alone.
  case folders
  /// The program draws the images.
  case synthetic
}

/// One entry of `datasets.yaml`: what a set is, where its parts lie and what can be predicted.
///
/// The schema is documented at the head of that file.
package struct Dataset: Sendable, Equatable {
  /// The name that `--dataset` takes.
  package var name: String
  /// Raised when anything changes that changes a score.
  package var version: Int
  /// One line for people.
  package var title: String
  /// How it is read.
  package var adapter: DatasetAdapter
  /// The name of the folder that `--data-root` sets; nil where the program makes the set.
  package var root: String?
  /// The parts that the makers fixed, in the order of the file.
  package var splits: [SplitDescription]
  /// What can be predicted of a photograph, in the order of the file.
  package var tasks: [TaskDescription]
  /// What can be outlined in a photograph, in the order of the file; with `tasks` at least one.
  package var maskTasks: [MaskTaskDescription]
  /// The table's column of image names; of the csv adapter.
  package var imageColumn: String?
  /// The table's column of reports, of the csv adapter; nil where it has none.
  package var reportColumn: String?
  /// Lower case, without the dot, in the order in which they are tried.
  package var imageExtensions: [String]
  /// Where an image's group (patient) is known from; nil where it isn't.
  package var group: GroupSource?
  /// Which rows are left out because nobody could grade them.
  package var ungradable: UngradableRule?
  /// What the program draws; of the synthetic adapter.
  package var generator: GeneratorDescription?
  /// The terms under which the set is published.
  package var license: String
  /// Where it comes from.
  package var source: DatasetSource
  /// What a reader of a score should know.
  package var notes: String?
  /// Where the entry stands, `file:line`.
  package var place: String

  /// Whether samples come with reports: those of a table with a column of them, and drawn ones.
  package var hasReports: Bool { adapter == .synthetic || reportColumn != nil }

  /// The split of that name, if the set has one.
  package func split(_ name: String) -> SplitDescription? {
    splits.first { $0.name == name }
  }

  /// The task of that name.
  ///
  /// - Parameter name: as in `tasks`.
  /// - Returns: its description.
  /// - Throws: `DatasetsError` with the nearest known name where there is none, or where it is one of
  ///   masks.
  package func task(_ name: String) throws -> TaskDescription {
    guard let task = tasks.first(where: { $0.name == name }) else {
      guard !maskTasks.contains(where: { $0.name == name }) else {
        throw DatasetsError(.masksOnly(tasks: [name], dataset: self.name))
      }
      throw DatasetsError(.unknownTask(name: name, dataset: self.name, known: tasks.map(\.name)))
    }
    return task
  }

  /// The task of masks of that name.
  ///
  /// - Parameter name: as in `maskTasks`.
  /// - Returns: its description.
  /// - Throws: `DatasetsError` with the nearest known name where there is none.
  package func maskTask(_ name: String) throws -> MaskTaskDescription {
    guard let task = maskTasks.first(where: { $0.name == name }) else {
      let known = maskTasks.map(\.name)
      throw DatasetsError(.unknownTask(name: name, dataset: self.name, known: known))
    }
    return task
  }
}

/// A part of a set that its makers fixed, with what they say it holds.
package struct SplitDescription: Sendable, Equatable {
  /// The names that protocols ask for; `all` is for sets whose makers made no split.
  package static let names = ["train", "validation", "test", "all"]

  /// One of `names`.
  package var name: String
  /// The label table below the root; of the csv adapter.
  package var table: String?
  /// The folder of the images below the root; empty for the root itself.
  package var images: String
  /// What the names without extension of the split's images match; nil where all images are its.
  ///
  /// The first capture group is `{key}` in the paths of masks. Of the folders adapter.
  package var pattern: String?
  /// The text file below the root that names the split's images, one a line; nil where there is none.
  ///
  /// Of the folders adapter.
  package var list: String?
  /// The folder below the root that the paths of masks start from; empty for the root itself.
  package var masks: String
  /// How many samples the makers publish; nil where nobody says.
  package var count: Int?
  /// The SHA-256 of the published table in lower-case hexadecimal digits, where known.
  package var sha256: String?
}

/// Where the group of an image is known from.
package enum GroupSource: Sendable, Equatable {
  /// A column of the table.
  case column(String)
  /// The first capture group of this regular expression in the image's name without extension.
  case name(pattern: String)
}

/// Rows whose cell in `column` is one of `values` are left out.
package struct UngradableRule: Sendable, Equatable {
  /// The column's name.
  package var column: String
  /// The texts that mean "ungradable".
  package var values: [String]
}

/// What the program draws.
package struct GeneratorDescription: Sendable, Equatable {
  /// The collection's seed.
  package var seed: UInt64
  /// How many samples (eyes) there are.
  package var count: Int
  /// The images' width and height in pixels.
  package var size: Int
  /// From 0, clear, to 1, hard.
  package var difficulty: Double
  /// The share of patients without a disease.
  package var healthy: Double
}

/// Where a set comes from.
package struct DatasetSource: Sendable, Equatable {
  /// The paper or page.
  package var title: String
  /// Its DOI, without `https://doi.org/`.
  package var doi: String?
  /// Where the set can be had.
  package var url: String?
}
