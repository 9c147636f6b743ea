import COneDNN
import Parallelism

/// A copy of weights from one layout to another, compiled once.
///
/// Weights change with each step and are packed anew: 8–12 GB/s on one core (oneDNN 2.6.3,
/// `jit:uni`). Large ones are cut by their outputs.
final class ReorderPrimitive: Sendable {
  private let parts: [Part]

  /// The copy of some outputs' weights.
  private struct Part: Sendable {
    let primitive: SharedHandle
    let source: dnnl_memory_desc_t
    let destination: dnnl_memory_desc_t
  }

  /// Compiles a copy.
  ///
  /// - Parameters:
  ///   - source: how elements lie; the first of four sizes is the number of outputs.
  ///   - destination: how they are to lie; the same sizes.
  ///   - context: where it is to run.
  init(from source: MemoryDescription, to destination: MemoryDescription, context: OneDNNContext) {
    let sizes = unsafe withUnsafeBytes(of: source.description.dims) { bytes in
      unsafe Array(bytes.bindMemory(to: Int64.self).prefix(4))
    }
    // Some layouts have blocks of 48 outputs, whose bounds fourths don't meet: these stay whole.
    let wanted = sizes[0] % 256 == 0 && source.byteCount > 1 << 20 ? 4 : 1
    let sources = (0..<wanted).compactMap { source.part($0, of: wanted, sizes: sizes) }
    let destinations = (0..<wanted).compactMap { destination.part($0, of: wanted, sizes: sizes) }
    let isCut = sources.count == wanted && destinations.count == wanted
    parts = zip(isCut ? sources : [source], isCut ? destinations : [destination]).map { from, to in
      Part(
        primitive: Self.compiled(from: from, to: to, context),
        source: from.description,
        destination: to.description
      )
    }
  }

  private static func compiled(
    from source: MemoryDescription,
    to destination: MemoryDescription,
    _ context: OneDNNContext
  ) -> SharedHandle {
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
    return unsafe handle(primitive) { unsafe _ = dnnl_primitive_destroy($0) }
  }

  /// Copies.
  ///
  /// - Parameters:
  ///   - x: the elements.
  ///   - y: room for them; doesn't overlap x.
  ///   - context: the one that the copy was compiled for.
  func run(_ x: MemoryView<Float>, into y: MemoryView<Float>, context: ComputeContext) {
    context.pool.forEach(parts.count) { index in
      run(parts[index], x, into: y, context: context.oneDNN)
    }
  }

  private func run(
    _ part: Part,
    _ x: MemoryView<Float>,
    into y: MemoryView<Float>,
    context: OneDNNContext
  ) {
    let input = unsafe memoryObject(part.source, UnsafeMutableRawPointer(x.pointer), context)
    let output = unsafe memoryObject(
      part.destination,
      UnsafeMutableRawPointer(y.pointer),
      context
    )
    context.withSlot(scratchBytes: 0) { slot in
      let arguments = unsafe [
        dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: input.pointer),
        dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: output.pointer),
      ]
      unsafe check(
        dnnl_primitive_execute(part.primitive.pointer, slot.stream.pointer, 2, arguments),
        "running a reorder"
      )
      unsafe check(dnnl_stream_wait(slot.stream.pointer), "waiting for a reorder")
    }
  }
}

extension MemoryDescription {
  /// Some of the first dimension's indices, in the memory of all.
  ///
  /// - Parameters:
  ///   - index: which part.
  ///   - count: how many parts of the same length there are.
  ///   - sizes: the logical sizes.
  /// - Returns: the part, described from the start of the whole; nil where a block would be cut.
  fileprivate func part(_ index: Int, of count: Int, sizes: [Int64]) -> MemoryDescription? {
    guard count > 1 else { return self }
    var part = dnnl_memory_desc_t()
    let length = sizes[0] / Int64(count)
    let status = unsafe withUnsafePointer(to: description) { whole in
      unsafe dnnl_memory_desc_init_submemory(
        &part,
        whole,
        [length] + sizes.dropFirst(),
        [Int64(index) * length, 0, 0, 0]
      )
    }
    return status == dnnl_success ? MemoryDescription(description: part) : nil
  }
}
