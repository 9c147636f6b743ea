import ArgumentParser
import Datasets
import Foundation

/// `vbench datasets list`: the data sets that are known.
struct DatasetsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the data sets that are known, and whether they lie on this machine.",
    discussion: """
      Examples:
        vbench datasets list
        vbench datasets list --datasets my-sets.yaml --roots my-roots.yaml --json
      """
  )

  @OptionGroup(title: "Data")
  var data: DataOptions

  @OptionGroup(title: "Output")
  var reporting: OutputOptions

  /// A data set, for programs.
  private struct Row: Encodable {
    let name: String
    let version: Int
    let title: String
    let tasks: [String]
    let sizes: String
    let root: String?
    let folder: String?
    let isAvailable: Bool
  }

  func run() throws {
    try runReporting {
      let catalog = try data.catalog()
      let summaries = catalog.summaries(roots: try data.dataRoots(catalog))
      if reporting.json {
        try printJSON(summaries.map(row))
        return
      }
      print("From \(catalog.file.path(percentEncoded: false).printable):")
      for summary in summaries {
        print("\n\(summary.name)  \(summary.title.printable)")
        let rows = [
          ["tasks", summary.tasks.joined(separator: ", ")],
          ["samples", summary.sizes],
          ["lies", place(summary)],
        ]
        for line in aligned(rows, indent: "  ") { print(line) }
      }
    }
  }

  private func row(_ summary: DatasetSummary) -> Row {
    Row(
      name: summary.name,
      version: summary.version,
      title: summary.title,
      tasks: summary.tasks,
      sizes: summary.sizes,
      root: summary.root,
      folder: summary.availability.folder?.path(percentEncoded: false),
      isAvailable: summary.availability.isAvailable
    )
  }

  private func place(_ summary: DatasetSummary) -> String {
    switch summary.availability {
    case .drawn: "nowhere: vbench draws it"
    case .present(let folder): folder.path(percentEncoded: false).printable
    case .rootNotGiven: "unknown: give --data-root \(summary.root ?? "")=PATH"
    case .rootMissing(let folder):
      "\(folder.path(percentEncoded: false).printable), which is no folder"
    }
  }
}

extension DatasetSummary.Availability {
  /// Whether the set can be used on this machine.
  var isAvailable: Bool {
    switch self {
    case .drawn, .present: true
    case .rootNotGiven, .rootMissing: false
    }
  }

  /// The root's folder, where one was given.
  var folder: URL? {
    switch self {
    case .present(let folder), .rootMissing(let folder): folder
    case .drawn, .rootNotGiven: nil
    }
  }
}
