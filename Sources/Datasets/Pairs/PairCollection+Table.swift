package import Foundation

extension PairCollection {
  /// The formats that images come in, in the order in which they are tried where a row doesn't say.
  private static let imageExtensions = ["jpg", "jpeg", "png", "tif", "tiff", "gif"]

  /// Reads pairs from a table and a folder of images.
  ///
  /// Each image has one report. Rows that can't be used are left out and listed: without an image's
  /// name or report, of an image that isn't there, of an image that another row names too. Images are
  /// looked up by name and not decoded.
  ///
  /// - Parameters:
  ///   - table: a CSV file with a header, or one with a JSON object in each line (`.jsonl`).
  ///   - images: the folder that the images' paths start from.
  ///   - columns: where the table says what.
  ///   - name: for people and records; the table's file name where nil.
  /// - Returns: the pairs, and what was left out.
  /// - Throws: `DatasetsError` with file and line where the table or folder is missing or malformed,
  ///   lacks a column, names a split that isn't one of `splitNames`, puts a group in two splits, or
  ///   where no row can be used.
  package static func reading(
    table: URL,
    images: URL,
    columns: PairColumns = PairColumns(),
    name: String? = nil
  ) throws -> PairCollection {
    let rows = try PairTable(table, columns: columns).rows
    let folder = try ImageFolder(images, extensions: imageExtensions)
    var reader = PairReader(path: table.shortPath, folder: folder)
    let pairs = try reader.pairs(rows)
    guard !pairs.isEmpty else {
      let shown = reader.skipped.prefix(3).map(\.description).joined(separator: "; ")
      let detail = rows.isEmpty ? "it has no rows" : "no row can be used: \(shown)"
      throw DatasetsError(.malformedTable(detail: detail), path: table.shortPath)
    }
    return PairCollection(
      name: name ?? table.lastPathComponent,
      pairs: pairs,
      notes: reader.notes(pairs, columns, rows),
      skipped: reader.skipped
    )
  }
}

/// Makes pairs of a table's rows.
private struct PairReader {
  let path: String
  let folder: ImageFolder
  var skipped: [SkippedPair] = []

  init(path: String, folder: ImageFolder) {
    self.path = path
    self.folder = folder
  }

  /// The usable rows as pairs; the others go to `skipped`.
  mutating func pairs(_ rows: [PairTable.Row]) throws -> [ReportPair] {
    try checkSplits(rows)
    let located = rows.map { (row: $0, image: image(of: $0)) }
    let named = Dictionary(grouping: located.filter { $0.image != nil }, by: \.image)
      .mapValues { $0.map(\.row) }
    var pairs: [ReportPair] = []
    for (row, image) in located {
      guard let image else {
        skipMissing(row)
        continue
      }
      let pair = ReportPair(
        id: image.path,
        image: .file(image.url),
        rawReport: row.report,
        group: row.group,
        split: row.split
      )
      if let fault = fault(row, pair, amongRowsOfItsImage: named[image] ?? []) {
        skip(row, fault.kind, fault.detail)
      } else {
        pairs.append(pair)
      }
    }
    return pairs
  }

  /// What a reader of a result must know.
  func notes(
    _ pairs: [ReportPair],
    _ columns: PairColumns,
    _ rows: [PairTable.Row]
  ) -> [String] {
    var notes: [String] = []
    let alone = pairs.count { $0.group == nil }
    if alone > 0 {
      let reason = columns.group == nil ? "no column of groups is named" : "their cells are empty"
      notes.append(
        "\(alone) of \(pairs.count) pairs have no group (\(reason)): each counts as a group of its "
          + "own, so that two photographs of one patient may lie on both sides of a split"
      )
    }
    let named = Set(rows.compactMap { image(of: $0)?.path })
    let unnamed = folder.entries.count { !named.contains($0.path) }
    if unnamed > 0 {
      notes.append("\(unnamed) images in \(folder.url.shortPath) have no row and are not used")
    }
    return notes
  }

  private func image(of row: PairTable.Row) -> ImageFolder.Entry? {
    row.image.isEmpty || !staysBelow(row.image) ? nil : folder.image(named: row.image)
  }

  /// Refuses unknown splits, and groups that lie in two.
  private func checkSplits(_ rows: [PairTable.Row]) throws {
    var first: [String: (split: String?, line: Int)] = [:]
    for row in rows {
      if let split = row.split, !PairCollection.splitNames.contains(split) {
        let allowed = PairCollection.splitNames.joined(separator: ", ")
        throw DatasetsError(
          .invalidValue(key: "split", found: split, allowed: allowed),
          path: path,
          line: row.line
        )
      }
      guard let group = row.group else { continue }
      guard let earlier = first[group] else {
        first[group] = (row.split, row.line)
        continue
      }
      guard earlier.split == row.split else {
        let detail =
          "the group ‘\(group)’ lies in \(row.split ?? "no split") here and in "
          + "\(earlier.split ?? "no split") in line \(earlier.line); give each group one split"
        throw DatasetsError(.impossibleSplit(detail: detail), path: path, line: row.line)
      }
    }
  }

  private mutating func skipMissing(_ row: PairTable.Row) {
    if row.image.isEmpty {
      skip(row, .unusableRow, "the image's name is empty")
    } else if !staysBelow(row.image) {
      skip(row, .unusableRow, "‘\(row.image)’ leaves the folder")
    } else {
      skip(row, .missingImage, "‘\(row.image)’ is not in \(folder.url.shortPath)")
    }
  }

  /// Why a row of an existing image can't be used, if so.
  private func fault(
    _ row: PairTable.Row,
    _ pair: ReportPair,
    amongRowsOfItsImage rows: [PairTable.Row]
  ) -> (kind: SkippedPair.Kind, detail: String)? {
    let lines = rows.map { String($0.line) }.joined(separator: ", ")
    if !rows.allSatisfy(row.says) {
      return (.contradictoryRows, "lines \(lines) differ; all are left out")
    }
    if let first = rows.first, first.line != row.line {
      return (.repeatedRow, "the image stands in lines \(lines)")
    }
    guard pair.report.isEmpty else { return nil }
    let found = pair.rawReport.isEmpty ? "the report is empty" : "‘\(pair.rawReport)’ says nothing"
    return (.emptyReport, "\(found), expected a text")
  }

  private mutating func skip(_ row: PairTable.Row, _ kind: SkippedPair.Kind, _ detail: String) {
    skipped.append(
      SkippedPair(name: row.image, kind: kind, detail: "\(path):\(row.line): \(detail)")
    )
  }
}
