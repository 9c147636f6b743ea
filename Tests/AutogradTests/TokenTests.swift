import Autograd
import TestSupport
import Testing

/// Tokens chosen, averaged and put before others, with their gradients.
struct TokenTests {
  private static let tolerance = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "sums of at most four float32 numbers"
  )
  // As in the script: B = 3, T = 4, C = 5.
  private static let (batch, tokens, width) = (3, 4, 5)

  private func check(
    _ name: String,
    _ inputs: [String],
    _ reference: @escaping Reference,
    _ operation: @escaping (Tape, [Variable]) -> Variable
  ) throws {
    let recorded = try #require(
      try RecordedCase.cases("Autograd/tokens.json", name).first { $0.name == name }
    )
    try OperationCheck(
      inputs: inputs,
      forward: Self.tolerance,
      backward: Self.tolerance,
      reference: reference,
      operation: operation
    ).run(recorded)
  }

  /// x[b, t, c] of a value [B, T, C].
  private static func at(_ x: [Double], _ b: Int, _ t: Int, _ c: Int) -> Double {
    x[(b * tokens + t) * width + c]
  }

  private static func mean(_ x: [Double], _ b: Int, _ c: Int, over range: Range<Int>) -> Double {
    range.reduce(0) { $0 + at(x, b, $1, c) } / Double(range.count)
  }

  /// first[b, c] before x[b], positions added.
  private static func before(
    _ x: [Double],
    _ positions: [Double],
    _ first: (Int, Int) -> Double
  ) -> [Double] {
    (0..<batch).flatMap { b in
      (0...tokens).flatMap { t in
        (0..<width).map { c in
          (t == 0 ? first(b, c) : at(x, b, t - 1, c)) + positions[t * width + c]
        }
      }
    }
  }

  @Test func token() throws {
    try check("token", ["x"]) { inputs in
      (0..<Self.batch).flatMap { b in (0..<Self.width).map { Self.at(inputs[0], b, 2, $0) } }
    } _: { tape, inputs in
      tape.token(2, of: inputs[0])
    }
  }

  @Test func tokensBehindFirst() throws {
    try check("tokens-behind-first", ["x"]) { inputs in
      (0..<Self.batch).flatMap { b in
        (1..<Self.tokens).flatMap { t in
          (0..<Self.width).map { Self.at(inputs[0], b, t, $0) }
        }
      }
    } _: { tape, inputs in
      tape.tokensBehindFirst(of: inputs[0])
    }
  }

  @Test func meanToken() throws {
    try check("mean-token", ["x"]) { inputs in
      (0..<Self.batch).flatMap { b in
        (0..<Self.width).map { Self.mean(inputs[0], b, $0, over: 1..<4) }
      }
    } _: { tape, inputs in
      tape.meanToken(of: inputs[0], over: 1..<4)
    }
  }

  @Test func prepend() throws {
    try check("prepend", ["token", "x", "positions"]) { inputs in
      Self.before(inputs[1], inputs[2]) { _, c in inputs[0][c] }
    } _: { tape, inputs in
      tape.prepend(inputs[0], to: inputs[1], positions: inputs[2])
    }
  }

  /// Tokens and positions may have leading dimensions of 1, as checkpoints store them.
  @Test func prependWithLeadingDimensions() throws {
    try check("prepend", ["token", "x", "positions"]) { inputs in
      Self.before(inputs[1], inputs[2]) { _, c in inputs[0][c] }
    } _: { tape, inputs in
      tape.prepend(
        tape.reshaped(inputs[0], [1, 1, Self.width]),
        to: inputs[1],
        positions: tape.reshaped(inputs[2], [1, 1 + Self.tokens, Self.width])
      )
    }
  }

  @Test func prependMean() throws {
    try check("prepend-mean", ["x", "positions"]) { inputs in
      Self.before(inputs[0], inputs[1]) { b, c in
        Self.mean(inputs[0], b, c, over: 0..<Self.tokens)
      }
    } _: { tape, inputs in
      tape.prependMean(to: inputs[0], positions: inputs[1])
    }
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[5, 31, 300]], "token") { $0.token(30, of: $1[0]) }
    expectSameBits([[5, 31, 300]], "tokens behind first") { $0.tokensBehindFirst(of: $1[0]) }
    expectSameBits([[5, 31, 300]], "mean token") { $0.meanToken(of: $1[0], over: 1..<31) }
    expectSameBits([[300], [9, 31, 300], [32, 300]], "prepend") {
      $0.prepend($1[0], to: $1[1], positions: $1[2])
    }
    expectSameBits([[9, 31, 300], [32, 300]], "prepend mean") {
      $0.prependMean(to: $1[0], positions: $1[1])
    }
  }
}
