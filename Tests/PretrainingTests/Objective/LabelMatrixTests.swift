import Pretraining
import Testing

/// Packed labels.
struct LabelMatrixTests {
  /// 130 labels: three words per row.
  private static func row(_ labels: [Int]) -> [Bool] {
    (0..<130).map { labels.contains($0) }
  }

  @Test func cosinesAcrossWords() {
    let matrix = LabelMatrix(
      [[0, 63, 64, 129], [63, 64], [129], []].map(Self.row),
      columns: 130
    )
    #expect(matrix.count == 4 && matrix.columns == 130)
    #expect(abs(matrix.cosine(0, with: 1, of: matrix) - 2 / 8.0.squareRoot()) < 1e-15)
    #expect(matrix.cosine(0, with: 2, of: matrix) == 0.5)
    #expect(matrix.cosine(1, with: 2, of: matrix) == 0)
  }

  /// The same labels have a cosine of exactly 1, whatever their number, and none others.
  @Test func equalRowsAndOnlyThese() {
    let rows = (0..<130).map { last in Self.row(Array(0...last)) }
    let matrix = LabelMatrix(rows, columns: 130)
    let other = LabelMatrix(rows.reversed(), columns: 130)
    for row in 0..<130 {
      for column in 0..<130 {
        let isSame = row == 129 - column
        #expect((matrix.cosine(row, with: column, of: other) == 1) == isSame)
      }
    }
  }

  /// Two pairs without labels are alike; one without and one with are not.
  @Test func noLabels() {
    let matrix = LabelMatrix([[false, false], [true, false], [false, false]], columns: 2)
    #expect(matrix.cosine(0, with: 2, of: matrix) == 1)
    #expect(matrix.cosine(0, with: 1, of: matrix) == 0)
  }

  @Test func chosenRows() {
    let rows = [[0], [64, 5], [], [129]].map(Self.row)
    let matrix = LabelMatrix(rows, columns: 130)
    let order = [3, 1, 1, 0]
    #expect(matrix.rows(order) == LabelMatrix(order.map { rows[$0] }, columns: 130))
    #expect(matrix.rows([]).count == 0)
  }

  @Test func appended() {
    let rows = [[0], [64, 5], [], [129]].map(Self.row)
    let both = LabelMatrix(Array(rows[..<1]), columns: 130)
      .appending(LabelMatrix(Array(rows[1...]), columns: 130))
    #expect(both == LabelMatrix(rows, columns: 130))
  }

  /// Numbers in the order of first pairs; labels that only the last word tells apart.
  @Test func groups() {
    let rows = [[1], [1, 129], [1], [], [1, 129], [1, 128]].map(Self.row)
    let (numbers, labels) = LabelMatrix(rows, columns: 130).groups()
    #expect(numbers == [0, 1, 0, 2, 1, 3])
    #expect(labels == LabelMatrix([0, 1, 3, 5].map { rows[$0] }, columns: 130))
    let none = LabelMatrix([[], [], []], columns: 0).groups()
    #expect(none.numbers == [0, 0, 0] && none.labels.count == 1)
  }

  /// Of 4 · 3 ordered twos, three pairs of the same labels make 6.
  @Test func sharedShare() {
    let rows = [[1, 65], [1, 65], [65], [1, 65]].map(Self.row)
    #expect(LabelMatrix(rows, columns: 130).sharedShare == 0.5)
    #expect(LabelMatrix(rows, columns: 130).rows([0]).sharedShare == 0)
    #expect(LabelMatrix([], columns: 130).sharedShare == 0)
  }

  /// A row of another length is a mistake.
  @Test func unevenRows() async {
    await #expect(processExitsWith: .failure) {
      _ = LabelMatrix([[true, false], [true]], columns: 2)
    }
  }

  /// So are labels of another table.
  @Test func otherColumns() async {
    await #expect(processExitsWith: .failure) {
      let (one, other) = (
        LabelMatrix([[true]], columns: 1), LabelMatrix([[true, false]], columns: 2)
      )
      _ = one.cosine(0, with: 0, of: other)
    }
  }
}
