import CKernels
import TestSupport
import Testing

/// All variants of the poolings' gradients against the scalar references.
struct PoolingGradientVariantTests {
  typealias CellsCall =
    (VBKPoolShape, Range<Int>, GuardedFloats, GuardedFloats, GuardedFloats) -> Void
  typealias GradientCall =
    (VBKPoolShape, Range<Int>, GuardedFloats, GuardedFloats, Bool, GuardedFloats) -> Void

  private static let average = Tolerance(
    absolute: 2e-6,
    relative: 1e-6,
    reason: "up to 16 float32 shares of magnitude 1 are added"
  )

  /// Takes (shape, output rows, x, y, cells).
  private static func cells() throws -> KernelTable<CellsCall> {
    try unsafe KernelTable(vbk_max_pool_cells_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, rows, x, y, cells in
          var shape = shape
          let bytes = unsafe UnsafeMutableRawPointer(cells.pointer)
            .assumingMemoryBound(to: UInt8.self)
          unsafe run?(&shape, rows.lowerBound, rows.upperBound, x.pointer, y.pointer, bytes)
        }
      )
    }
  }

  /// Takes (shape, input rows, dy, cells, adds, dx).
  private static func maximum() throws -> KernelTable<GradientCall> {
    try unsafe KernelTable(vbk_max_pool_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, rows, dy, cells, adds, dx in
          var shape = shape
          let bytes = unsafe UnsafeRawPointer(cells.pointer).assumingMemoryBound(to: UInt8.self)
          let (first, end) = (rows.lowerBound, rows.upperBound)
          unsafe run?(&shape, first, end, dy.pointer, bytes, adds ? 1 : 0, dx.pointer)
        }
      )
    }
  }

  private static func mean() throws -> KernelTable<GradientCall> {
    try unsafe KernelTable(vbk_average_pool_gradient_f32_variants) { row in
      let run = unsafe row.run
      return unsafe (
        row.name, row.needs,
        { shape, rows, dy, _, adds, dx in
          var shape = shape
          let (first, end) = (rows.lowerBound, rows.upperBound)
          unsafe run?(&shape, first, end, dy.pointer, adds ? 1 : 0, dx.pointer)
        }
      )
    }
  }

  /// The bytes of a call's cells, as many as outputs.
  private static func bytes(_ cells: GuardedFloats, _ count: Int) -> [UInt8] {
    cells.values.map(\.bitPattern).flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }.dropLast(cells.count * 4 - count)
  }

  @Test(arguments: PoolingVariantTests.cases, [1, 3, 15, 16, 17, 31, 33])
  func equalTheReferences(_ pooling: PoolingVariantTests.Case, channels: Int) throws {
    let shape = pooling.shape(channels: channels)
    let outputs = shape.outputHeight * shape.outputWidth * channels
    let inputs = pooling.height * pooling.width * channels
    // Few different numbers, so that many windows have several largest cells.
    let x = GuardedFloats(integers(inputs, seed: 1))
    let table = try Self.cells()
    func chosen(_ run: CellsCall) -> ([Float], GuardedFloats) {
      let (y, cells) = (GuardedFloats(count: outputs), GuardedFloats(count: (outputs + 3) / 4))
      run(shape, 0..<shape.outputHeight, x, y, cells)
      #expect(y.isIntact && cells.isIntact)
      return (y.values, cells)
    }
    let (largest, cells) = chosen(table.reference.run)
    for variant in table.others {
      let context = "\(variant.name), \(pooling), \(channels)"
      let (values, own) = chosen(variant.run)
      expect(values, equal: largest, context)
      #expect(Self.bytes(own, outputs) == Self.bytes(cells, outputs), "\(context)")
    }
    let dy = GuardedFloats(integers(outputs, seed: 2))
    for (table, tolerance) in [(try Self.maximum(), .exact), (try Self.mean(), Self.average)] {
      for adds in [false, true] {
        func gradient(_ run: GradientCall) -> [Float] {
          let dx = GuardedFloats(
            adds ? integers(inputs, seed: 3) : [Float](repeating: .nan, count: inputs)
          )
          // Two calls, as two threads would make them.
          run(shape, 0..<pooling.height / 2, dy, cells, adds, dx)
          run(shape, pooling.height / 2..<pooling.height, dy, cells, adds, dx)
          #expect(dx.isIntact)
          return dx.values
        }
        let wanted = gradient(table.reference.run)
        #expect(wanted.allSatisfy { $0.isFinite })
        for variant in table.others {
          let context = "\(variant.name), \(pooling), \(channels), adds \(adds)"
          expect(gradient(variant.run), equal: wanted, within: tolerance, context)
        }
      }
    }
  }
}
