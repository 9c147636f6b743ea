import Glibc

/// Memory that starts on a cache line's boundary, freed with the last reference.
///
/// Large pieces are mapped on their own, so that freeing them returns them to the system at once
/// whatever was allocated in between, and ask for huge pages.
// The guard of `@unchecked Sendable`: as for `MemoryView`, which it lends.
@safe package final class AlignedMemory: @unchecked Sendable {
  /// The alignment in bytes: a cache line, and the width of an AVX-512 register.
  package static let alignment = 64
  /// From how many bytes on a piece is mapped on its own.
  private static let mappedFrom = 1 << 20
  /// From how many bytes on huge pages (2 MB) are asked for.
  private static let hugeFrom = 4 << 20

  private let base: UnsafeMutableRawPointer
  /// How many bytes there are.
  package let byteCount: Int

  /// Allocates memory; its content is undefined.
  ///
  /// - Parameter byteCount: how many bytes.
  package init(byteCount: Int) {
    precondition(byteCount >= 0, "memory of \(byteCount) bytes")
    self.byteCount = byteCount
    unsafe base =
      byteCount >= Self.mappedFrom
      ? Self.map(byteCount)
      : UnsafeMutableRawPointer.allocate(
        byteCount: max(byteCount, 1),
        alignment: Self.alignment
      )
  }

  private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let mapped = unsafe mmap(
      nil,
      byteCount,
      PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS,
      -1,
      0
    )
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      fatalError("out of memory: \(byteCount) bytes were asked for; use smaller batches")
    }
    if byteCount >= hugeFrom { unsafe _ = madvise(mapped, byteCount, MADV_HUGEPAGE) }
    return unsafe mapped
  }

  deinit {
    if byteCount >= Self.mappedFrom {
      unsafe _ = munmap(base, byteCount)
    } else {
      unsafe base.deallocate()
    }
  }

  /// The first byte's address, for a C library.
  package var pointer: UnsafeMutableRawPointer { unsafe base }

  /// The memory as elements of one type.
  ///
  /// - Parameter type: the type of the elements.
  /// - Returns: a view that the caller uses while it holds this object.
  package func view<Element: BitwiseCopyable>(of type: Element.Type) -> MemoryView<Element> {
    unsafe MemoryView(
      base: base.assumingMemoryBound(to: Element.self),
      count: byteCount / MemoryLayout<Element>.stride
    )
  }
}
