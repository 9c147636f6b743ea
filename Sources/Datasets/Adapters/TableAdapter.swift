import Foundation

/// Reads sets whose tables name images and labels: the csv adapter.
struct TableAdapter: Adapter {
  let dataset: Dataset
  let root: URL

  func read() throws -> RawContents {
    var contents = RawContents()
    var folders: [URL: (folder: ImageFolder, split: String, named: Set<String>)] = [:]
    for split in dataset.splits {
      let (table, url) = try table(of: split, into: &contents)
      let place = try locate(split.images, below: root)
      let known = folders[place]?.folder
      let folder = try known ?? ImageFolder(place, extensions: dataset.imageExtensions)
      let reader = try SplitTableReader(
        dataset: dataset,
        split: split,
        table: table,
        path: pathBelowRoot(url),
        folder: folder
      )
      let named = reader.read(into: &contents)
      folders[place, default: (folder, split.name, [])].named.formUnion(named)
    }
    for (_, entry) in folders.sorted(by: { $0.key.path < $1.key.path }) {
      for image in entry.folder.entries where !entry.named.contains(image.path) {
        contents.exclusions.append(
          SampleExclusion(
            name: image.name,
            split: entry.split,
            task: nil,
            kind: .imageWithoutRow,
            detail: "no table names \(pathBelowRoot(image.url))"
          )
        )
      }
    }
    return contents
  }

  private func table(
    of split: SplitDescription,
    into contents: inout RawContents
  ) throws -> (Table, URL) {
    let url = try locate(split.table ?? "", below: root)
    let text = try readText(url)
    let digest = FileDigest(path: pathBelowRoot(url), sha256: try fileSHA256(url))
    if let published = split.sha256, published != digest.sha256 {
      contents.warnings.append(
        "\(digest.path): SHA-256 is \(digest.sha256), the published table's \(published): "
          + "the table was changed, so scores may differ from published ones"
      )
    }
    contents.digests.append(digest)
    return (try Table(text, path: url.shortPath), url)
  }

  private func pathBelowRoot(_ url: URL) -> String {
    let (whole, base) = (url.path(percentEncoded: false), root.path(percentEncoded: false))
    guard whole.hasPrefix(base) else { return whole }
    return String(whole.dropFirst(base.count).drop { $0 == "/" })
  }
}

/// Reads the rows of one split's table.
struct SplitTableReader {
  private let dataset: Dataset
  private let split: SplitDescription
  private let table: Table
  private let path: String
  private let folder: ImageFolder
  private let imageColumn: Int
  /// The columns that labels, groups and rules ask for, by name.
  private let columns: [String: Int]
  private let groupPattern: NamePattern?

  /// Finds the columns.
  ///
  /// - Throws: `DatasetsError` where the table lacks a column or has it twice.
  init(
    dataset: Dataset,
    split: SplitDescription,
    table: Table,
    path: String,
    folder: ImageFolder
  ) throws {
    self.dataset = dataset
    self.split = split
    self.table = table
    self.path = path
    self.folder = folder
    imageColumn = try table.column(dataset.imageColumn ?? "")
    var names = dataset.labelColumns
    if case .column(let column) = dataset.group { names.append(column) }
    if let rule = dataset.ungradable { names.append(rule.column) }
    if let column = dataset.reportColumn { names.append(column) }
    columns = try Dictionary(
      names.map { ($0, try table.column($0)) },
      uniquingKeysWith: { first, _ in first }
    )
    if case .name(let pattern) = dataset.group {
      groupPattern = NamePattern(pattern)
    } else {
      groupPattern = nil
    }
  }

  /// Adds the split's samples and exclusions to `contents`.
  ///
  /// - Returns: the paths of the images that rows name.
  func read(into contents: inout RawContents) -> Set<String> {
    var found: [(row: Table.Row, image: ImageFolder.Entry)] = []
    for row in table.rows {
      let name = row.cells[imageColumn]
      guard !name.isEmpty, staysBelow(name) else {
        let detail = name.isEmpty ? "the image's name is empty" : "‘\(name)’ leaves the folder"
        contents.exclusions.append(exclusion(name, .unusableRow, row, detail))
        continue
      }
      guard let image = folder.image(named: name) else {
        let detail = "‘\(name)’ is not in \(folder.url.shortPath)"
        contents.exclusions.append(exclusion(name, .missingImage, row, detail))
        continue
      }
      found.append((row, image))
    }
    let rows = Dictionary(grouping: found, by: \.image).mapValues { $0.map(\.row) }
    for (row, image) in found {
      if let fault = fault(row, amongRowsOfItsImage: rows[image] ?? []) {
        contents.exclusions.append(exclusion(image.name, fault.kind, row, fault.detail))
      } else {
        contents.samples.append(sample(row, image))
      }
    }
    return Set(rows.keys.map(\.path))
  }

  private func sample(_ row: Table.Row, _ image: ImageFolder.Entry) -> RawSample {
    let cells = columns.mapValues { row.cells[$0] }
    var group: String?
    if case .column(let column) = dataset.group { group = cells[column] }
    if let groupPattern { group = groupPattern.capture(in: image.stem) }
    return RawSample(
      name: image.name,
      split: split.name,
      source: .file(image.url),
      group: group.flatMap { $0.isEmpty ? nil : $0 },
      report: dataset.reportColumn.flatMap { cells[$0] },
      place: "\(path):\(row.line)",
      texts: LabelTexts(cells: cells, folder: image.parent, name: image.stem)
    )
  }

  /// Why a row of an existing image can't be used, if so.
  private func fault(
    _ row: Table.Row,
    amongRowsOfItsImage rows: [Table.Row]
  ) -> (kind: SampleExclusion.Kind, detail: String)? {
    if let rule = dataset.ungradable, let column = columns[rule.column],
      rule.values.contains(row.cells[column])
    {
      return (.ungradable, "column ‘\(rule.column)’ is ‘\(row.cells[column])’")
    }
    guard rows.count > 1, let first = rows.first else { return nil }
    let lines = rows.map { String($0.line) }.joined(separator: ", ")
    let isContradictory = rows.contains { other in
      columns.values.contains { other.cells[$0] != first.cells[$0] }
    }
    if isContradictory { return (.contradictoryRows, "lines \(lines) differ; all are left out") }
    return row.line == first.line ? nil : (.repeatedRow, "the image stands in lines \(lines)")
  }

  private func exclusion(
    _ name: String,
    _ kind: SampleExclusion.Kind,
    _ row: Table.Row,
    _ detail: String
  ) -> SampleExclusion {
    SampleExclusion(
      name: name,
      split: split.name,
      task: nil,
      kind: kind,
      detail: "\(path):\(row.line): \(detail)"
    )
  }
}
