import Parallelism
import Tensors

/// Lends the memory of a tensor that may be absent.
func withOptionalView<Result>(
  _ tensor: Tensor?,
  _ body: (MemoryView<Float>?) throws -> Result
) rethrows -> Result {
  guard let tensor else { return try body(nil) }
  return try tensor.withView { try body($0) }
}
