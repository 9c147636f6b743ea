import CKernels
import Randomness
import TestSupport
import Testing

/// All variants of dropout and of sums of rows against the scalar references.
struct DropoutVariantTests {
  /// Takes (first, key, threshold, factor, x, y).
  typealias DropoutCall =
    (UInt64, UInt64, UInt32, Float, GuardedFloats, GuardedFloats) -> Void
  /// Takes ([starts, rows], weights, first, count, x, adds, y).
  typealias RowsCall =
    ([[Int32]], GuardedFloats, Range<Int>, GuardedFloats, Bool, GuardedFloats) -> Void

  private static func dropout() throws -> KernelTable<DropoutCall> {
    try unsafe KernelTable(vbk_dropout_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { unsafe run?($5.count, $0, $1, $2, $3, $4.pointer, $5.pointer) }
      )
    }
  }

  private static func weightedRows() throws -> KernelTable<RowsCall> {
    try unsafe KernelTable(vbk_weighted_rows_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { taps, weights, range, x, adds, y in
          unsafe taps[0].withUnsafeBufferPointer { starts in
            unsafe taps[1].withUnsafeBufferPointer { rows in
              var all = unsafe VBKRowTaps(
                starts: starts.baseAddress,
                rows: rows.baseAddress,
                weights: weights.pointer
              )
              let columns = y.count / range.count
              unsafe run?(
                &all,
                range.lowerBound,
                range.count,
                columns,
                x.pointer,
                adds ? 1 : 0,
                y.pointer
              )
            }
          }
        }
      )
    }
  }

  /// Equal bits on all variants, from Philox as `Randomness` has it; also behind 2³² blocks.
  @Test(arguments: [0, 1, 15, 16, 17, 31, 33, 63, 64, 65, 127, 1009], [0, 64, 1 << 34 - 64])
  func drawsArePhilox(count: Int, first: Int) throws {
    let (key, threshold): (UInt64, UInt32) = (0x0123_4567_89AB_CDEF, 1_500_000_000)
    let x = uniforms(count, seed: 1)
    let words = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    let wanted = x.indices.map { index in
      let (element, place) = (UInt64(first + index), (first + index) % 64)
      let counter = element / 64 * 16 + UInt64(place % 16)
      let low = UInt32(truncatingIfNeeded: counter)
      let block = philox(SIMD4(low, UInt32(counter >> 32), 0, 0), words)
      return block[place / 16] >= threshold ? x[index] * 1.5 : 0
    }
    for variant in try Self.dropout().all {
      let (input, y) = (GuardedFloats(x), GuardedFloats(count: count))
      variant.run(UInt64(first), key, threshold, 1.5, input, y)
      expect(y.values, equal: wanted, "\(variant.name), \(count) from \(first)")
      variant.run(UInt64(first), key, threshold, 1.5, input, input)
      expect(input.values, equal: wanted, "\(variant.name), \(count) in place")
      #expect(y.isIntact && input.isIntact)
    }
  }

  @Test(arguments: [1, 7, 8, 9, 15, 16, 17, 31, 33, 61], [false, true])
  func weightedRowsEqualTheReference(columns: Int, adds: Bool) throws {
    // Rows without taps, with one and with several.
    let starts: [Int32] = [0, 2, 2, 3, 7]
    let rows: [Int32] = [0, 4, 2, 1, 1, 3, 0]
    let weights = GuardedFloats(integers(7, seed: 2))
    let x = GuardedFloats(integers(5 * columns, seed: 3))
    let table = try Self.weightedRows()
    for range in [0..<4, 1..<3] {
      func results(_ run: RowsCall) -> [Float] {
        let before = adds ? integers(range.count * columns, seed: 4) : nil
        let y = before.map { GuardedFloats($0) } ?? GuardedFloats(count: range.count * columns)
        run([starts, rows], weights, range, x, adds, y)
        #expect(y.isIntact)
        return y.values
      }
      let wanted = results(table.reference.run)
      #expect(adds || wanted.prefix(columns).contains { $0 != 0 } || range.lowerBound == 1)
      for variant in table.others {
        expect(results(variant.run), equal: wanted, "\(variant.name), \(columns), \(range)")
      }
    }
  }
}
