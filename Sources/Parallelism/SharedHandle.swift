/// An object of a C library, released with the last reference.
// The guard of `@unchecked Sendable`: it wraps only objects that their library documents as usable
// from several threads at once (oneDNN's engines and primitives), or that one thread at a time has
// taken from a free list (its streams).
@safe package final class SharedHandle: @unchecked Sendable {
  /// The object.
  package let pointer: OpaquePointer
  private let release: @Sendable (OpaquePointer) -> Void

  /// Takes an object over.
  ///
  /// - Parameters:
  ///   - pointer: the object.
  ///   - release: gives it back to its library.
  package init(_ pointer: OpaquePointer, release: @escaping @Sendable (OpaquePointer) -> Void) {
    unsafe self.pointer = pointer
    unsafe self.release = release
  }

  deinit {
    unsafe release(pointer)
  }
}
