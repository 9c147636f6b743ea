import ArgumentParser
import Datasets
import Foundation

/// `vbench datasets describe`: a data set's page.
struct DatasetsDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Print a data set's page in Markdown: source, licence, tasks, prompts, counts.",
    discussion: """
      Where the set lies on this machine, the page also tells what was found there.

      Examples:
        vbench datasets describe idrid-grading
        vbench datasets describe idrid-grading --data-root idrid=/data/IDRiD > idrid.md
      """
  )

  @Argument(help: "The data set's name, as ‘vbench datasets list’ shows it.")
  var name: String

  @OptionGroup(title: "Data")
  var data: DataOptions

  @OptionGroup(title: "Output")
  var reporting: OutputOptions

  /// A data set, for programs.
  private struct Description: Encodable {
    struct Task: Encodable {
      let name: String
      let title: String
      let kind: TaskKind
      let classes: [String]
      let isOrdered: Bool
      let languages: [String]
    }

    struct MaskTask: Encodable {
      let name: String
      let title: String
      let mode: MaskMode
      let classes: [String]
      let isNested: Bool
      /// What a reader of a score must know of how the masks were made.
      let approximation: String?
    }

    struct Split: Encodable {
      let name: String
      let declared: Int?
      let found: Int?
    }

    let name: String
    let version: Int
    let title: String
    let adapter: DatasetAdapter
    let root: String?
    let license: String
    let source: String
    let tasks: [Task]
    let maskTasks: [MaskTask]
    let splits: [Split]
    let page: String
  }

  func run() throws {
    try runReporting {
      let catalog = try data.catalog()
      let dataset = try catalog[name]
      let contents = contents(of: dataset, try data.dataRoots(catalog))
      let page = dataset.page(contents: contents)
      if reporting.json {
        try printJSON(description(of: dataset, contents, page))
      } else {
        print(page, terminator: "")
      }
    }
  }

  /// The set as it lies here; nil with a remark where it can't be read, since the page stands alone.
  private func contents(of dataset: Dataset, _ roots: DataRoots) -> DatasetContents? {
    if let root = dataset.root, roots.folder(of: root) == nil { return nil }
    do {
      return try dataset.open(root: roots.resolve(dataset))
    } catch {
      reporting.remark("the page says nothing of this machine: \(error)")
      return nil
    }
  }

  private func description(
    of dataset: Dataset,
    _ contents: DatasetContents?,
    _ page: String
  ) -> Description {
    Description(
      name: dataset.name,
      version: dataset.version,
      title: dataset.title,
      adapter: dataset.adapter,
      root: dataset.root,
      license: dataset.license,
      source: dataset.source.title,
      tasks: dataset.tasks.map { task in
        Description.Task(
          name: task.name,
          title: task.title,
          kind: task.kind,
          classes: task.classes,
          isOrdered: task.isOrdered,
          languages: task.prompts.map(\.language.rawValue)
        )
      },
      maskTasks: dataset.maskTasks.map { task in
        Description.MaskTask(
          name: task.name,
          title: task.title,
          mode: task.mode,
          classes: task.classes,
          isNested: task.isNested,
          approximation: task.approximation
        )
      },
      splits: dataset.splits.map { split in
        let found = contents?.splitCounts.first { $0.name == split.name }?.found
        return Description.Split(name: split.name, declared: split.count, found: found)
      },
      page: page
    )
  }
}
