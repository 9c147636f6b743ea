import CKernels
package import Parallelism

extension ComputeContext {
  /// The gradient of a table from that of rows looked up in it: dTable[i] = Σ dy[r] over the rows r
  /// with indices[r] = i, or dTable[i] += that.
  ///
  /// The rows of each index are summed in double in their order. Rows of the table that nobody looked
  /// up are set to zero, or left alone where the gradient is added: then only the others are touched.
  ///
  /// - Parameters:
  ///   - indices: R rows of the table, each inside it.
  ///   - dy: R rows of `width` floats.
  ///   - width: how many floats a row has; at least 1.
  ///   - adds: whether the gradient is added to what dTable holds.
  ///   - dTable: V rows of `width` floats.
  /// - Complexity: O(V + R) beside the sums.
  package func embeddingGradient(
    of indices: [Int32],
    _ dy: MemoryView<Float>,
    width: Int,
    adds: Bool,
    into dTable: MemoryView<Float>
  ) {
    precondition(
      width > 0 && dTable.count % width == 0 && dy.count == indices.count * width,
      "the gradient of \(indices.count) rows of \(width) in \(dy.count) into \(dTable.count) floats"
    )
    let groups = RowGroups(indices, rowCount: dTable.count / width)
    if !adds { fill(dTable, with: 0) }
    let run = unsafe kernels.gradients.rows.sumRows.run
    // Few long groups, as of segments, are cut by columns so that all threads work.
    let block = 256
    let blocks = (width + block - 1) / block
    pool.forEachChunk(of: groups.rows.count * blocks, grain: 4) { range in
      for task in range {
        let (group, first) = (task / blocks, task % blocks * block)
        let columns = first..<min(first + block, width)
        let members = groups.members[groups.starts[group]..<groups.starts[group + 1]]
        let row = dTable.rows(groups.rows[group]..<groups.rows[group] + 1, width: width)
        unsafe members.withUnsafeBufferPointer { members in
          unsafe run(
            members.count,
            columns.count,
            width,
            members.baseAddress,
            nil,
            dy.pointer + first,
            1,
            row[columns].pointer
          )
        }
      }
    }
  }
}

/// Which lookups chose which row of a table.
private struct RowGroups: Sendable {
  /// The rows that were chosen, in ascending order.
  private(set) var rows: [Int] = []
  /// Where each row's lookups start among `members`, and where the last row's end.
  private(set) var starts: [Int] = [0]
  /// The lookups, row by row, in their order.
  private(set) var members: [Int32]

  /// Sorts lookups by counting.
  init(_ indices: [Int32], rowCount: Int) {
    var places = [Int](repeating: 0, count: rowCount + 1)
    for index in indices {
      precondition(index >= 0 && index < rowCount, "row \(index) of a table of \(rowCount)")
      places[Int(index) + 1] += 1
    }
    for row in 0..<rowCount where places[row + 1] > 0 {
      rows.append(row)
      starts.append(starts[starts.count - 1] + places[row + 1])
    }
    for row in 0..<rowCount { places[row + 1] += places[row] }
    members = [Int32](repeating: 0, count: indices.count)
    for (lookup, index) in indices.enumerated() {
      members[places[Int(index)]] = Int32(lookup)
      places[Int(index)] += 1
    }
  }
}
