import CKernels

/// The two passes of a resampling, compiled for one instruction set.
///
/// Safe to hold; whoever calls a pass answers for its pointers.
@safe package struct ResizeKernel: Sendable {
  /// The horizontal pass's name, which names the instruction set.
  package let name: String
  let needs: VBKInstructionSet
  let rows:
    @Sendable (
      UnsafePointer<VBKResizeAxis>?, Int, Int, UnsafePointer<UInt8>?, Int,
      UnsafeMutablePointer<UInt8>?, Int
    ) -> Void
  let columns:
    @Sendable (
      Int, UnsafePointer<Int16>?, UnsafePointer<Int16>?, Int, UnsafePointer<UInt8>?, Int,
      UnsafeMutablePointer<UInt8>?
    ) -> Void

  /// Every variant that this machine runs, best first, the scalar reference last.
  package static let available: [ResizeKernel] = {
    var count = 0
    let rows = unsafe UnsafeBufferPointer(
      start: vbk_resize_rows_rgb8_variants(&count),
      count: count
    )
    let columns = unsafe UnsafeBufferPointer(
      start: vbk_resize_columns_u8_variants(&count),
      count: count
    )
    let best = vbk_best_instruction_set()
    return unsafe zip(rows, columns).compactMap { row, column in
      guard unsafe row.needs.rawValue <= best.rawValue, let runRows = unsafe row.run,
        let runColumns = unsafe column.run
      else { return nil }
      return unsafe ResizeKernel(
        name: String(cString: row.name),
        needs: row.needs,
        rows: runRows,
        columns: runColumns
      )
    }
  }()

  /// The best variant for this machine.
  package static let best = available[0]
}
