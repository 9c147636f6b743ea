import Autograd
import Foundation
import Kernels
import TestSupport
import Testing

/// Activations with their gradients.
struct ActivationTests {
  private static let file = "Autograd/activations.json"
  private static let tolerance = Tolerance(
    absolute: 4e-6,
    relative: 2e-6,
    reason: "erf is off by at most 6e-7 and weighted with |x|/2 ≤ 5 where it isn't ±1, dy up to 3"
  )

  private func check(
    _ prefix: String,
    isKink: @escaping (Double) -> Bool = { _ in false },
    _ reference: @escaping (Double) -> Double,
    _ operation: @escaping (Tape, Variable) -> Variable
  ) throws {
    for recorded in try RecordedCase.cases(Self.file, prefix) {
      try OperationCheck(
        inputs: ["x"],
        forward: Self.tolerance,
        backward: Self.tolerance,
        isKink: isKink,
        reference: { $0[0].map(reference) },
        operation: { operation($0, $1[0]) }
      ).run(recorded)
    }
  }

  @Test func relu() throws {
    try check("relu", isKink: { abs($0) < 1e-5 }, { max($0, 0) }) { $0.activation(.relu, $1) }
  }

  @Test func gelu() throws {
    try check("gelu", { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }) {
      $0.activation(.gelu, $1)
    }
  }

  @Test func quickGELU() throws {
    try check("quick-gelu", { $0 / (1 + exp(-1.702 * $0)) }) { $0.activation(.quickGELU, $1) }
  }

  @Test func sigmoid() throws {
    try check("sigmoid", { 1 / (1 + exp(-$0)) }) { $0.sigmoid($1) }
  }

  @Test func bitsDoNotDependOnThreads() {
    for kind in [Activation.relu, .gelu, .quickGELU] {
      expectSameBits([[3, 16_384 + 77]], "\(kind)") { $0.activation(kind, $1[0]) }
    }
    expectSameBits([[3, 16_384 + 77]], "sigmoid") { $0.sigmoid($1[0]) }
  }
}
