import Kernels
import Testing

/// Products of whole numbers, whose sums float32 holds, against a double loop: equality.
struct PreparedLinearTests {
  /// x·Wᵀ + b for W [outputs, inputs].
  private func product(
    _ x: [Float],
    _ weight: [Float],
    _ bias: [Float],
    inputCount: Int
  ) -> [Float] {
    let columns = weight.count / inputCount
    var y: [Float] = []
    for row in 0..<x.count / inputCount {
      for column in 0..<columns {
        var sum = Double(bias[column])
        for index in 0..<inputCount {
          sum += Double(x[row * inputCount + index]) * Double(weight[column * inputCount + index])
        }
        y.append(Float(sum))
      }
    }
    return y
  }

  @Test(arguments: [1, 5, 31, 32, 33, 99, 197, 1576], [(3, 7), (17, 31), (64, 16)])
  func equalsADoubleLoop(rows: Int, sizes: (Int, Int)) {
    let (inputs, outputs) = sizes
    let context = ComputeContext(threadCount: 2)
    let x = integers(rows * inputs, seed: 50)
    let weight = integers(inputs * outputs, seed: 51)
    let bias = integers(outputs, seed: 52)
    let layer = PreparedLinear(weight, bias: bias, inputs, outputs, context)
    let y = computed([x], count: rows * outputs) { input, y in
      layer.apply(input[0], rows: rows, into: y, context: context)
    }
    let wanted = product(x, weight, bias, inputCount: inputs)
    expect(y, equal: wanted, "\(rows) × \(inputs) → \(outputs)")
  }

  /// Sizes of a real model, rows that end neither a chunk nor a register tile.
  @Test func equalsADoubleLoopAtRealSizes() {
    let context = ComputeContext(threadCount: 2)
    let x = integers(41 * 768, seed: 53)
    let weight = integers(768 * 129, seed: 54)
    let bias = integers(129, seed: 55)
    let layer = PreparedLinear(weight, bias: bias, 768, 129, context)
    let y = computed([x], count: 41 * 129) { input, y in
      layer.apply(input[0], rows: 41, into: y, context: context)
    }
    expect(y, equal: product(x, weight, bias, inputCount: 768), "41 × 768 → 129")
  }

  /// A matrix [inputs, outputs] gives what its transpose [outputs, inputs] gives.
  @Test func bothOrdersOfWeights() {
    let context = ComputeContext(threadCount: 1)
    let x = integers(9 * 5, seed: 56)
    let weight = integers(5 * 11, seed: 57)
    let transposed = (0..<5).flatMap { input in (0..<11).map { weight[$0 * 5 + input] } }
    let layer = PreparedLinear(
      transposed,
      order: .inputsByOutputs,
      bias: nil,
      5,
      11,
      context
    )
    let y = computed([x], count: 9 * 11) { input, y in
      layer.apply(input[0], rows: 9, into: y, context: context)
    }
    let zeros = [Float](repeating: 0, count: 11)
    expect(y, equal: product(x, weight, zeros, inputCount: 5), "[inputs, outputs]")
  }

  @Test func noRows() {
    let context = ComputeContext(threadCount: 2)
    let layer = PreparedLinear([1, 2, 3, 4, 5, 6], bias: nil, 3, 2, context)
    let y = computed([[]], count: 0) { input, y in
      layer.apply(input[0], rows: 0, into: y, context: context)
    }
    #expect(y.isEmpty)
  }

  /// Chunks depend on the number of rows alone, and no chunk is large.
  @Test func chunks() {
    let context = ComputeContext(threadCount: 1)
    let zeros = [Float](repeating: 0, count: 400 * 500)
    let layer = PreparedLinear(zeros, bias: nil, 400, 500, context)
    #expect(layer.grain(rows: 1) == 1)
    #expect(layer.grain(rows: 31) == 31)
    #expect(layer.grain(rows: 32) == 16)
    #expect(layer.grain(rows: 197) == 99)
    #expect(layer.grain(rows: 1576) == 99)
  }
}
