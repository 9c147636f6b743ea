import COneDNN
import Parallelism

/// What follows a product in the same pass: the destination's old content is added, then an
/// activation applied.
package struct Epilogue: Hashable, Sendable {
  /// Whether the product is added to what the destination holds.
  package var addsToDestination: Bool
  /// What is applied last.
  package var activation: Activation?

  /// Puts an epilogue together.
  ///
  /// - Parameters:
  ///   - addsToDestination: whether the product is added to what the destination holds.
  ///   - activation: what is applied last.
  package init(addsToDestination: Bool = false, activation: Activation? = nil) {
    self.addsToDestination = addsToDestination
    self.activation = activation
  }
}

/// A function applied element by element.
package enum Activation: String, Codable, Hashable, Sendable {
  /// max(x, 0).
  case relu
  /// x·Φ(x), Φ by erf.
  case gelu
  /// x·sigmoid(1.702·x).
  case quickGELU = "quick_gelu"
}

/// A product (matrix multiplication or convolution) compiled by oneDNN for fixed sizes.
final class Primitive: Sendable {
  private let primitive: SharedHandle
  private let source: dnnl_memory_desc_t
  private let weights: dnnl_memory_desc_t
  private let bias: dnnl_memory_desc_t
  private let destination: dnnl_memory_desc_t
  private let scratch: dnnl_memory_desc_t
  private let scratchBytes: Int

  /// The layout in which the primitive wants its weights.
  var weightLayout: MemoryDescription { MemoryDescription(description: weights) }

  /// Compiles a product.
  ///
  /// - Parameters:
  ///   - operation: oneDNN's description of it, a matmul's or a convolution's.
  ///   - epilogue: what follows in the same pass.
  ///   - context: where it is to run.
  init<Operation>(_ operation: Operation, epilogue: Epilogue, context: OneDNNContext) {
    let attributes = Self.attributes(epilogue)
    var description: dnnl_primitive_desc_t?
    let status = unsafe withUnsafePointer(to: operation) { operation in
      unsafe dnnl_primitive_desc_create(
        &description,
        UnsafeRawPointer(operation),
        attributes.pointer,
        context.engine.pointer,
        nil
      )
    }
    check(status, "choosing an implementation of \(Operation.self)")
    let owned = unsafe handle(description) { unsafe _ = dnnl_primitive_desc_destroy($0) }
    var primitive: dnnl_primitive_t?
    unsafe check(dnnl_primitive_create(&primitive, owned.pointer), "compiling \(Operation.self)")
    self.primitive = unsafe handle(primitive) { unsafe _ = dnnl_primitive_destroy($0) }
    source = Self.query(owned, dnnl_query_src_md)
    weights = Self.query(owned, dnnl_query_weights_md)
    bias = Self.query(owned, dnnl_query_weights_md, index: 1)
    destination = Self.query(owned, dnnl_query_dst_md)
    scratch = Self.query(owned, dnnl_query_scratchpad_md)
    scratchBytes = MemoryDescription(description: scratch).byteCount
  }

  private static func attributes(_ epilogue: Epilogue) -> SharedHandle {
    var attributes: dnnl_primitive_attr_t?
    unsafe check(dnnl_primitive_attr_create(&attributes), "making attributes")
    let owned = unsafe handle(attributes) { unsafe _ = dnnl_primitive_attr_destroy($0) }
    unsafe check(
      dnnl_primitive_attr_set_scratchpad_mode(owned.pointer, dnnl_scratchpad_mode_user),
      "choosing the caller's scratch memory"
    )
    var operations: dnnl_post_ops_t?
    unsafe check(dnnl_post_ops_create(&operations), "making post-operations")
    let list = unsafe handle(operations) { unsafe _ = dnnl_post_ops_destroy($0) }
    if epilogue.addsToDestination {
      unsafe check(dnnl_post_ops_append_sum(list.pointer, 1), "appending a sum")
    }
    if let activation = epilogue.activation {
      let (kind, alpha) = activation.oneDNN
      unsafe check(
        dnnl_post_ops_append_eltwise(list.pointer, 1, kind, alpha, 0),
        "appending \(activation)"
      )
    }
    unsafe check(
      dnnl_primitive_attr_set_post_ops(owned.pointer, list.pointer),
      "setting post-operations"
    )
    return owned
  }

  private static func query(
    _ description: SharedHandle,
    _ what: dnnl_query_t,
    index: CInt = 0
  ) -> dnnl_memory_desc_t {
    guard let found = unsafe dnnl_primitive_desc_query_md(description.pointer, what, index) else {
      preconditionFailure("oneDNN does not describe its argument \(what.rawValue)")
    }
    return unsafe found.pointee
  }

  /// Runs the product on the calling thread.
  ///
  /// - Parameters:
  ///   - x: the source, in the layout that the operation was described with.
  ///   - w: the weights in `weightLayout`.
  ///   - b: one bias per output.
  ///   - y: the destination.
  ///   - context: the one that the primitive was made for.
  func run(
    _ x: MemoryView<Float>,
    weights w: AlignedMemory,
    bias b: MemoryView<Float>,
    into y: MemoryView<Float>,
    context: OneDNNContext
  ) {
    context.withSlot(scratchBytes: scratchBytes) { slot in
      unsafe execute(
        [
          (DNNL_ARG_SRC, source, UnsafeMutableRawPointer(x.pointer)),
          (DNNL_ARG_WEIGHTS, weights, w.pointer),
          (DNNL_ARG_BIAS, bias, UnsafeMutableRawPointer(b.pointer)),
          (DNNL_ARG_DST, destination, UnsafeMutableRawPointer(y.pointer)),
          (DNNL_ARG_SCRATCHPAD, scratch, slot.scratch.pointer),
        ],
        slot.stream,
        context
      )
    }
  }

  private func execute(
    _ arguments: [(CInt, dnnl_memory_desc_t, UnsafeMutableRawPointer)],
    _ stream: SharedHandle,
    _ context: OneDNNContext
  ) {
    let memories = unsafe arguments.map { argument in
      unsafe memoryObject(argument.1, argument.2, context)
    }
    let list = unsafe zip(arguments, memories).map { argument, memory in
      unsafe dnnl_exec_arg_t(arg: argument.0, memory: memory.pointer)
    }
    unsafe check(
      dnnl_primitive_execute(primitive.pointer, stream.pointer, CInt(list.count), list),
      "running a primitive"
    )
    unsafe check(dnnl_stream_wait(stream.pointer), "waiting for a primitive")
    withExtendedLifetime(memories) {}
  }
}

/// oneDNN's face of memory that somebody else owns.
func memoryObject(
  _ description: dnnl_memory_desc_t,
  _ pointer: UnsafeMutableRawPointer,
  _ context: OneDNNContext
) -> SharedHandle {
  var memory: dnnl_memory_t?
  let status = unsafe withUnsafePointer(to: description) {
    unsafe dnnl_memory_create(&memory, $0, context.engine.pointer, pointer)
  }
  check(status, "describing an argument")
  return unsafe handle(memory) { unsafe _ = dnnl_memory_destroy($0) }
}

extension Activation {
  /// oneDNN's name and first parameter of the function.
  var oneDNN: (dnnl_alg_kind_t, Float) {
    switch self {
    case .relu: (dnnl_eltwise_relu, 0)
    case .gelu: (dnnl_eltwise_gelu_erf, 0)
    case .quickGELU: (dnnl_eltwise_swish, 1.702)
    }
  }
}
