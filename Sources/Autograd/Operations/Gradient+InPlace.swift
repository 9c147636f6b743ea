import Parallelism
import Tensors

extension Gradient {
  /// Lets a kernel turn an output's gradient into this one, in the same memory where that is free.
  ///
  /// - Parameters:
  ///   - dy: as many elements; gone afterwards, so this comes last.
  ///   - device: where memory comes from.
  ///   - write: receives dy's memory, the sum's, which may be the same, and whether to add to what the
  ///     sum holds (true) or to overwrite it (false); must write every element.
  func replace(
    _ dy: inout Tensor,
    on device: Device,
    _ write: (_ dy: MemoryView<Float>, _ sum: MemoryView<Float>, _ adds: Bool) -> Void
  ) {
    guard sum == nil, dy.isUniquelyHeld() else {
      accumulate(on: device) { sum, adds in dy.withView { write($0, sum, adds) } }
      return
    }
    dy.withView { write($0, $0, false) }
    add(dy, on: device)
  }
}
