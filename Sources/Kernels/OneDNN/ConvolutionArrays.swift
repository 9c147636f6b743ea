import COneDNN
import Parallelism

extension ConvolutionPrimitive {
  /// The arrays of a convolution as oneDNN knows them, and its choice of implementations.
  ///
  /// Where it chooses the layout of weights itself none of ResNet-50's, CLIP's ResNet-50's or the
  /// decoders' shapes falls back to the reference, which is a hundred times slower (see
  /// `ComputeContext.convolve`).
  struct Arrays {
    let x: MemoryDescription
    let y: MemoryDescription
    let plainWeights: MemoryDescription
    let bias: MemoryDescription
    private let anyWeights: MemoryDescription
    private let strides: [Int64]
    private let padding: [Int64]
    private let hasBias: Bool

    init(_ key: Key) {
      let shape = key.shape
      x = .imagesNHWC(
        key.images,
        channels: shape.inputChannels,
        height: key.height,
        width: key.width
      )
      y = .imagesNHWC(
        key.images,
        channels: shape.outputChannels,
        height: shape.outputHeight(key.height),
        width: shape.outputWidth(key.width)
      )
      let sizes = [
        shape.outputChannels, shape.inputChannels, shape.kernelHeight, shape.kernelWidth,
      ]
      plainWeights = .strided(
        sizes,
        strides: [sizes[1] * sizes[2] * sizes[3], sizes[2] * sizes[3], sizes[3], 1]
      )
      anyWeights = .any(sizes)
      bias = .strided([shape.outputChannels], strides: [1])
      strides = [Int64](repeating: Int64(shape.stride), count: 2)
      padding = [Int64](repeating: Int64(shape.padding), count: 2)
      hasBias = key.direction == .forward(hasBias: true)
    }

    /// The choice for the convolution itself; a hint for those of its gradients.
    func forward(_ context: OneDNNContext) -> SharedHandle {
      var operation = dnnl_convolution_desc_t()
      var (x, w, y) = (x.description, anyWeights.description, y.description)
      let b = bias.description
      let status = unsafe withUnsafePointer(to: b) { bias in
        unsafe dnnl_convolution_forward_desc_init(
          &operation,
          dnnl_forward_training,
          dnnl_convolution_direct,
          &x,
          &w,
          hasBias ? bias : nil,
          &y,
          strides,
          padding,
          padding
        )
      }
      check(status, "describing a convolution")
      return Self.choice(operation, context, hint: nil)
    }

    /// The choice for the gradient of x.
    func images(_ context: OneDNNContext, hint: SharedHandle) -> SharedHandle {
      var operation = dnnl_convolution_desc_t()
      var (x, w, y) = (x.description, anyWeights.description, y.description)
      unsafe check(
        dnnl_convolution_backward_data_desc_init(
          &operation,
          dnnl_convolution_direct,
          &x,
          &w,
          &y,
          strides,
          padding,
          padding
        ),
        "describing a convolution's gradient of images"
      )
      return Self.choice(operation, context, hint: hint)
    }

    /// The choice for the gradient of weights.
    func weights(_ context: OneDNNContext, hint: SharedHandle) -> SharedHandle {
      var operation = dnnl_convolution_desc_t()
      var (x, w, y) = (x.description, anyWeights.description, y.description)
      unsafe check(
        dnnl_convolution_backward_weights_desc_init(
          &operation,
          dnnl_convolution_direct,
          &x,
          &w,
          nil,
          &y,
          strides,
          padding,
          padding
        ),
        "describing a convolution's gradient of weights"
      )
      return Self.choice(operation, context, hint: hint)
    }

    private static func choice(
      _ operation: dnnl_convolution_desc_t,
      _ context: OneDNNContext,
      hint: SharedHandle?
    ) -> SharedHandle {
      var attributes: dnnl_primitive_attr_t?
      unsafe check(dnnl_primitive_attr_create(&attributes), "making attributes")
      let owned = unsafe handle(attributes) { unsafe _ = dnnl_primitive_attr_destroy($0) }
      unsafe check(
        dnnl_primitive_attr_set_scratchpad_mode(owned.pointer, dnnl_scratchpad_mode_user),
        "choosing the caller's scratch memory"
      )
      var description: dnnl_primitive_desc_t?
      let status = unsafe withUnsafePointer(to: operation) { operation in
        unsafe dnnl_primitive_desc_create(
          &description,
          UnsafeRawPointer(operation),
          owned.pointer,
          context.engine.pointer,
          hint?.pointer
        )
      }
      check(status, "choosing an implementation of a convolution")
      return unsafe handle(description) { unsafe _ = dnnl_primitive_desc_destroy($0) }
    }
  }
}
