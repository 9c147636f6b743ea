import CKernels
package import Parallelism

/// Which input rows each output row is a weighted sum of.
package struct RowTaps: Sendable {
  /// How many rows the input has.
  package let inputCount: Int
  /// Output r takes taps starts[r] ..< starts[r + 1].
  let starts: [Int32]
  let rows: [Int32]
  let weights: [Float]

  /// Puts taps together.
  ///
  /// - Parameters:
  ///   - taps: for each output row the input rows, each in 0..<inputCount, and their weights.
  ///   - inputCount: how many rows the input has.
  package init(_ taps: [[(row: Int, weight: Float)]], inputCount: Int) {
    let all = taps.joined()
    precondition(
      all.allSatisfy { (0..<inputCount).contains($0.row) },
      "taps outside \(inputCount) rows"
    )
    self.inputCount = inputCount
    starts = taps.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int32($1.count)) }
    rows = all.map { Int32($0.row) }
    weights = all.map(\.weight)
  }

  /// How many rows the output has.
  package var outputCount: Int { starts.count - 1 }

  /// The taps by which gradients flow back: from each input row to the outputs that took it.
  package var transposed: RowTaps {
    var taps = [[(row: Int, weight: Float)]](repeating: [], count: inputCount)
    for output in 0..<outputCount {
      for tap in Int(starts[output])..<Int(starts[output + 1]) {
        taps[Int(rows[tap])].append((output, weights[tap]))
      }
    }
    return RowTaps(taps, inputCount: outputCount)
  }
}

extension ComputeContext {
  /// y[r] = Σ weight · x[row] over the taps of r, for each of several groups of rows.
  ///
  /// - Parameters:
  ///   - taps: which rows are summed; the same in each group.
  ///   - x: G groups of `taps.inputCount` rows of C floats.
  ///   - columns: C.
  ///   - y: G groups of `taps.outputCount` rows; x and y don't overlap.
  ///   - adds: whether y is added to or overwritten.
  package func sumRows(
    _ taps: RowTaps,
    _ x: MemoryView<Float>,
    columns: Int,
    into y: MemoryView<Float>,
    adds: Bool
  ) {
    let (inputSize, outputCount) = (taps.inputCount * columns, taps.outputCount)
    let groups = inputSize > 0 ? x.count / inputSize : 0
    precondition(
      x.count == groups * inputSize && y.count == groups * outputCount * columns,
      "sums of \(taps.inputCount) to \(outputCount) rows of \(columns): \(x.count) into \(y.count)"
    )
    let run = unsafe kernels.dropout.weightedRows.run
    pool.forEachChunk(of: groups * outputCount, grain: rowGrain(columns)) { range in
      unsafe taps.withPointer { taps in
        var row = range.lowerBound
        while row < range.upperBound {
          let group = row / outputCount
          let end = min(range.upperBound, (group + 1) * outputCount)
          unsafe run(
            taps,
            row - group * outputCount,
            end - row,
            columns,
            x.rows(group..<group + 1, width: inputSize).pointer,
            adds ? 1 : 0,
            y.rows(row..<end, width: columns).pointer
          )
          row = end
        }
      }
    }
  }
}

extension RowTaps {
  /// Lends the arrays to a C kernel.
  @unsafe fileprivate func withPointer(_ body: (UnsafePointer<VBKRowTaps>) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe rows.withUnsafeBufferPointer { rows in
        unsafe weights.withUnsafeBufferPointer { weights in
          var taps = unsafe VBKRowTaps(
            starts: starts.baseAddress,
            rows: rows.baseAddress,
            weights: weights.baseAddress
          )
          unsafe body(&taps)
        }
      }
    }
  }
}
