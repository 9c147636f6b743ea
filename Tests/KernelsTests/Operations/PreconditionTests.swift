import Kernels
import Testing

/// Mistakes of callers stop the process before a kernel touches memory.
struct PreconditionTests {
  @Test func differentCounts() async {
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      _ = computed([[1, 2, 3], [1, 2]], count: 3) { context.add($0[0], $0[1], into: $1) }
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      _ = computed([[1, 2, 3], [1, 2], [1, 2]], count: 3) {
        context.layerNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-5, into: $1)
      }
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      _ = computed([[1, 2, 3]], count: 3) { context.softmax($0[0], columns: 2, into: $1) }
    }
  }

  @Test(arguments: [-1, 2] as [Int32])
  func indexOutsideTheTable(index: Int32) async {
    await #expect(processExitsWith: .failure) { [index] in
      let context = ComputeContext(threadCount: 1)
      _ = computed([[1, 2, 3, 4]], count: 2) {
        context.embed([index], table: $0[0], width: 2, into: $1)
      }
    }
  }

  @Test(arguments: [0, 3])
  func keyLengthOutsideTheSequence(length: Int) async {
    await #expect(processExitsWith: .failure) { [length] in
      let context = ComputeContext(threadCount: 1)
      let shape = AttentionShape(sequences: 1, queries: 2, keys: 2, heads: 1, headWidth: 1)
      _ = computed([[1, 2]], count: 2) { input, y in
        let rows = StridedRows(input[0], offset: 0, stride: 1)
        context.attention(rows, rows, rows, shape: shape, lengths: [length], into: y)
      }
    }
  }

  @Test func rowsBehindTheirMemory() async {
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      let shape = AttentionShape(sequences: 1, queries: 2, keys: 2, heads: 1, headWidth: 1)
      _ = computed([[1, 2, 3]], count: 2) { input, y in
        let rows = StridedRows(input[0], offset: 0, stride: 3)
        context.attention(rows, rows, rows, shape: shape, into: y)
      }
    }
  }

  @Test func windowsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      let window = PoolingShape(window: 3, stride: 2)
      _ = computed([[1, 2, 3, 4]], count: 1) {
        context.pool(.maximum, $0[0], sizes: (1, 2, 2, 1), shape: window, into: $1)
      }
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      let window = PoolingShape(window: 2, stride: 1, padding: 2)
      _ = computed([[1, 2, 3, 4]], count: 25) {
        context.pool(.average, $0[0], sizes: (1, 2, 2, 1), shape: window, into: $1)
      }
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      let layer = PreparedConvolution(
        [Float](repeating: 1, count: 9),
        bias: nil,
        ConvolutionShape(
          inputChannels: 1,
          outputChannels: 1,
          kernelHeight: 3,
          kernelWidth: 3,
          stride: 2,
          padding: 0
        ),
        context
      )
      _ = computed([[1, 2, 3, 4]], count: 1) {
        layer.apply($0[0], images: 1, height: 2, width: 2, into: $1, context: context)
      }
    }
  }

  @Test func linearMapsOfOtherSizes() async {
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      _ = PreparedLinear([1, 2, 3, 4, 5], bias: nil, 2, 3, context)
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      _ = PreparedLinear([], bias: nil, 2, 0, context)
    }
    await #expect(processExitsWith: .failure) {
      let context = ComputeContext(threadCount: 1)
      let layer = PreparedLinear([1, 2, 3, 4, 5, 6], bias: nil, 2, 3, context)
      _ = computed([[1, 2, 3]], count: 3) {
        layer.apply($0[0], rows: 1, into: $1, context: context)
      }
    }
  }

  /// The others fail for their mistakes, not for how they are written: without one, no failure.
  @Test func rightSizes() async {
    await #expect(processExitsWith: .success) {
      let context = ComputeContext(threadCount: 1)
      _ = computed([[1, 2, 3], [1, 2, 3]], count: 3) { context.add($0[0], $0[1], into: $1) }
      let shape = AttentionShape(sequences: 1, queries: 2, keys: 2, heads: 1, headWidth: 1)
      _ = computed([[1, 2]], count: 2) { input, y in
        let rows = StridedRows(input[0], offset: 0, stride: 1)
        context.attention(rows, rows, rows, shape: shape, lengths: [1], into: y)
      }
      let layer = PreparedLinear([1, 2, 3, 4, 5, 6], bias: nil, 2, 3, context)
      _ = computed([[1, 2]], count: 3) {
        layer.apply($0[0], rows: 1, into: $1, context: context)
      }
    }
  }
}
