import COneDNN
import Parallelism

/// A convolution or one of its two gradients, compiled by oneDNN for some images.
final class ConvolutionPrimitive: Sendable {
  /// What is computed of the three arrays x, weights and y.
  enum Direction: Hashable, Sendable {
    /// y from x and weights; perhaps with offsets.
    case forward(hasBias: Bool)
    /// x's gradient from weights and y's.
    case images
    /// The weights' gradient from x and y's.
    case weights
  }

  /// What a primitive is compiled for.
  struct Key: Hashable, Sendable {
    var direction: Direction
    var shape: ConvolutionShape
    var images: Int
    /// Of x, in pixels.
    var height: Int
    /// Of x, in pixels.
    var width: Int
  }

  private let direction: Direction
  private let primitive: SharedHandle
  private let images: dnnl_memory_desc_t
  private let weights: dnnl_memory_desc_t
  private let outputs: dnnl_memory_desc_t
  private let scratch: dnnl_memory_desc_t
  private let scratchBytes: Int
  private let bias: dnnl_memory_desc_t
  /// How much memory the weights take in the primitive's own layout.
  let weightBytes: Int
  /// How the weights or their gradient lie.
  var weightLayout: MemoryDescription { MemoryDescription(description: weights) }
  /// From PyTorch's [outputs, inputs, height, width] to the primitive's layout; the other way for
  /// the gradient of the weights.
  let reorder: ReorderPrimitive

  /// Compiles a primitive, which takes milliseconds.
  ///
  /// - Parameters:
  ///   - key: what for.
  ///   - context: where it is to run.
  init(_ key: Key, context: OneDNNContext) {
    direction = key.direction
    let arrays = Arrays(key)
    let forward = arrays.forward(context)
    let description =
      switch key.direction {
      case .forward: forward
      case .images: arrays.images(context, hint: forward)
      case .weights: arrays.weights(context, hint: forward)
      }
    var primitive: dnnl_primitive_t?
    unsafe check(
      dnnl_primitive_create(&primitive, description.pointer),
      "compiling a convolution \(key)"
    )
    self.primitive = unsafe handle(primitive) { unsafe _ = dnnl_primitive_destroy($0) }
    let layout = Self.query(
      description,
      key.direction == .weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md
    )
    images = arrays.x.description
    outputs = arrays.y.description
    bias = arrays.bias.description
    weights = layout
    scratch = Self.query(description, dnnl_query_scratchpad_md)
    scratchBytes = MemoryDescription(description: scratch).byteCount
    let packed = MemoryDescription(description: layout)
    weightBytes = packed.byteCount
    reorder =
      key.direction == .weights
      ? ReorderPrimitive(from: packed, to: arrays.plainWeights, context: context)
      : ReorderPrimitive(from: arrays.plainWeights, to: packed, context: context)
  }

  private static func query(
    _ description: SharedHandle,
    _ what: dnnl_query_t
  ) -> dnnl_memory_desc_t {
    guard let found = unsafe dnnl_primitive_desc_query_md(description.pointer, what, 0) else {
      preconditionFailure("oneDNN does not describe its argument \(what.rawValue)")
    }
    return unsafe found.pointee
  }

  /// Runs on the calling thread; what the direction computes is overwritten.
  ///
  /// - Parameters:
  ///   - x: images or their gradient, NHWC.
  ///   - w: weights or their gradient, in the primitive's layout.
  ///   - b: one offset per output channel where the direction has them.
  ///   - y: the convolution's output or its gradient, NHWC.
  ///   - context: the one that the primitive was made for.
  func run(
    _ x: MemoryView<Float>,
    weights w: MemoryView<Float>,
    bias b: MemoryView<Float>? = nil,
    _ y: MemoryView<Float>,
    context: OneDNNContext
  ) {
    let names =
      switch direction {
      case .forward: (DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST)
      case .images: (DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST)
      case .weights: (DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST)
      }
    context.withSlot(scratchBytes: scratchBytes) { slot in
      var memories = unsafe [
        (names.0, memoryObject(images, UnsafeMutableRawPointer(x.pointer), context)),
        (names.1, memoryObject(weights, UnsafeMutableRawPointer(w.pointer), context)),
        (names.2, memoryObject(outputs, UnsafeMutableRawPointer(y.pointer), context)),
        (DNNL_ARG_SCRATCHPAD, memoryObject(scratch, slot.scratch.pointer, context)),
      ]
      if let b {
        let memory = unsafe memoryObject(bias, UnsafeMutableRawPointer(b.pointer), context)
        memories.append((DNNL_ARG_BIAS, memory))
      }
      let list = unsafe memories.map { unsafe dnnl_exec_arg_t(arg: $0.0, memory: $0.1.pointer) }
      unsafe check(
        dnnl_primitive_execute(primitive.pointer, slot.stream.pointer, CInt(list.count), list),
        "running a convolution"
      )
      unsafe check(dnnl_stream_wait(slot.stream.pointer), "waiting for a convolution")
      withExtendedLifetime(memories) {}
    }
  }
}

/// The primitives of convolutions that have run; each is compiled once.
final class ConvolutionCache: Sendable {
  // Guarded by itself.
  private let known = Monitor<[ConvolutionPrimitive.Key: ConvolutionPrimitive]>([:])

  /// The primitive of a key, compiled when it is asked for the first time.
  func primitive(
    _ key: ConvolutionPrimitive.Key,
    context: OneDNNContext
  ) -> ConvolutionPrimitive {
    if let found = known.withLock({ $0[key] }) { return found }
    let made = ConvolutionPrimitive(key, context: context)
    return known.withLock { known in
      if let found = known[key] { return found }
      known[key] = made
      return made
    }
  }
}
