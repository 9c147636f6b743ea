import CKernels

/// Runs arithmetic that takes subnormal numbers, those nearer to zero than 2⁻¹²⁶ (of `Double` 2⁻¹⁰²²), for
/// zero: on this thread, and in the loops that it begins on a pool, whoever runs their chunks.
///
/// Processors compute with such numbers in microcode. A product of 120 × 1024 by 1024 × 512 whose first
/// factor is subnormal runs at 0.5 GFLOP/s instead of 85 (one core of a 2.5 GHz AVX-512 Xeon), and
/// gradients that pass through a saturated softmax have some.
///
/// - Parameter body: the arithmetic. What it calls inherits the mode; afterwards it is as before.
/// - Returns: what it returns.
/// - Throws: what it throws.
package func flushingSubnormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  try inMode(vbk_flushing_float_mode(), body)
}

/// Runs arithmetic in which subnormal numbers are numbers, whoever calls it.
///
/// - Parameter body: the arithmetic, as in ``flushingSubnormals(_:)``.
/// - Returns: what it returns.
/// - Throws: what it throws.
package func keepingSubnormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  try inMode(0, body)
}

/// Whether the calling thread takes subnormal numbers for zero.
package var flushesSubnormals: Bool { vbk_float_mode() != 0 }

private func inMode<Result>(
  _ mode: VBKFloatMode,
  _ body: () throws -> Result
) rethrows -> Result {
  let before = vbk_float_mode()
  vbk_set_float_mode(mode)
  defer { vbk_set_float_mode(before) }
  return try body()
}
