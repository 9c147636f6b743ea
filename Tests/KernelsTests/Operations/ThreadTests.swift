import Foundation
import Kernels
import Parallelism
import Testing

/// Results are the same bits for 1, 2 and 4 threads.
struct ThreadTests {
  /// Runs an operation with 1, 2 and 4 threads and compares bits.
  ///
  /// - Parameters:
  ///   - inputs: the inputs' elements.
  ///   - count: how many floats the result has.
  ///   - name: what the operation is called in a failure.
  ///   - body: runs the operation.
  private func expectSameBits(
    _ inputs: [[Float]],
    count: Int,
    _ name: String,
    _ body: (ComputeContext, [MemoryView<Float>], MemoryView<Float>) -> Void
  ) {
    let results = [1, 2, 4].map { threads in
      let context = ComputeContext(threadCount: threads)
      return computed(inputs, count: count) { body(context, $0, $1) }
    }
    #expect(!results[0].contains(GuardedFloats.sentinel), "\(name) fills its result")
    for (threads, result) in zip([2, 4], results.dropFirst()) {
      let different = zip(result, results[0]).count { $0.bitPattern != $1.bitPattern }
      #expect(different == 0, "\(name), \(threads) threads")
    }
  }

  @Test func rowOperations() {
    // 211 rows of 331 make five chunks of 49 rows, the last one short.
    let (rows, width) = (211, 331)
    let count = rows * width
    let x = uniforms(count, seed: 60, bound: 4)
    let (scale, shift) = (uniforms(width, seed: 61), uniforms(width, seed: 62))
    expectSameBits([x, scale, shift], count: count, "layer norm") { context, input, y in
      context.layerNorm(input[0], scale: input[1], shift: input[2], epsilon: 1e-5, into: y)
    }
    expectSameBits([x], count: count, "softmax") { context, input, y in
      context.softmax(input[0], columns: width, factor: 0.5, into: y)
    }
    expectSameBits([x], count: count, "normalize") { context, input, y in
      context.normalize(input[0], columns: width, into: y)
    }
    expectSameBits([x, shift], count: count, "add a row") { context, input, y in
      context.add(input[0], row: input[1], into: y)
    }
    let indices = (0..<rows).map { Int32($0 * 37 % 211) }
    expectSameBits([x], count: count, "embedding") { context, input, y in
      context.embed(indices, table: input[0], width: width, into: y)
    }
  }

  @Test func elementwiseOperations() {
    let count = 16_384 * 3 + 1001
    let (a, b) = (uniforms(count, seed: 63, bound: 4), uniforms(count, seed: 64))
    for activation in [Activation.relu, .gelu, .quickGELU] {
      expectSameBits([a], count: count, "\(activation)") { context, input, y in
        context.apply(activation, input[0], into: y)
      }
    }
    expectSameBits([a, b], count: count, "add") { context, input, y in
      context.add(input[0], input[1], into: y)
    }
  }

  @Test(arguments: [false, true])
  func attention(masked: Bool) {
    let shape = AttentionShape(sequences: 3, queries: 50, keys: 50, heads: 5, headWidth: 24)
    let joined = uniforms(3 * 50 * 3 * shape.width, seed: 65)
    expectSameBits([joined], count: 3 * 50 * shape.width, "attention") { context, input, y in
      let stride = 3 * shape.width
      context.attention(
        StridedRows(input[0], offset: 0, stride: stride),
        StridedRows(input[0], offset: shape.width, stride: stride),
        StridedRows(input[0], offset: 2 * shape.width, stride: stride),
        shape: shape,
        lengths: masked ? [50, 1, 33] : nil,
        into: y
      )
    }
  }

  @Test func poolingAndTokens() {
    let x = uniforms(3 * 31 * 29 * 65, seed: 66)
    let window = PoolingShape(window: 3, stride: 2, padding: 1)
    for kind in [PoolingKind.average, .maximum] {
      expectSameBits([x], count: 3 * 16 * 15 * 65, "\(kind) pooling") { context, input, y in
        context.pool(kind, input[0], sizes: (3, 31, 29, 65), shape: window, into: y)
      }
    }
    let tokens = uniforms(4 * 6 * 70, seed: 67)
    let positions = uniforms(7 * 70, seed: 68)
    expectSameBits([tokens], count: 4 * 70, "mean of rows") { context, input, y in
      context.meanRow(over: 1..<6, of: input[0], sequences: 4, width: 70, into: y)
    }
    expectSameBits([tokens, positions], count: 4 * 7 * 70, "prepend mean") { context, input, y in
      context.prependMean(to: input[0], positions: input[1], sequences: 4, width: 70, into: y)
    }
    let images = uniforms(2 * 12 * 18 * 3, seed: 69)
    expectSameBits([images], count: 2 * 12 * 18 * 3, "patches") { context, input, y in
      context.unfoldPatches(input[0], sizes: (2, 12, 18), patch: 6, into: y)
    }
  }

  @Test(arguments: [1, 31, 99, 197, 1576])
  func linear(rows: Int) {
    let (inputs, outputs) = (257, 130)
    let weight = uniforms(inputs * outputs, seed: 70)
    let bias = uniforms(outputs, seed: 71)
    let x = uniforms(rows * inputs, seed: 72)
    for activation in [nil, Activation.gelu, .quickGELU] {
      expectSameBits([x], count: rows * outputs, "\(rows) rows") { context, input, y in
        let layer = PreparedLinear(weight, bias: bias, inputs, outputs, context)
        let epilogue = Epilogue(activation: activation)
        layer.apply(input[0], rows: rows, into: y, epilogue: epilogue, context: context)
      }
    }
  }

  @Test(arguments: [1, 2, 5], [(3, 1, 1), (7, 2, 3), (1, 2, 0)])
  func convolution(batch: Int, window: (Int, Int, Int)) {
    let shape = ConvolutionShape(
      inputChannels: 19,
      outputChannels: 37,
      kernelHeight: window.0,
      kernelWidth: window.0,
      stride: window.1,
      padding: window.2
    )
    let (height, width) = (41, 37)
    let weight = uniforms(37 * 19 * window.0 * window.0, seed: 73)
    let x = uniforms(batch * height * width * 19, seed: 74)
    let count = batch * shape.outputHeight(height) * shape.outputWidth(width) * 37
    expectSameBits([x], count: count, "\(batch) images, \(shape)") { context, input, y in
      let layer = PreparedConvolution(weight, bias: nil, shape, context)
      layer.apply(
        input[0],
        images: batch,
        height: height,
        width: width,
        into: y,
        context: context
      )
    }
  }

  /// A context is used from any thread, also one that it did not prepare.
  @Test func fromAnotherThread() async {
    let (rows, inputs, outputs) = (197, 257, 130)
    let weight = uniforms(inputs * outputs, seed: 75)
    let x = uniforms(rows * inputs, seed: 76)
    let context = ComputeContext(threadCount: 2)
    let product: @Sendable () -> [Float] = {
      let layer = PreparedLinear(weight, bias: nil, inputs, outputs, context)
      return computed([x], count: rows * outputs) { input, y in
        layer.apply(input[0], rows: rows, into: y, context: context)
      }
    }
    let here = product()
    let there = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: product()) }
    }
    expect(there, equal: here, "from another thread")
  }
}
