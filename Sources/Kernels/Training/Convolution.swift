package import Parallelism

/// A convolution with weights that change, and its gradients.
///
/// oneDNN 2.6.3 computes them in chunks of images, each on one thread, and packs the weights anew in
/// each call. GFLOP/s of one core with a peak of 150, two images, forward / of images / of weights:
/// 3→32 channels 3×3 stride 2 at 224 px 99/–/77; 32→64 3×3 at 112 135/99/85; 3→64 7×7 stride 2 at 224
/// 117/–/84; 64→64 3×3 at 56 135/115/115; 128→128 at 28 139/116/122, stride 2 119/101/61; 256→256 at 14
/// 142/118/104, stride 2 129/104/70; 512→512 at 7 104/93/73, stride 2 90/86/55; 1×1 with stride 2
/// 82–111/54–80/65–83; 3→768 16×16 stride 16 105/–/95. All run `brgconv`, `jit` or `jit_1x1` for
/// `avx512_core`, patches `gemm:jit`; none the reference. The gradient of images with 3 channels, which
/// nobody wants, takes 20. Forth and back at batch 8 the ResNets' shapes take 0.2 to 0.95 of PyTorch
/// 2.15's time (NCHW, two threads each, a machine that others used too). 1×1 windows with stride 1 are products of
/// matrices: `Tape.convolution` sees to that.
extension ComputeContext {
  /// The sizes of a convolution's x.
  package typealias ImageSizes = (images: Int, height: Int, width: Int)

  /// y = convolution of x, plus offsets.
  ///
  /// - Parameters:
  ///   - x: [images, height, width, inputChannels].
  ///   - weight: [outputChannels, inputChannels, kernelHeight, kernelWidth].
  ///   - bias: one offset per output channel; nil for none.
  ///   - sizes: of x.
  ///   - shape: the convolution's sizes.
  ///   - y: [images, outputHeight, outputWidth, outputChannels]; overlaps nothing.
  package func convolve(
    _ x: MemoryView<Float>,
    weight: MemoryView<Float>,
    bias: MemoryView<Float>?,
    sizes: ImageSizes,
    shape: ConvolutionShape,
    into y: MemoryView<Float>
  ) {
    let work = ConvolutionWork(sizes, shape, self, x.count, weight.count, y.count)
    precondition((bias?.count ?? shape.outputChannels) == shape.outputChannels, "\(shape)'s bias")
    let direction = ConvolutionPrimitive.Direction.forward(hasBias: bias != nil)
    work.forEachChunk(direction, packing: weight) { primitive, range, packed in
      primitive.run(
        x.rows(range, width: work.inputSize),
        weights: packed,
        bias: bias,
        y.rows(range, width: work.outputSize),
        context: oneDNN
      )
    }
  }

  /// The gradient of a convolution's images, which is a transposed convolution.
  ///
  /// - Parameters:
  ///   - dy: [images, outputHeight, outputWidth, outputChannels].
  ///   - weight: [outputChannels, inputChannels, kernelHeight, kernelWidth].
  ///   - sizes: of x.
  ///   - shape: the convolution's sizes.
  ///   - adds: whether the gradient is added to what dx holds.
  ///   - dx: [images, height, width, inputChannels]; overlaps nothing.
  package func convolveImageGradient(
    _ dy: MemoryView<Float>,
    weight: MemoryView<Float>,
    sizes: ImageSizes,
    shape: ConvolutionShape,
    adds: Bool,
    into dx: MemoryView<Float>
  ) {
    let work = ConvolutionWork(sizes, shape, self, dx.count, weight.count, dy.count)
    work.forEachChunk(.images, packing: weight) { primitive, range, packed in
      let target = dx.rows(range, width: work.inputSize)
      let source = dy.rows(range, width: work.outputSize)
      guard adds else {
        primitive.run(target, weights: packed, source, context: oneDNN)
        return
      }
      oneDNN.withSlot(scratchBytes: target.count * MemoryLayout<Float>.stride) { slot in
        let fresh = slot.scratch.view(of: Float.self)[0..<target.count]
        primitive.run(fresh, weights: packed, source, context: oneDNN)
        add(target, fresh, into: target)
      }
    }
  }

  /// The gradient of a convolution's weights.
  ///
  /// Summed over chunks of a quarter of the images (of half of them where there are more than a
  /// million weights), whose sums are added in the chunks' order.
  ///
  /// - Parameters:
  ///   - x: [images, height, width, inputChannels].
  ///   - dy: [images, outputHeight, outputWidth, outputChannels].
  ///   - sizes: of x.
  ///   - shape: the convolution's sizes.
  ///   - adds: whether the gradient is added to what dWeight holds.
  ///   - dWeight: [outputChannels, inputChannels, kernelHeight, kernelWidth]; overlaps nothing.
  package func convolveWeightGradient(
    _ x: MemoryView<Float>,
    _ dy: MemoryView<Float>,
    sizes: ImageSizes,
    shape: ConvolutionShape,
    adds: Bool,
    into dWeight: MemoryView<Float>
  ) {
    let work = ConvolutionWork(sizes, shape, self, x.count, dWeight.count, dy.count)
    let wanted = shape.weightCount > 1 << 20 ? 2 : 4
    let grain = max(1, (sizes.images + wanted - 1) / wanted)
    let parts = (sizes.images + grain - 1) / grain
    guard parts > 0 else {
      if !adds { dWeight.fill(with: 0) }
      return
    }
    let first = work.primitive(.weights, images: min(grain, sizes.images))
    let count = first.weightBytes / MemoryLayout<Float>.stride
    oneDNN.withSlot(scratchBytes: (parts + 1) * first.weightBytes) { slot in
      let sums = slot.scratch.view(of: Float.self)
      pool.forEachChunk(of: sizes.images, grain: grain) { range in
        let part = range.lowerBound / grain
        let target = sums.rows(part..<part + 1, width: count)
        work.weightGradient(
          x.rows(range, width: work.inputSize),
          dy.rows(range, width: work.outputSize),
          images: range.count,
          like: first,
          into: target
        )
      }
      let total = sums[0..<count]
      let run = unsafe kernels.add.run
      pool.forEachChunk(of: count, grain: 16_384) { range in
        for part in 1..<max(parts, 1) {
          let other = sums.rows(part..<part + 1, width: count)[range]
          unsafe run(range.count, total[range].pointer, other.pointer, total[range].pointer)
        }
      }
      guard adds else {
        first.reorder.run(total, into: dWeight, context: self)
        return
      }
      let plain = sums.rows(parts..<parts + 1, width: count)[0..<dWeight.count]
      first.reorder.run(total, into: plain, context: self)
      add(dWeight, plain, into: dWeight)
    }
  }
}

/// What a convolution and its gradients share.
private struct ConvolutionWork {
  let sizes: ComputeContext.ImageSizes
  let shape: ConvolutionShape
  /// How many floats an image of x has.
  let inputSize: Int
  /// How many floats an image of y has.
  let outputSize: Int
  private let compute: ComputeContext

  /// Checks that the arrays have their sizes.
  init(
    _ sizes: ComputeContext.ImageSizes,
    _ shape: ConvolutionShape,
    _ compute: ComputeContext,
    _ inputs: Int,
    _ weights: Int,
    _ outputs: Int
  ) {
    let (images, height, width) = sizes
    precondition(
      shape.weightCount > 0 && weights == shape.weightCount && shape.stride > 0
        && (0..<min(shape.kernelHeight, shape.kernelWidth)).contains(shape.padding)
        && height + 2 * shape.padding >= shape.kernelHeight
        && width + 2 * shape.padding >= shape.kernelWidth,
      "a convolution \(shape) with \(weights) weights of images of \(height)×\(width)"
    )
    inputSize = height * width * shape.inputChannels
    outputSize = shape.outputHeight(height) * shape.outputWidth(width) * shape.outputChannels
    precondition(
      inputs == images * inputSize && outputs == images * outputSize,
      "\(inputs) and \(outputs) floats for \(images) images of \(height)×\(width) in \(shape)"
    )
    (self.sizes, self.shape, self.compute) = (sizes, shape, compute)
  }

  /// The primitive for so many images.
  func primitive(
    _ direction: ConvolutionPrimitive.Direction,
    images: Int
  ) -> ConvolutionPrimitive {
    let key = ConvolutionPrimitive.Key(
      direction: direction,
      shape: shape,
      images: images,
      height: sizes.height,
      width: sizes.width
    )
    return compute.oneDNN.convolutions.primitive(key, context: compute.oneDNN)
  }

  /// The gradient of weights of some images, in the layout of another primitive.
  func weightGradient(
    _ x: MemoryView<Float>,
    _ dy: MemoryView<Float>,
    images: Int,
    like first: ConvolutionPrimitive,
    into target: MemoryView<Float>
  ) {
    let oneDNN = compute.oneDNN
    let own = primitive(.weights, images: images)
    if own.weightLayout.isEqual(to: first.weightLayout) {
      own.run(x, weights: target, dy, context: oneDNN)
      return
    }
    oneDNN.withSlot(scratchBytes: own.weightBytes) { slot in
      let count = own.weightBytes / MemoryLayout<Float>.stride
      let sum = slot.scratch.view(of: Float.self)[0..<count]
      own.run(x, weights: sum, dy, context: oneDNN)
      ReorderPrimitive(from: own.weightLayout, to: first.weightLayout, context: oneDNN)
        .run(sum, into: target, context: compute)
    }
  }

  /// Packs the weights and runs `body` for each chunk of images.
  ///
  /// A chunk has at most so many images as have 800 output pixels, at most half of all.
  func forEachChunk(
    _ direction: ConvolutionPrimitive.Direction,
    packing weight: MemoryView<Float>,
    _ body: @Sendable (ConvolutionPrimitive, Range<Int>, MemoryView<Float>) -> Void
  ) {
    guard sizes.images > 0 else { return }
    let pixels = max(outputSize / shape.outputChannels, 1)
    let grain = max(1, min((sizes.images + 1) / 2, 800 / pixels))
    let whole = primitive(direction, images: grain)
    let rest = sizes.images % grain
    let last = rest == 0 ? whole : primitive(direction, images: rest)
    let oneDNN = compute.oneDNN
    oneDNN.withSlot(scratchBytes: whole.weightBytes + last.weightBytes) { slot in
      let packed = slot.scratch.view(of: Float.self)
      let wholeCount = whole.weightBytes / MemoryLayout<Float>.stride
      let lastCount = last.weightBytes / MemoryLayout<Float>.stride
      let wholeWeights = packed[0..<wholeCount]
      whole.reorder.run(weight, into: wholeWeights, context: compute)
      var lastWeights = wholeWeights
      if rest != 0 {
        lastWeights = packed[wholeCount..<wholeCount + lastCount]
        last.reorder.run(weight, into: lastWeights, context: compute)
      }
      let tail = lastWeights
      compute.pool.forEachChunk(of: sizes.images, grain: grain) { range in
        let isWhole = range.count == grain
        body(isWhole ? whole : last, range, isWhole ? wholeWeights : tail)
      }
    }
  }
}
