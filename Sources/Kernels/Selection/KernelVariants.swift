import CKernels

// The kernels' C signatures, as CKernels' headers document them.
typealias LayerNormFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafePointer<Float>?, Float,
    UnsafeMutablePointer<Float>?
  ) -> Void
typealias SoftmaxFunction =
  @convention(c) @Sendable (
    Int, Int, Float, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias UnaryFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias AddFunction =
  @convention(c) @Sendable (
    Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias AddRowFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias NormalizeFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias EmbeddingFunction =
  @convention(c) @Sendable (
    Int, Int, UnsafePointer<Int32>?, UnsafePointer<Float>?, CInt, UnsafeMutablePointer<Float>?
  ) -> Void
typealias PoolFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKPoolShape>?, Int, Int, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?
  ) -> Void
typealias AttentionFunction =
  @convention(c) @Sendable (
    UnsafePointer<VBKAttentionShape>?, Float, UnsafePointer<Float>?, UnsafePointer<Float>?,
    UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?
  ) -> Void

/// The variants of all kernels that a context uses.
@safe struct KernelSet: Sendable {
  let layerNorm: KernelChoice<LayerNormFunction>
  let softmax: KernelChoice<SoftmaxFunction>
  let gelu: KernelChoice<UnaryFunction>
  let quickGELU: KernelChoice<UnaryFunction>
  let relu: KernelChoice<UnaryFunction>
  let add: KernelChoice<AddFunction>
  let addRow: KernelChoice<AddRowFunction>
  let normalize: KernelChoice<NormalizeFunction>
  let embedding: KernelChoice<EmbeddingFunction>
  let averagePool: KernelChoice<PoolFunction>
  let maxPool: KernelChoice<PoolFunction>
  let attention: KernelChoice<AttentionFunction>
  let attentionBackward: AttentionBackwardKernel
  let optimizer: OptimizerKernelSet
  let product: ProductKernel
  let pooling: PoolingKernelSet
  let loss: LossKernelSet
  let maskLoss: MaskLossKernelSet
  let batchNorm: BatchNormKernelSet
  let dropout: DropoutKernelSet
  let gradients: GradientKernels

  /// Takes each kernel's best variant.
  ///
  /// - Parameter tier: the best instruction set allowed; variants above it aren't considered.
  init(upTo tier: InstructionSet) {
    attentionBackward = AttentionBackwardKernel(upTo: tier)
    optimizer = OptimizerKernelSet(upTo: tier)
    product = ProductKernel(upTo: tier)
    pooling = PoolingKernelSet(upTo: tier)
    loss = LossKernelSet(upTo: tier)
    maskLoss = MaskLossKernelSet(upTo: tier)
    batchNorm = BatchNormKernelSet(upTo: tier)
    dropout = DropoutKernelSet(upTo: tier)
    gradients = GradientKernels(upTo: tier)
    unsafe layerNorm = unsafe KernelChoice(
      upTo: tier,
      vbk_layer_norm_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe softmax = unsafe KernelChoice(
      upTo: tier,
      vbk_softmax_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe gelu = unsafe KernelChoice(
      upTo: tier,
      vbk_gelu_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe quickGELU = unsafe KernelChoice(
      upTo: tier,
      vbk_quick_gelu_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe relu = unsafe KernelChoice(
      upTo: tier,
      vbk_relu_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe add = unsafe KernelChoice(
      upTo: tier,
      vbk_add_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe addRow = unsafe KernelChoice(
      upTo: tier,
      vbk_add_row_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe normalize = unsafe KernelChoice(
      upTo: tier,
      vbk_normalize_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe embedding = unsafe KernelChoice(
      upTo: tier,
      vbk_embedding_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe averagePool = unsafe KernelChoice(
      upTo: tier,
      vbk_average_pool_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe maxPool = unsafe KernelChoice(
      upTo: tier,
      vbk_max_pool_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
    unsafe attention = unsafe KernelChoice(
      upTo: tier,
      vbk_attention_f32_variants,
      name: { unsafe $0.name },
      needs: { unsafe $0.needs },
      run: { unsafe $0.run }
    )
  }

  /// The variant per kernel, such as `layer_norm_f32: avx512`.
  var names: [String: String] {
    let full =
      unsafe [
        layerNorm.name, softmax.name, gelu.name, quickGELU.name, relu.name, add.name, addRow.name,
        normalize.name, embedding.name, averagePool.name, maxPool.name, attention.name,
        attentionBackward.choice.name,
      ]
      + [
        optimizer.names, product.names, pooling.names, loss.names, batchNorm.names, dropout.names,
        gradients.names, maskLoss.names,
      ].flatMap(\.self)
    return full.reduce(into: [:]) { names, name in
      let parts = name.dropFirst("vbk_".count).split(separator: "__", maxSplits: 1)
      names[String(parts[0])] = String(parts[1])
    }
  }
}
