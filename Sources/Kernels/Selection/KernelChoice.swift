import CKernels

/// The variant of one C kernel that this process uses.
@safe package struct KernelChoice<Function: Sendable>: Sendable {
  /// The variant's name, such as `vbk_layer_norm_f32__avx512`.
  package let name: String
  /// The C function.
  let run: Function
}

extension KernelChoice {
  /// Takes the first variant of a table, best first, that needs no more than the given tier.
  ///
  /// - Parameters:
  ///   - tier: the best instruction set allowed.
  ///   - table: the C function that returns the table and its length.
  ///   - name: a row's name.
  ///   - needs: what a row needs.
  ///   - run: a row's function.
  init<Variant>(
    upTo tier: InstructionSet,
    _ table: (UnsafeMutablePointer<Int>?) -> UnsafePointer<Variant>?,
    name: (Variant) -> UnsafePointer<CChar>?,
    needs: (Variant) -> VBKInstructionSet,
    run: (Variant) -> Function?
  ) {
    var count = 0
    let first = unsafe table(&count)
    let rows = unsafe Array(UnsafeBufferPointer(start: first, count: count))
    for index in rows.indices {
      let row = rows[index]
      guard needs(row).rawValue <= tier.rank, let function = run(row),
        let name = unsafe name(row)
      else { continue }
      self.init(name: unsafe String(cString: name), run: function)
      return
    }
    preconditionFailure("a kernel's table of variants ends with the scalar reference")
  }
}

/// The tiers of instruction sets that kernels are written for.
package enum InstructionSet: String, CaseIterable, Sendable, Comparable {
  /// The references, in plain C.
  case scalar
  /// AVX2 with FMA.
  case avx2
  /// AVX-512 F, BW, DQ, VL.
  case avx512

  /// The best tier of this machine; the environment variable `VBENCH_ISA` can lower it.
  package static let best: InstructionSet = {
    let best = vbk_best_instruction_set()
    return allCases.last { $0.rank <= best.rawValue } ?? .scalar
  }()

  var rank: UInt32 {
    switch self {
    case .scalar: VBK_ISA_SCALAR.rawValue
    case .avx2: VBK_ISA_AVX2.rawValue
    case .avx512: VBK_ISA_AVX512.rawValue
    }
  }

  /// Whether the first tier has fewer instructions than the second.
  package static func < (first: InstructionSet, second: InstructionSet) -> Bool {
    first.rank < second.rank
  }
}
