import Optimizers
import Tensors
import Testing

/// Norms in double, clipping as PyTorch's `clip_grad_norm_`, and gradients that are no numbers.
struct GradientNormTests {
  private let device = Device(threadCount: 2)

  private func tensors(_ values: [[Float]?]) -> [Tensor?] {
    values.map { values in values.map { Tensor($0, shape: [$0.count], on: device) } }
  }

  @Test func lengthOfAllTogether() {
    let norm = GradientNorm(of: tensors([[3], nil, [], [0, -4, 12]]), on: device)
    #expect(norm.squares == [9, nil, 0, 160])
    #expect(norm.total == 13)
    #expect(norm.clipFactor(maximum: 20) == 1)
    #expect(norm.clipFactor(maximum: 1) == 1 / (13 + 1e-6))
    #expect(norm.gradientScale(clippingTo: nil) == 1)
  }

  /// Sums over four batches: the mean's length is clipped.
  @Test func scaleComesBeforeClipping() {
    let norm = GradientNorm(of: tensors([[12, 16]]), scale: 0.25, on: device)
    #expect(norm.total == 5)
    #expect(norm.gradientScale(clippingTo: 10) == 0.25)
    #expect(norm.gradientScale(clippingTo: 2.5) == 0.25 * 2.5 / (5 + 1e-6))
  }

  /// Floats whose squares float32 can't hold.
  @Test func largeAndSmallFloats() {
    let norm = GradientNorm(
      of: tensors([[3e30, 4e30], [Float.leastNonzeroMagnitude]]),
      on: device
    )
    #expect(abs(norm.total / 5e30 - 1) < 1e-6)
    #expect(norm.firstNonFinite == nil)
    #expect((norm.squares[1] ?? 0) > 0)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func nonFiniteGradientsAreFound(_ value: Float) {
    var values = [Float](repeating: 1, count: 70_001)
    values[70_000] = value
    let norm = GradientNorm(of: tensors([[1, 2], nil, values, [value]]), on: device)
    #expect(norm.firstNonFinite == 2)
    #expect(norm.total.isNaN == value.isNaN && !norm.total.isFinite)
    #expect(value.isNaN ? norm.clipFactor(maximum: 1).isNaN : norm.clipFactor(maximum: 1) == 0)
  }
}
