import COneDNN
import Parallelism

extension OneDNNContext {
  /// Copies an array into memory of its own in another layout.
  ///
  /// - Parameters:
  ///   - source: the elements.
  ///   - layout: how they lie.
  ///   - wanted: how they are to lie; the same sizes.
  /// - Returns: the elements in the wanted layout.
  func reorder(
    _ source: MemoryView<Float>,
    from layout: MemoryDescription,
    to wanted: MemoryDescription
  ) -> AlignedMemory {
    let memory = AlignedMemory(byteCount: wanted.byteCount)
    var description: dnnl_primitive_desc_t?
    var from = layout.description
    var to = wanted.description
    unsafe check(
      dnnl_reorder_primitive_desc_create(
        &description,
        &from,
        engine.pointer,
        &to,
        engine.pointer,
        nil
      ),
      "choosing a reorder"
    )
    let owned = unsafe handle(description) { unsafe _ = dnnl_primitive_desc_destroy($0) }
    var primitive: dnnl_primitive_t?
    unsafe check(dnnl_primitive_create(&primitive, owned.pointer), "compiling a reorder")
    let reorder = unsafe handle(primitive) { unsafe _ = dnnl_primitive_destroy($0) }
    let input = unsafe memoryObject(from, UnsafeMutableRawPointer(source.pointer), self)
    let output = unsafe memoryObject(to, memory.pointer, self)
    withSlot(scratchBytes: 0) { slot in
      let arguments = unsafe [
        dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: input.pointer),
        dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: output.pointer),
      ]
      unsafe check(
        dnnl_primitive_execute(reorder.pointer, slot.stream.pointer, 2, arguments),
        "running a reorder"
      )
      unsafe check(dnnl_stream_wait(slot.stream.pointer), "waiting for a reorder")
    }
    return memory
  }
}
