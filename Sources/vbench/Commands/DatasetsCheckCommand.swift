import ArgumentParser
import Datasets
import Parallelism

/// `vbench datasets check`: compares sets on disk with their descriptions.
struct DatasetsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare data sets on this machine with their descriptions.",
    discussion: """
      Reads all tables and compares sizes, labels, class counts and checksums; names images that \
      are missing, without a row or empty. Of sets with mask files every photograph and mask is \
      decoded: masks of another size, with unknown values, missing, unreadable or ignored as a whole \
      are named. With --decode every image of the other sets is decoded too, and the same picture in \
      two places is told. Without names all sets are checked whose place is known.

      Exit codes: 0 nothing is lost, 1 something is, 64 wrong usage; where the only set asked for \
      can't be read, 65 for wrong data and 66 for what is missing.

      Examples:
        vbench datasets check
        vbench datasets check idrid-grading --data-root idrid=/data/IDRiD --decode
        vbench datasets check drive --data-root drive=/data/DRIVE
      """
  )

  @Argument(help: "Data sets, as ‘vbench datasets list’ shows them. (default: all)")
  var names: [String] = []

  @Flag(help: "Decode every image of all sets, and look for the same picture twice.")
  var decode = false

  @OptionGroup(title: "Data")
  var data: DataOptions

  @OptionGroup(title: "General options")
  var global: GlobalOptions

  func run() throws {
    try runReporting {
      let catalog = try data.catalog()
      let roots = try data.dataRoots(catalog)
      let datasets = names.isEmpty ? catalog.datasets : try names.map { try catalog[$0] }
      let pool = global.makePool()
      var reports: [DatasetReport] = []
      var codes: [ExitCode] = []
      for dataset in datasets {
        if names.isEmpty, let root = dataset.root, roots.folder(of: root) == nil {
          let reason = "not checked: where it lies is not known; give --data-root \(root)=PATH"
          reports.append(DatasetReport(dataset.name, status: .skipped, reason: reason))
        } else {
          do {
            let report = try check(dataset, roots, pool)
            reports.append(report)
            codes.append(report.status == .clean ? .success : .someFailed)
          } catch {
            codes.append(report(error))
            reports.append(DatasetReport(dataset.name, status: .failed, reason: "\(error)"))
          }
        }
        // Why a set can't be read has been said on standard error.
        if !global.json, let last = reports.last, last.status != .failed { last.printLines() }
      }
      if global.json { try printJSON(reports) }
      let failures = codes.filter { $0 != .success }
      guard let first = failures.first else { return }
      throw datasets.count == 1 ? first : .someFailed
    }
  }

  private func check(
    _ dataset: Dataset,
    _ roots: DataRoots,
    _ pool: WorkerPool
  ) throws -> DatasetReport {
    var contents = try dataset.open(root: roots.resolve(dataset))
    guard contents.root != nil, decode || dataset.hasMaskFiles else {
      return DatasetReport(contents.check(), folder: contents.root)
    }
    let masks = maskFindings(contents, pool)
    // Photographs of sets with masks alone have been decoded with these, some in formats of their own.
    if decode, !dataset.tasks.isEmpty {
      let progress = global.progress(
        "Decoding \(dataset.name)",
        unit: "images",
        total: contents.samples.count
      )
      contents = contents.decodingImages(on: pool, progress: progress)
      progress.finish()
    }
    let check = contents.check(readingImagesOn: decode ? pool : nil, masks: masks)
    return DatasetReport(check, folder: contents.root)
  }

  private func maskFindings(
    _ contents: DatasetContents,
    _ pool: WorkerPool
  ) -> [DatasetCheck.Finding] {
    guard contents.maskReadingCount > 0 else { return [] }
    let progress = global.progress(
      "Reading masks of \(contents.dataset.name)",
      unit: "photographs",
      total: contents.maskReadingCount
    )
    defer { progress.finish() }
    return contents.maskFindings(on: pool) { progress.advance() }
  }
}
