import Autograd
import Foundation
import Tensors
import TestSupport
import Testing

/// Attention and its gradients against PyTorch, central differences and themselves.
struct AttentionTests {
  private static let forward = Tolerance(
    absolute: 2e-6,
    relative: 2e-6,
    reason: "float32 against float64: scores up to 10 are off by 1e-6, and with them the weights"
  )
  private static let backward = Tolerance(
    absolute: 1e-5,
    relative: 1e-5,
    reason: "weights off by 2e-6, products with gradients of magnitude 10, sums over 67 queries"
  )

  private static func cases(_ prefix: String) throws -> [RecordedCase] {
    try RecordedCase.cases("Autograd/attention.json", prefix)
  }

  /// The lengths that a case names; nil for none.
  private func lengths(_ recorded: RecordedCase) -> [Int]? {
    let lengths = (0..<3).compactMap { recorded.numbers["length\($0)"].map { Int($0) } }
    return lengths.isEmpty ? nil : lengths
  }

  @Test func selfAttention() throws {
    let cases = try Self.cases("self")
    #expect(cases.count == 4 && cases.count { lengths($0) != nil } == 2)
    for recorded in cases {
      let (heads, lengths) = (try recorded.integer("heads"), lengths(recorded))
      let tokens = try recorded.shape("joined")[1]
      let check = OperationCheck(
        inputs: ["joined"],
        forward: Self.forward,
        backward: Self.backward,
        reference: { inputs in
          let width = inputs[0].count / (try recorded.shape("joined")[0]) / tokens / 3
          return attention(
            AttentionRows(inputs[0], offset: 0, stride: 3 * width),
            AttentionRows(inputs[0], offset: width, stride: 3 * width),
            AttentionRows(inputs[0], offset: 2 * width, stride: 3 * width),
            sizes: (tokens, tokens, heads, width / heads),
            lengths: lengths
          )
        },
        operation: { $0.selfAttention($1[0], heads: heads, lengths: lengths) }
      )
      try check.run(recorded)
    }
  }

  @Test func crossAttention() throws {
    let cases = try Self.cases("cross")
    #expect(cases.count == 3 && cases.count { lengths($0) != nil } == 2)
    for recorded in cases {
      let (heads, lengths) = (try recorded.integer("heads"), lengths(recorded))
      let (query, joined) = (try recorded.shape("query"), try recorded.shape("joined"))
      let width = joined[2] / 2
      let check = OperationCheck(
        inputs: ["query", "joined"],
        forward: Self.forward,
        backward: Self.backward,
        reference: { inputs in
          attention(
            AttentionRows(inputs[0], offset: 0, stride: width),
            AttentionRows(inputs[1], offset: 0, stride: 2 * width),
            AttentionRows(inputs[1], offset: width, stride: 2 * width),
            sizes: (query.count == 3 ? query[1] : 1, joined[1], heads, width / heads),
            lengths: lengths
          )
        },
        operation: { $0.crossAttention($1[0], $1[1], heads: heads, lengths: lengths) }
      )
      try check.run(recorded)
    }
  }

  /// Keys and values behind a sequence's length: zeros in place of what the memory held before, and
  /// what is there stays when gradients are added.
  @Test func unseenTokensHaveNoGradient() throws {
    let device = Device(threadCount: 2)
    let (tokens, width, lengths) = (9, 6, [9, 4, 1])
    let x = Tensor(uniforms(3 * tokens * 3 * width, seed: 3), shape: [3, tokens, 18], on: device)
    let dy = Tensor(uniforms(3 * tokens * width, seed: 4), shape: [3, tokens, width], on: device)
    // Whatever memory the gradient gets holds sevens.
    let sevens = [Float](repeating: 7, count: x.count)
    var dirt = (0..<8).map { _ in Tensor(sevens, shape: x.shape, on: device) }
    #expect(dirt.count == 8)
    dirt.removeAll()
    let gradient = Gradient(shape: x.shape)
    for pass in 0..<2 {
      let tape = Tape(on: device)
      let joined = Variable(x, gradient: gradient)
      let y = tape.selfAttention(joined, heads: 2, lengths: lengths)
      tape.backward(from: y, gradient: dy)
      let found = try #require(gradient.sum).elements
      for (sequence, length) in lengths.enumerated() {
        for token in 0..<tokens {
          let start = (sequence * tokens + token) * 3 * width
          let keysAndValues = found[start + width..<start + 3 * width]
          #expect(keysAndValues.allSatisfy { $0 == 0 } == (token >= length), "\(pass), \(token)")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func bitsDoNotDependOnThreads(masked: Bool) {
    let lengths = masked ? [70, 1, 33] : nil
    expectSameBits([[3, 70, 3 * 5 * 24]], "self-attention") { tape, inputs in
      tape.selfAttention(inputs[0], heads: 5, lengths: lengths)
    }
    expectSameBits([[3, 7, 5 * 24], [3, 70, 2 * 5 * 24]], "cross-attention") { tape, inputs in
      tape.crossAttention(inputs[0], inputs[1], heads: 5, lengths: lengths)
    }
  }

  /// A segment computes the same again.
  @Test func insideASegment() {
    let device = Device(threadCount: 2)
    let shape = [2, 11, 3 * 8]
    let x = Tensor(uniforms(2 * 11 * 24, seed: 5), shape: shape, on: device)
    let gradients = [false, true].map { inSegment in
      let tape = Tape(on: device)
      let joined = Variable(x, gradient: Gradient(shape: shape))
      let operation = { tape.selfAttention($0, heads: 2, lengths: [11, 6]) }
      tape.backward(from: inSegment ? tape.segment(joined, operation) : operation(joined))
      return joined.gradient?.sum?.elements
    }
    #expect(gradients[0] != nil && gradients[0] == gradients[1])
  }
}

/// Rows of numbers inside wider rows.
private struct AttentionRows {
  let numbers: [Double]
  let offset: Int
  let stride: Int

  init(_ numbers: [Double], offset: Int, stride: Int) {
    self.numbers = numbers
    self.offset = offset
    self.stride = stride
  }

  func callAsFunction(_ row: Int, _ column: Int) -> Double {
    numbers[offset + row * stride + column]
  }
}

/// softmax(q·kᵀ / √headWidth)·v per sequence and head, as the formula says.
private func attention(
  _ q: AttentionRows,
  _ k: AttentionRows,
  _ v: AttentionRows,
  sizes: (queries: Int, keys: Int, heads: Int, headWidth: Int),
  lengths: [Int]?
) -> [Double] {
  let width = sizes.heads * sizes.headWidth
  let batch = ((v.numbers.count - 1) / v.stride + 1) / sizes.keys
  var y = [Double](repeating: 0, count: batch * sizes.queries * width)
  for sequence in 0..<batch {
    for head in 0..<sizes.heads {
      let columns = head * sizes.headWidth..<(head + 1) * sizes.headWidth
      for query in sequence * sizes.queries..<(sequence + 1) * sizes.queries {
        let keys =
          sequence * sizes.keys..<sequence * sizes.keys + (lengths?[sequence] ?? sizes.keys)
        let scores = keys.map { key in
          columns.reduce(0) { $0 + q(query, $1) * k(key, $1) }
            / Double(sizes.headWidth).squareRoot()
        }
        let weights = scores.map { exp($0) }
        let sum = weights.reduce(0, +)
        for column in columns {
          y[query * width + column] =
            zip(keys, weights).reduce(0) { $0 + $1.1 * v($1.0, column) } / sum
        }
      }
    }
  }
  return y
}
