package import Imaging
package import Parallelism

/// A page of synthetic photographs, one row for each grade, captioned with what they show.
package struct SyntheticContactSheet: Sendable {
  /// The photographs in a row.
  package let columns: Int
  /// The rows: one grade each.
  package let grades: [SyntheticGrade]

  /// Lays out a sheet.
  ///
  /// - Parameters:
  ///   - columns: the photographs in a row, at least 1.
  ///   - grades: the rows, from the top; at least one.
  package init(columns: Int = 5, grades: [SyntheticGrade] = SyntheticGrade.allCases) {
    precondition(columns >= 1 && !grades.isEmpty, "a sheet of \(columns) × \(grades.count)")
    self.columns = columns
    self.grades = grades
  }

  private static let margin = 4
  private static let lineHeight = 11
  private static let findingLines = 2

  /// Draws a sheet.
  ///
  /// - Parameters:
  ///   - collection: where the photographs come from; at the size that they have on the sheet.
  ///   - pool: draws the photographs.
  /// - Returns: the sheet, and the photographs' records in rows from the top; a row holds fewer
  ///   than `columns` where the collection has no more of its grade.
  package func draw(
    _ collection: SyntheticCollection,
    on pool: WorkerPool
  ) -> (image: ImageBuffer, rows: [[SyntheticRecord]]) {
    let rows = choose(from: collection)
    let chosen = rows.joined().map(\.index)
    let samples = pool.mapChunks(of: chosen.count, grain: 1) { chunk in
      collection.sample(chosen[chunk.lowerBound])
    }
    let tile = collection.size + Self.margin
    let tileHeight = tile + (1 + Self.findingLines) * Self.lineHeight + 3
    var sheet = ImageBuffer(
      width: columns * tile + Self.margin,
      height: grades.count * tileHeight + Self.margin,
      pixels: [UInt8](
        repeating: 0,
        count: (columns * tile + Self.margin) * (grades.count * tileHeight + Self.margin) * 3
      )
    )
    var next = 0
    for (row, records) in rows.enumerated() {
      for (column, record) in records.enumerated() {
        let left = Self.margin + column * tile
        let top = Self.margin + row * tileHeight
        put(samples[next].image, into: &sheet, left: left, top: top)
        let letters = collection.size / SyntheticFont.advance
        for (line, text) in captions(of: record, letters: letters).enumerated() {
          let y = top + collection.size + 2 + line * Self.lineHeight
          write(text, into: &sheet, left: left + 2, top: y, brightness: line == 0 ? 235 : 170)
        }
        next += 1
      }
    }
    return (sheet, rows)
  }

  /// Chooses, for each grade, samples that together show many findings, from few to many.
  ///
  /// Greedy: of the samples of a grade that show something which the row doesn't yet, the one that
  /// shows the least of it; then any others. Each is of a patient of its own.
  private func choose(from collection: SyntheticCollection) -> [[SyntheticRecord]] {
    let records = (0..<collection.count).map(collection.record)
    return grades.map { grade in
      var rest = records.filter { record in
        record.grade == grade && (grade == .normal || !record.findings.contains(.blur))
      }
      var row: [SyntheticRecord] = []
      var shown: Set<SyntheticFinding> = []
      while row.count < columns, let first = rest.first {
        let telling = rest.filter { !$0.findings.isSubset(of: shown) }
        let next =
          telling.min {
            $0.findings.subtracting(shown).count < $1.findings.subtracting(shown).count
          } ?? first
        row.append(next)
        shown.formUnion(next.findings)
        rest.removeAll { $0.patient == next.patient }
      }
      return row
    }
  }

  /// The sample with its grade, then its findings in as many lines as fit under the photograph.
  private func captions(of record: SyntheticRecord, letters: Int) -> [String] {
    let findings = SyntheticFinding.allCases.filter(record.findings.contains).map(\.rawValue)
    var lines = ["\(record.id)  \(record.grade.rawValue)", ""]
    for (position, finding) in findings.enumerated() {
      let word = finding + (position < findings.count - 1 ? ", " : "")
      if lines[lines.count - 1].count + word.count > letters + 1 { lines.append("") }
      lines[lines.count - 1] += word
    }
    return lines.prefix(1 + Self.findingLines).map { String($0.prefix(letters)) }
  }

  private func put(_ image: ImageBuffer, into sheet: inout ImageBuffer, left: Int, top: Int) {
    for row in 0..<image.height {
      let from = row * image.width * 3
      let to = ((top + row) * sheet.width + left) * 3
      sheet.pixels.replaceSubrange(
        to..<to + image.width * 3,
        with: image.pixels[from..<from + image.width * 3]
      )
    }
  }

  private func write(
    _ text: String,
    into sheet: inout ImageBuffer,
    left: Int,
    top: Int,
    brightness: UInt8
  ) {
    let width = sheet.width
    SyntheticFont.forEachDot(of: text) { column, row in
      let index = ((top + row) * width + left + column) * 3
      for channel in 0..<3 { sheet.pixels[index + channel] = brightness }
    }
  }
}
