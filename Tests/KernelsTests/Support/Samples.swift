import Randomness
import TestSupport
import Testing

/// Row lengths around both vector widths, primes, and those of real models.
let lengths = [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 61, 127, 197, 577, 768, 1024, 3072]

/// Uniform floats in ±bound.
func uniforms(_ count: Int, seed: UInt64, bound: Float = 1) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in (2 * Float(source.nextUniform()) - 1) * bound }
}

/// Whole numbers in −3…3, whose sums of products float32 holds exactly.
func integers(_ count: Int, seed: UInt64) -> [Float] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in Float(source.nextIndex(below: 7)) - 3 }
}

/// Records what differs, if anything does.
func expect(
  _ values: [Float],
  equal references: [Float],
  within tolerance: Tolerance = .exact,
  _ context: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let difference = mismatch(values, references, within: tolerance, context: context)
  #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
}
