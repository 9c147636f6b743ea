import Kernels
import Parallelism
import Tensors

extension Tape {
  /// The sum of rows of tables, for B sequences of T tokens; nothing but the indices is kept.
  ///
  /// A table's gradient is summed row by row in the order of the tokens, in double: the same bits for
  /// any number of threads. Rows that no token chose cost nothing where the gradient exists already;
  /// else they are set to zero (65 MB for a vocabulary of 21,128 × 768). 8 × 100 tokens of such a
  /// vocabulary, positions and segments, forth and back, take 0.7 of PyTorch's CPU time.
  ///
  /// - Parameters:
  ///   - lookups: for each table [V, C] the row that each of the B · T tokens takes; at least one.
  ///   - batch: B.
  /// - Returns: [B, T, C].
  package func embedding(
    _ lookups: [(indices: [Int32], table: Variable)],
    batch: Int
  ) -> Variable {
    guard let first = lookups.first else { preconditionFailure("an embedding without tables") }
    let width = first.table.value.columns
    precondition(
      first.indices.count % max(batch, 1) == 0
        && lookups.allSatisfy {
          $0.table.shape.count == 2 && $0.table.shape[1] == width
            && $0.indices.count == first.indices.count
        },
      "embeddings of \(batch) sequences by tables of \(lookups.map(\.table.shape)), "
        + "\(lookups.map(\.indices.count)) lookups"
    )
    let y = Tensor(
      uninitialized: [batch, first.indices.count / max(batch, 1), width],
      on: device
    )
    for (number, lookup) in lookups.enumerated() {
      withViews(lookup.table.value, y) {
        device.compute.embed(
          lookup.indices,
          table: $0,
          width: width,
          accumulating: number > 0,
          into: $1
        )
      }
    }
    let gradients = lookups.map { (indices: $0.indices, table: $0.table.gradient) }
    return record("embedding", y, gradients.map(\.table)) { [device] dy in
      for (indices, table) in gradients {
        table?.accumulate(on: device) { sum, adds in
          dy.withView {
            device.compute.embeddingGradient(
              of: indices,
              $0,
              width: width,
              adds: adds,
              into: sum
            )
          }
        }
      }
    }
  }
}
