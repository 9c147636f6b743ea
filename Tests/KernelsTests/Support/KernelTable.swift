import CKernels
import Testing

/// One variant of a C kernel, behind a closure that takes guarded memory.
struct Variant<Call> {
  let name: String
  let run: Call
}

/// A C kernel: its scalar reference and the other variants that this machine runs.
struct KernelTable<Call> {
  let reference: Variant<Call>
  let others: [Variant<Call>]

  /// The reference among them.
  var all: [Variant<Call>] { others + [reference] }

  /// Reads a kernel's table.
  ///
  /// - Parameters:
  ///   - table: the C function that returns the table and its length.
  ///   - fields: a row's name, what it needs, and its function behind a closure.
  /// - Throws: when a row has no name, or there is no row.
  init<Row>(
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<Row>?,
    _ fields: (Row) -> (UnsafePointer<CChar>?, VBKInstructionSet, Call)
  ) throws {
    var count = 0
    let first = unsafe table(&count)
    var variants: [Variant<Call>] = []
    let rows = unsafe UnsafeBufferPointer(start: first, count: count)
    for index in 0..<count {
      let (name, needs, run) = unsafe fields(rows[index])
      guard needs.rawValue <= vbk_best_instruction_set().rawValue else { continue }
      let text = unsafe name.map { unsafe String(cString: $0) }
      variants.append(Variant(name: try #require(text), run: run))
    }
    let last = variants.popLast()
    reference = try #require(last)
    others = variants
    #expect(reference.name.hasSuffix("__scalar"), "the table ends with \(reference.name)")
  }
}
