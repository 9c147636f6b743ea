package import Parallelism
import COneDNN

/// A two-dimensional convolution's sizes; windows and images may be oblong.
package struct ConvolutionShape: Hashable, Sendable {
  package var inputChannels: Int
  package var outputChannels: Int
  package var kernelHeight: Int
  package var kernelWidth: Int
  package var stride: Int
  package var padding: Int

  /// Puts a convolution's sizes together.
  ///
  /// - Parameters:
  ///   - inputChannels: of each pixel of x.
  ///   - outputChannels: of each pixel of y.
  ///   - kernelHeight: the window's height in pixels.
  ///   - kernelWidth: the window's width in pixels.
  ///   - stride: the distance between windows, both ways.
  ///   - padding: rows and columns of zeros on each side, fewer than the window has.
  package init(
    inputChannels: Int,
    outputChannels: Int,
    kernelHeight: Int,
    kernelWidth: Int,
    stride: Int,
    padding: Int
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
  }

  /// The output's height for an input's.
  package func outputHeight(_ height: Int) -> Int {
    (height + 2 * padding - kernelHeight) / stride + 1
  }

  /// The output's width for an input's.
  package func outputWidth(_ width: Int) -> Int {
    (width + 2 * padding - kernelWidth) / stride + 1
  }

  var weightCount: Int { outputChannels * inputChannels * kernelHeight * kernelWidth }
}

/// A convolution over NHWC images whose weights are packed once, with what follows it fused.
///
/// Two images or more are split by images, several small ones to a chunk so that packed weights are
/// used again while they are in the cache; one image is split by rows of the output, each part with
/// the rows of zeros that it touches.
package final class PreparedConvolution: Sendable {
  /// The convolution's sizes.
  package let shape: ConvolutionShape
  private let weights: PackedWeights
  private let bias: AlignedMemory
  // Guarded by itself.
  private let products = Monitor<[Part: Compiled]>([:])

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - weight: [outputs, inputs, height, width], as PyTorch holds it.
  ///   - bias: one value per output channel; nil for zeros.
  ///   - shape: the convolution's sizes.
  ///   - context: where it is to run.
  package init(
    weight: MemoryView<Float>,
    bias: [Float]?,
    shape: ConvolutionShape,
    context: ComputeContext
  ) {
    precondition(
      weight.count == shape.weightCount && shape.weightCount > 0 && shape.stride > 0
        && (0..<min(shape.kernelHeight, shape.kernelWidth)).contains(shape.padding)
        && (bias?.count ?? shape.outputChannels) == shape.outputChannels,
      "a convolution \(shape) with \(weight.count) weights"
    )
    self.shape = shape
    self.bias = AlignedMemory(byteCount: shape.outputChannels * MemoryLayout<Float>.stride)
    let offsets = self.bias.view(of: Float.self)
    if let bias { offsets.copy(from: bias) } else { offsets.fill(with: 0) }
    let sizes = [
      shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
    ]
    let plain = MemoryDescription.strided(
      sizes,
      strides: [
        sizes[1] * sizes[2] * sizes[3], sizes[2] * sizes[3], sizes[3], 1,
      ]
    )
    let side = shape.stride * 13 + max(shape.kernelHeight, shape.kernelWidth) - 2 * shape.padding
    let typical = Part(
      images: 1,
      inputHeight: side,
      inputWidth: side,
      top: shape.padding,
      bottom: shape.padding,
      epilogue: Epilogue()
    )
    weights = PackedWeights(
      weight,
      from: plain,
      to: Self.primitive(typical, shape, context).weightLayout,
      context: context.oneDNN
    )
  }

  /// Some images, or some rows of one image, that a primitive is compiled for.
  private struct Part: Hashable {
    var images: Int
    var inputHeight: Int
    var inputWidth: Int
    var top: Int
    var bottom: Int
    var epilogue: Epilogue
  }

  private static func primitive(
    _ part: Part,
    _ shape: ConvolutionShape,
    _ context: ComputeContext
  ) -> Primitive {
    let outputHeight =
      (part.inputHeight + part.top + part.bottom - shape.kernelHeight) / shape.stride + 1
    var source = MemoryDescription.imagesNHWC(
      part.images,
      channels: shape.inputChannels,
      height: part.inputHeight,
      width: part.inputWidth
    ).description
    var weights = MemoryDescription.any([
      shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
    ]).description
    var bias = MemoryDescription.strided([shape.outputChannels], strides: [1]).description
    var destination = MemoryDescription.imagesNHWC(
      part.images,
      channels: shape.outputChannels,
      height: outputHeight,
      width: shape.outputWidth(part.inputWidth)
    ).description
    var operation = dnnl_convolution_desc_t()
    unsafe check(
      dnnl_convolution_forward_desc_init(
        &operation,
        dnnl_forward_inference,
        dnnl_convolution_direct,
        &source,
        &weights,
        &bias,
        &destination,
        [Int64(shape.stride), Int64(shape.stride)],
        [Int64(part.top), Int64(shape.padding)],
        [Int64(part.bottom), Int64(shape.padding)]
      ),
      "describing a convolution \(shape)"
    )
    return Primitive(operation, epilogue: part.epilogue, context: context.oneDNN)
  }

  private func compiled(_ part: Part, _ context: ComputeContext) -> Compiled {
    if let known = products.withLock({ $0[part] }) { return known }
    let primitive = Self.primitive(part, shape, context)
    let made = Compiled(
      primitive: primitive,
      weights: weights.memory(in: primitive.weightLayout, context: context.oneDNN)
    )
    products.withLock { $0[part] = made }
    return made
  }

  /// y = epilogue(convolution of x).
  ///
  /// - Parameters:
  ///   - x: [images, height, width, inputChannels].
  ///   - images: how many images.
  ///   - height: of x, in pixels.
  ///   - width: of x, in pixels.
  ///   - y: [images, outputHeight, outputWidth, outputChannels]; x and y don't overlap.
  ///   - epilogue: what follows in the same pass.
  ///   - context: the one that the weights were packed for.
  package func apply(
    _ x: MemoryView<Float>,
    images: Int,
    height: Int,
    width: Int,
    into y: MemoryView<Float>,
    epilogue: Epilogue = Epilogue(),
    context: ComputeContext
  ) {
    let outputHeight = shape.outputHeight(height)
    let outputRow = shape.outputWidth(width) * shape.outputChannels
    precondition(
      height + 2 * shape.padding >= shape.kernelHeight
        && width + 2 * shape.padding >= shape.kernelWidth,
      "images of \(height)×\(width) are smaller than the window of \(shape)"
    )
    precondition(
      x.count == images * height * width * shape.inputChannels
        && y.count == images * outputHeight * outputRow,
      "\(x.count) and \(y.count) floats for \(images) images of \(height)×\(width) in \(shape)"
    )
    if images == 1 {
      applyByRows(x, height: height, width: width, into: y, epilogue: epilogue, context: context)
      return
    }
    let inputSize = height * width * shape.inputChannels
    let outputSize = outputHeight * outputRow
    let offsets = bias.view(of: Float.self)
    let grain = Self.imagesPerChunk(images: images, outputPixels: outputSize / shape.outputChannels)
    context.pool.forEachChunk(of: images, grain: grain) { range in
      let part = Part(
        images: range.count,
        inputHeight: height,
        inputWidth: width,
        top: shape.padding,
        bottom: shape.padding,
        epilogue: epilogue
      )
      let product = compiled(part, context)
      product.primitive.run(
        x.rows(range, width: inputSize),
        weights: product.weights,
        bias: offsets,
        into: y.rows(range, width: outputSize),
        context: context.oneDNN
      )
    }
  }

  /// At most so many images that a chunk has 800 output pixels, and at least two chunks.
  private static func imagesPerChunk(images: Int, outputPixels: Int) -> Int {
    max(1, min((images + 1) / 2, 800 / max(outputPixels, 1)))
  }

  private func applyByRows(
    _ x: MemoryView<Float>,
    height: Int,
    width: Int,
    into y: MemoryView<Float>,
    epilogue: Epilogue,
    context: ComputeContext
  ) {
    let outputHeight = shape.outputHeight(height)
    let outputRow = shape.outputWidth(width) * shape.outputChannels
    let inputRow = width * shape.inputChannels
    let offsets = bias.view(of: Float.self)
    let grain = max(1, min((outputHeight + 1) / 2, 28))
    context.pool.forEachChunk(of: outputHeight, grain: grain) { rows in
      let first = rows.lowerBound * shape.stride - shape.padding
      let end = (rows.upperBound - 1) * shape.stride - shape.padding + shape.kernelHeight
      let input = max(first, 0)..<min(end, height)
      let part = Part(
        images: 1,
        inputHeight: input.count,
        inputWidth: width,
        top: max(-first, 0),
        bottom: max(end - height, 0),
        epilogue: epilogue
      )
      let product = compiled(part, context)
      product.primitive.run(
        x.rows(input, width: inputRow),
        weights: product.weights,
        bias: offsets,
        into: y.rows(rows, width: outputRow),
        context: context.oneDNN
      )
    }
  }
}
