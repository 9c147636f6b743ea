/// Which labels pairs have: rows of bits, packed.
package struct LabelMatrix: Equatable, Sendable {
  /// How many pairs there are.
  package let count: Int
  /// How many labels a pair may have.
  package let columns: Int
  /// Rows of `wordsPerRow` words, the first label in the lowest bit; unused bits are 0.
  private let words: [UInt64]
  /// How many labels each pair has.
  private let sizes: [Int]

  /// Packs multi-hot vectors.
  ///
  /// - Parameters:
  ///   - rows: one vector per pair.
  ///   - columns: how many labels each of them has room for.
  package init(_ rows: [[Bool]], columns: Int) {
    let width = Self.wordsPerRow(columns)
    var words = [UInt64](repeating: 0, count: rows.count * width)
    for (index, row) in rows.enumerated() {
      precondition(row.count == columns, "a row of \(row.count) among rows of \(columns) labels")
      for (label, isPresent) in row.enumerated() where isPresent {
        words[index * width + label / 64] |= 1 << UInt64(label % 64)
      }
    }
    count = rows.count
    self.columns = columns
    self.words = words
    sizes = rows.map { row in row.count(where: \.self) }
  }

  private init(count: Int, columns: Int, words: [UInt64], sizes: [Int]) {
    self.count = count
    self.columns = columns
    self.words = words
    self.sizes = sizes
  }

  /// Some of the pairs.
  ///
  /// - Parameter indices: which, in 0..<count, in any order.
  /// - Returns: their labels, in that order.
  package func rows(_ indices: [Int]) -> LabelMatrix {
    LabelMatrix(
      count: indices.count,
      columns: columns,
      words: indices.flatMap { words(ofRow: $0) },
      sizes: indices.map { sizes[$0] }
    )
  }

  /// These pairs, then others.
  ///
  /// - Parameter other: of as many columns.
  /// - Returns: `count` + `other.count` rows.
  package func appending(_ other: LabelMatrix) -> LabelMatrix {
    precondition(columns == other.columns, "labels of \(columns) and of \(other.columns) columns")
    return LabelMatrix(
      count: count + other.count,
      columns: columns,
      words: words + other.words,
      sizes: sizes + other.sizes
    )
  }

  /// Puts pairs of the same labels together.
  ///
  /// - Returns: the number of each pair's group, from 0 in the order of their first pairs; and the
  ///   labels of each group.
  package func groups() -> (numbers: [Int], labels: LabelMatrix) {
    var numbers: [ArraySlice<UInt64>: Int] = [:]
    var firsts: [Int] = []
    let groups = (0..<count).map { row in
      let words = words(ofRow: row)
      if let number = numbers[words] { return number }
      numbers[words] = firsts.count
      firsts.append(row)
      return firsts.count - 1
    }
    return (groups, rows(firsts))
  }

  /// How likely two different pairs have the same labels: the share of InfoNCE's false negatives.
  ///
  /// In 0...1; 0 for fewer than two pairs.
  package var sharedShare: Double {
    guard count > 1 else { return 0 }
    let (numbers, labels) = groups()
    var sizes = [Int](repeating: 0, count: labels.count)
    for number in numbers { sizes[number] += 1 }
    let shared = sizes.reduce(0.0) { $0 + Double($1) * Double($1 - 1) }
    return shared / (Double(count) * Double(count - 1))
  }

  private func words(ofRow row: Int) -> ArraySlice<UInt64> {
    let width = Self.wordsPerRow(columns)
    return words[row * width..<(row + 1) * width]
  }

  private static func wordsPerRow(_ columns: Int) -> Int { (columns + 63) / 64 }

  /// The cosine of two pairs' label vectors: how alike their labels are.
  ///
  /// Exactly 1 for the same labels, and only then. Where a vector is 0 the cosine isn't defined: two
  /// pairs without labels count as alike (1), a pair without and one with labels as unlike (0).
  ///
  /// - Parameters:
  ///   - row: of this matrix.
  ///   - otherRow: of the other one.
  ///   - other: of as many columns; may be this one.
  /// - Returns: in 0...1.
  package func cosine(_ row: Int, with otherRow: Int, of other: LabelMatrix) -> Double {
    let (size, otherSize) = (sizes[row], other.sizes[otherRow])
    guard size > 0, otherSize > 0 else { return size == otherSize ? 1 : 0 }
    // √(n·n) is n exactly, and √(n·m) is above the smaller one: equality is 1, all else below.
    return Double(shared(row, otherRow, of: other)) / Double(size * otherSize).squareRoot()
  }

  /// How many labels two pairs share.
  private func shared(_ row: Int, _ otherRow: Int, of other: LabelMatrix) -> Int {
    precondition(columns == other.columns, "labels of \(columns) and of \(other.columns) columns")
    let width = Self.wordsPerRow(columns)
    return (0..<width).reduce(0) { sum, word in
      sum + (words[row * width + word] & other.words[otherRow * width + word]).nonzeroBitCount
    }
  }
}
