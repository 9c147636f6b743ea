/// Resizes an image whose rows come from top to bottom, a few at a time.
///
/// Each row goes through the horizontal pass as it arrives; only the rows that the next output row
/// needs are kept, at `outputWidth × 3` bytes each. (Where the plan is to resize columns first, input
/// rows are kept and each finished row goes through the horizontal pass.) Rows that no output needs are skipped. The bits
/// are those of the two whole passes, and of Pillow.
package struct RowResizer {
  private let plan: ResizePlan
  private let kernel: ResizeKernel
  /// Rows before the vertical pass; the first `keptCount × keptStride` bytes are in use.
  private var kept: [UInt8]
  /// How many bytes a kept row has.
  private let keptStride: Int
  /// How many rows `kept` has room for.
  private let capacity: Int
  /// Which input row `kept` begins with.
  private var firstKept: Int
  private var keptCount = 0
  /// How many input rows have been seen.
  private var seen = 0
  /// The next output row.
  private var next = 0

  /// Prepares to resize one image.
  ///
  /// - Parameters:
  ///   - plan: what to compute.
  ///   - kernel: which variant computes it.
  package init(_ plan: ResizePlan, kernel: ResizeKernel = .best) {
    self.plan = plan
    self.kernel = kernel
    let taps = plan.vertical.counts.max().map(Int.init) ?? 1
    capacity = 2 * taps + 32
    keptStride = plan.isVerticalFirst ? plan.inputWidth * 3 : plan.outputStride
    kept = [UInt8](repeating: 0, count: capacity * keptStride)
    firstKept = plan.vertical.inputs(of: 0).lowerBound
  }

  /// Takes the next input rows and hands out every output row that they complete.
  ///
  /// - Parameters:
  ///   - input: `rows × stride` bytes, of which each row's first `inputWidth × 3` are used.
  ///   - rows: how many rows come.
  ///   - stride: how many bytes lie between the beginnings of two rows.
  ///   - finish: receives output rows in order: the index and `outputWidth × 3` bytes.
  package mutating func push(
    _ input: UnsafeBufferPointer<UInt8>,
    rows: Int,
    stride: Int,
    finish: (Int, UnsafeBufferPointer<UInt8>) -> Void
  ) {
    precondition(
      seen + rows <= plan.inputHeight && stride >= plan.inputWidth * 3
        && input.count >= rows * stride,
      "\(rows) rows of \(stride) bytes after \(seen) of \(plan.inputHeight)"
    )
    var row = 0
    while row < rows, next < plan.outputHeight {
      makeRoom(for: rows - row)
      let skipped = min(rows - row, max(firstKept - (seen + row), 0))  // no output needs them
      row += skipped
      let count = min(rows - row, capacity - keptCount)
      unsafe keep(input.baseAddress?.advanced(by: row * stride), count, stride)
      row += count
      unsafe finishRows(finish)
    }
    seen += rows
  }

  /// Drops the rows that no further output needs, where the next ones would find no room.
  ///
  /// - Parameter rows: how many rows come.
  private mutating func makeRoom(for rows: Int) {
    let needed = plan.vertical.inputs(of: next).lowerBound
    let dropped = min(needed - firstKept, keptCount)
    guard capacity - keptCount < rows || dropped == keptCount else { return }
    let (moved, bytes) = (keptCount - dropped, keptStride)
    if moved > 0, dropped > 0 {
      unsafe kept.withUnsafeMutableBytes { kept in
        let source = unsafe UnsafeRawBufferPointer(
          rebasing: kept[dropped * bytes..<(dropped + moved) * bytes]
        )
        unsafe kept.copyMemory(from: source)
      }
    }
    keptCount = moved
    firstKept = moved == 0 ? max(needed, firstKept) : firstKept + dropped
  }

  /// Takes rows in, through the horizontal pass where it comes first.
  private mutating func keep(_ input: UnsafePointer<UInt8>?, _ rows: Int, _ stride: Int) {
    guard rows > 0, let input = unsafe input else { return }
    let (plan, kernel, offset, keptStride) = (plan, kernel, keptCount * keptStride, keptStride)
    unsafe kept.withUnsafeMutableBufferPointer { kept in
      guard let target = unsafe kept.baseAddress?.advanced(by: offset) else { return }
      if plan.isVerticalFirst {
        for row in 0..<rows {
          unsafe target.advanced(by: row * keptStride)
            .update(from: input.advanced(by: row * stride), count: keptStride)
        }
      } else {
        unsafe plan.horizontal.withKernelAxis { axis in
          unsafe kernel.rows(axis, rows, plan.inputWidth, input, stride, target, keptStride)
        }
      }
    }
    keptCount += rows
  }

  /// Computes every output row whose inputs are all there.
  private mutating func finishRows(_ finish: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
    let bytes = plan.outputStride
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes + keptStride) { room in
      let output = unsafe UnsafeMutableBufferPointer(rebasing: room[..<bytes])
      let combined = unsafe UnsafeMutableBufferPointer(rebasing: room[bytes...])
      while next < plan.outputHeight {
        guard plan.vertical.inputs(of: next).upperBound <= firstKept + keptCount else { return }
        if plan.isVerticalFirst {
          unsafe combineRows(into: combined)
          unsafe plan.horizontal.withKernelAxis { axis in
            unsafe kernel.rows(
              axis,
              1,
              plan.inputWidth,
              combined.baseAddress,
              keptStride,
              output.baseAddress,
              bytes
            )
          }
        } else {
          unsafe combineRows(into: output)
        }
        unsafe finish(next, UnsafeBufferPointer(output))
        next += 1
      }
    }
  }

  /// The vertical pass of the next output row: `keptStride` bytes.
  private func combineRows(into target: UnsafeMutableBufferPointer<UInt8>) {
    let inputs = plan.vertical.inputs(of: next)
    let weights = next * plan.vertical.tapStride
    unsafe kept.withUnsafeBufferPointer { kept in
      unsafe plan.vertical.high.withUnsafeBufferPointer { high in
        unsafe plan.vertical.low.withUnsafeBufferPointer { low in
          unsafe kernel.columns(
            inputs.count,
            high.baseAddress?.advanced(by: weights),
            low.baseAddress?.advanced(by: weights),
            keptStride,
            kept.baseAddress?.advanced(by: (inputs.lowerBound - firstKept) * keptStride),
            keptStride,
            target.baseAddress
          )
        }
      }
    }
  }
}
