import Kernels
package import Tensors

extension InferenceExecutor {
  package func selfAttention(_ joined: Tensor, heads: Int, lengths: [Int]?) -> Tensor {
    let width = joined.columns / 3
    let (batch, tokens) = (joined.shape[0], joined.shape[1])
    precondition(
      joined.shape.count == 3 && width * 3 == joined.columns && width % heads == 0,
      "self-attention of \(heads) heads over \(joined.shape)"
    )
    let y = Tensor(uninitialized: [batch, tokens, width], on: device)
    let shape = AttentionShape(
      sequences: batch,
      queries: tokens,
      keys: tokens,
      heads: heads,
      headWidth: width / heads
    )
    withViews(joined, y) { x, y in
      compute.attention(
        StridedRows(x, offset: 0, stride: 3 * width),
        StridedRows(x, offset: width, stride: 3 * width),
        StridedRows(x, offset: 2 * width, stride: 3 * width),
        shape: shape,
        lengths: lengths,
        into: y
      )
    }
    return y
  }

  package func crossAttention(
    _ query: Tensor,
    _ joined: Tensor,
    heads: Int,
    lengths: [Int]?
  ) -> Tensor {
    let width = query.columns
    let (batch, tokens) = (joined.shape[0], joined.shape[1])
    precondition(
      joined.shape.count == 3 && 2 * width == joined.columns && width % heads == 0
        && query.shape[0] == batch,
      "attention of \(heads) heads by \(query.shape) over \(joined.shape)"
    )
    let y = Tensor(uninitialized: query.shape, on: device)
    let shape = AttentionShape(
      sequences: batch,
      queries: query.rows / max(batch, 1),
      keys: tokens,
      heads: heads,
      headWidth: width / heads
    )
    withViews(query, joined, y) { q, x, y in
      compute.attention(
        StridedRows(q, offset: 0, stride: width),
        StridedRows(x, offset: 0, stride: 2 * width),
        StridedRows(x, offset: width, stride: 2 * width),
        shape: shape,
        lengths: lengths,
        into: y
      )
    }
    return y
  }

  package func embedding(
    _ lookups: [(indices: [Int32], table: Parameter)],
    batch: Int
  ) -> Tensor {
    guard let first = lookups.first else { preconditionFailure("an embedding without tables") }
    let width = first.table.shape[1]
    precondition(
      first.indices.count % max(batch, 1) == 0
        && lookups.allSatisfy {
          $0.table.shape[1] == width && $0.indices.count == first.indices.count
        },
      "embeddings of different sizes are added"
    )
    let y = Tensor(
      uninitialized: [batch, first.indices.count / max(batch, 1), width],
      on: device
    )
    for (index, lookup) in lookups.enumerated() {
      withViews(lookup.table.value, y) {
        compute.embed(
          lookup.indices,
          table: $0,
          width: width,
          accumulating: index > 0,
          into: $1
        )
      }
    }
    return y
  }

  package func prepend(
    _ token: Parameter,
    to tokens: Tensor,
    positions: PositionTable
  ) -> Tensor {
    tokens.prepending(
      token: token.value.reshaped([-1]),
      positions: table(positions, tokens: tokens.shape[1]),
      on: device
    )
  }

  package func prependMean(to tokens: Tensor, positions: PositionTable) -> Tensor {
    tokens.prependingMean(positions: table(positions, tokens: tokens.shape[1]), on: device)
  }

  /// Positions [1 + tokens, C] for a square of tokens, made once.
  private func table(_ positions: PositionTable, tokens: Int) -> Tensor {
    let side = positions.side(ofTokens: tokens)
    let key = PositionKey(
      parameter: ObjectIdentifier(positions.parameter),
      side: side,
      rule: positions.rule
    )
    if let known = self.positions[key] { return known.table }
    let width = positions.parameter.shape.last ?? 1
    let learnt = positions.parameter.value
    let made =
      side == positions.learntGrid
      ? learnt.reshaped([-1, width])
      : Tensor(
        positions.interpolated(learnt.elements, toGrid: side),
        shape: [1 + tokens, width],
        on: device
      )
    self.positions[key] = (positions.parameter, made)
    return made
  }
}
