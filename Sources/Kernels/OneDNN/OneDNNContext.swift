import COneDNN
import Parallelism

/// oneDNN's engine, and streams with scratch memory for the threads that run primitives.
///
/// Scratch memory is the caller's ("user mode"): the library's own is thread-local to the thread
/// that made the primitive, and running it elsewhere crashes (tried with 2.6.3).
final class OneDNNContext: Sendable {
  let engine: SharedHandle
  /// The convolutions of training, compiled once per sizes.
  let convolutions = ConvolutionCache()
  // Guarded by itself; a slot is with one thread at a time.
  private let freeSlots = Monitor<[Slot]>([])

  /// A stream and scratch memory, taken by one thread at a time.
  final class Slot: Sendable {
    let stream: SharedHandle
    let scratch: AlignedMemory

    init(stream: SharedHandle, scratch: AlignedMemory) {
      self.stream = stream
      self.scratch = scratch
    }
  }

  init() {
    var engine: dnnl_engine_t?
    unsafe check(dnnl_engine_create(&engine, dnnl_cpu, 0), "making an engine")
    self.engine = unsafe handle(engine) { unsafe _ = dnnl_engine_destroy($0) }
  }

  /// Runs `body` with a stream and at least so much scratch memory.
  func withSlot(scratchBytes: Int, _ body: (Slot) -> Void) {
    var slot = freeSlots.withLock { $0.popLast() } ?? makeSlot()
    if slot.scratch.byteCount < scratchBytes {
      slot = Slot(stream: slot.stream, scratch: AlignedMemory(byteCount: scratchBytes))
    }
    body(slot)
    freeSlots.withLock { $0.append(slot) }
  }

  private func makeSlot() -> Slot {
    var stream: dnnl_stream_t?
    unsafe check(
      dnnl_stream_create(&stream, engine.pointer, dnnl_stream_default_flags.rawValue),
      "making a stream"
    )
    let owned = unsafe handle(stream) { unsafe _ = dnnl_stream_destroy($0) }
    return Slot(stream: owned, scratch: AlignedMemory(byteCount: 0))
  }

  /// The library's version, such as `2.6.3`.
  static var version: String {
    guard let version = unsafe dnnl_version() else { return "unknown" }
    return unsafe "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.patch)"
  }
}

/// Traps where oneDNN refuses a request: sizes were checked before, so it is our mistake or the
/// machine is out of memory.
func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) {
  guard status != dnnl_success else { return }
  preconditionFailure("oneDNN failed at \(what()): status \(status.rawValue)")
}

/// Takes over an object that oneDNN has just made.
func handle(
  _ pointer: OpaquePointer?,
  release: @escaping @Sendable (OpaquePointer) -> Void
) -> SharedHandle {
  guard let pointer = unsafe pointer else { preconditionFailure("oneDNN returned no object") }
  return unsafe SharedHandle(pointer, release: release)
}
