package import Parallelism
import COneDNN

/// A linear map y = x·Wᵀ + b whose weights are packed once, with what follows it fused.
///
/// Measured on two cores of a 2.5 GHz AVX-512 Xeon with the shapes of ViT-B/16: 112–121 GFLOP/s per
/// core in chunks of about 100 rows (oneDNN 2.6.3, `brg:avx512_core`, weights packed), where
/// OpenBLAS's own packing in each call leaves 66–105. Rows are therefore split into chunks of about
/// 100, all of which share the packed weights.
package final class PreparedLinear: Sendable {
  /// How many features a row of x has.
  package let inputCount: Int
  /// How many features a row of y has.
  package let outputCount: Int
  private let weights: PackedWeights
  private let bias: AlignedMemory
  // Guarded by itself.
  private let products = Monitor<[Key: Compiled]>([:])

  private struct Key: Hashable {
    var rows: Int
    var epilogue: Epilogue
  }

  /// How a weight matrix lies in memory.
  package enum WeightOrder: Sendable {
    /// [outputs, inputs], as PyTorch's `Linear` holds it.
    case outputsByInputs
    /// [inputs, outputs], as CLIP's `proj` holds it.
    case inputsByOutputs
  }

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - weight: the matrix in `order`.
  ///   - order: how it lies.
  ///   - bias: one value per output; nil for zeros.
  ///   - inputCount: how many features a row of x has.
  ///   - outputCount: how many features a row of y has.
  ///   - context: where it is to run.
  package init(
    weight: MemoryView<Float>,
    order: WeightOrder = .outputsByInputs,
    bias: [Float]?,
    inputCount: Int,
    outputCount: Int,
    context: ComputeContext
  ) {
    precondition(
      inputCount > 0 && outputCount > 0 && weight.count == inputCount * outputCount
        && (bias?.count ?? outputCount) == outputCount,
      "a linear map \(inputCount) → \(outputCount) with \(weight.count) weights"
    )
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.bias = AlignedMemory(byteCount: outputCount * MemoryLayout<Float>.stride)
    let offsets = self.bias.view(of: Float.self)
    if let bias { offsets.copy(from: bias) } else { offsets.fill(with: 0) }
    let shape = [inputCount, outputCount]
    let plain = MemoryDescription.strided(
      shape,
      strides: order == .outputsByInputs ? [1, inputCount] : [outputCount, 1]
    )
    let typical = Self.primitive(
      rows: 99,
      epilogue: Epilogue(),
      inputCount,
      outputCount,
      context
    )
    weights = PackedWeights(
      weight,
      from: plain,
      to: typical.weightLayout,
      context: context.oneDNN
    )
  }

  private static func primitive(
    rows: Int,
    epilogue: Epilogue,
    _ inputCount: Int,
    _ outputCount: Int,
    _ context: ComputeContext
  ) -> Primitive {
    var operation = dnnl_matmul_desc_t()
    var source = MemoryDescription.matrix(rows, inputCount).description
    var weights = MemoryDescription.any([inputCount, outputCount]).description
    var bias = MemoryDescription.matrix(1, outputCount).description
    var destination = MemoryDescription.matrix(rows, outputCount).description
    unsafe check(
      dnnl_matmul_desc_init(&operation, &source, &weights, &bias, &destination),
      "describing \(rows) × \(inputCount) by \(inputCount) × \(outputCount)"
    )
    return Primitive(operation, epilogue: epilogue, context: context.oneDNN)
  }

  private func compiled(rows: Int, epilogue: Epilogue, _ context: ComputeContext) -> Compiled {
    let key = Key(rows: rows, epilogue: epilogue)
    if let known = products.withLock({ $0[key] }) { return known }
    let primitive = Self.primitive(
      rows: rows,
      epilogue: epilogue,
      inputCount,
      outputCount,
      context
    )
    let made = Compiled(
      primitive: primitive,
      weights: weights.memory(in: primitive.weightLayout, context: context.oneDNN)
    )
    products.withLock { $0[key] = made }
    return made
  }

  /// How many rows a chunk has: about 100, more where the matrix is small, and at least two chunks
  /// where there are 32 rows.
  package func grain(rows: Int) -> Int {
    let worthwhile = 4_000_000 / (inputCount * outputCount)
    let wanted = max(100, worthwhile)
    let chunks = max((rows + wanted - 1) / wanted, rows >= 32 ? 2 : 1)
    return max(1, (rows + chunks - 1) / chunks)
  }

  /// y = epilogue(x·Wᵀ + b).
  ///
  /// - Parameters:
  ///   - x: `rows` rows of `inputCount` floats.
  ///   - rows: how many rows.
  ///   - y: `rows` rows of `outputCount` floats; x and y don't overlap.
  ///   - epilogue: what follows in the same pass.
  ///   - context: the one that the weights were packed for.
  package func apply(
    _ x: MemoryView<Float>,
    rows: Int,
    into y: MemoryView<Float>,
    epilogue: Epilogue = Epilogue(),
    context: ComputeContext
  ) {
    precondition(
      x.count == rows * inputCount && y.count == rows * outputCount,
      "\(x.count) and \(y.count) floats for \(rows) rows of \(inputCount) → \(outputCount)"
    )
    guard rows > 0 else { return }
    let offsets = bias.view(of: Float.self)
    let grain = grain(rows: rows)
    let whole = compiled(rows: min(grain, rows), epilogue: epilogue, context)
    let rest = rows % grain
    let last = rest == 0 ? whole : compiled(rows: rest, epilogue: epilogue, context)
    context.pool.forEachChunk(of: rows, grain: grain) { range in
      let product = range.count == rest ? last : whole
      product.primitive.run(
        x.rows(range, width: inputCount),
        weights: product.weights,
        bias: offsets,
        into: y.rows(range, width: outputCount),
        context: context.oneDNN
      )
    }
  }
}
