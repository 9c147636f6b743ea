/// A stretch of memory that an owner lends to the chunks of parallel loops.
///
/// The owner (a tensor's storage) keeps the memory alive while the view is in use.
// The guard of `@unchecked Sendable`: chunks read what no chunk of the same loop writes, and write
// ranges of their own, which each kernel's Swift face derives from the chunk's range.
@safe package struct MemoryView<Element: BitwiseCopyable>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Element>

  /// How many elements there are.
  package let count: Int

  /// Wraps memory that outlives the view.
  ///
  /// - Parameters:
  ///   - base: the first element.
  ///   - count: how many elements follow, the first one included.
  package init(base: UnsafeMutablePointer<Element>, count: Int) {
    precondition(count >= 0, "a view of \(count) elements")
    unsafe self.base = unsafe base
    self.count = count
  }

  /// The first element's address, for a C kernel.
  package var pointer: UnsafeMutablePointer<Element> { unsafe base }

  /// Some of the elements.
  ///
  /// - Parameter range: which, inside `0..<count`.
  package subscript(range: Range<Int>) -> MemoryView {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "range \(range) lies outside 0..<\(count)"
    )
    return unsafe MemoryView(base: base + range.lowerBound, count: range.count)
  }

  /// Rows of a matrix that lies in the memory row by row.
  ///
  /// - Parameters:
  ///   - rows: which rows.
  ///   - width: how many elements a row has.
  /// - Returns: a view of the rows' elements.
  package func rows(_ rows: Range<Int>, width: Int) -> MemoryView {
    self[rows.lowerBound * width..<rows.upperBound * width]
  }

  /// One element.
  ///
  /// - Parameter index: which, inside `0..<count`.
  package subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index \(index) lies outside 0..<\(count)")
      return unsafe base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) lies outside 0..<\(count)")
      unsafe base[index] = newValue
    }
  }

  /// Copies elements from other memory.
  ///
  /// - Parameter source: as many elements, nowhere overlapping.
  package func copy(from source: MemoryView) {
    precondition(source.count == count, "\(source.count) elements into room for \(count)")
    unsafe base.update(from: source.base, count: count)
  }

  /// Copies elements from an array.
  ///
  /// - Parameter source: as many elements.
  package func copy(from source: [Element]) {
    precondition(source.count == count, "\(source.count) elements into room for \(count)")
    unsafe source.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      unsafe base.update(from: first, count: count)
    }
  }

  /// Sets each element.
  ///
  /// - Parameter value: what to.
  package func fill(with value: Element) {
    unsafe base.update(repeating: value, count: count)
  }

  /// The elements in an array of their own.
  package func copied() -> [Element] {
    unsafe Array(UnsafeBufferPointer(start: base, count: count))
  }
}

extension MemoryView: Sequence {
  /// The elements in order.
  package func makeIterator() -> AnyIterator<Element> {
    var index = 0
    return AnyIterator {
      guard index < count else { return nil }
      defer { index += 1 }
      return self[index]
    }
  }
}
