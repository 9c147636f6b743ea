import Kernels
import Parallelism
import Tensors

// B sequences, T tokens, Q queries, C features of all heads.

extension Tape {
  /// Each token's attention to the tokens of its sequence, softmax(q·kᵀ / √(C / heads))·v per head.
  ///
  /// Vaswani et al. 2017, eq. 1; the gradient is Dao 2023, algorithm 2. Kept: the input, the output,
  /// and 4 bytes per head and token; no scores.
  ///
  /// - Parameters:
  ///   - joined: [B, T, 3·C], the features of queries, keys and values beside each other.
  ///   - heads: how many heads; divides C.
  ///   - lengths: how many of each sequence's first tokens are seen, each in 1...T; nil for all.
  ///     Keys and values behind them have zero gradients.
  /// - Returns: [B, T, C].
  package func selfAttention(_ joined: Variable, heads: Int, lengths: [Int]?) -> Variable {
    let width = joined.value.columns / 3
    precondition(
      joined.shape.count == 3 && width * 3 == joined.value.columns && width % heads == 0,
      "self-attention of \(heads) heads over \(joined.shape)"
    )
    let (batch, tokens) = (joined.shape[0], joined.shape[1])
    let layout = AttentionLayout(
      shape: AttentionShape(
        sequences: batch,
        queries: tokens,
        keys: tokens,
        heads: heads,
        headWidth: width / heads
      ),
      lengths: lengths,
      isJoinedByQueries: true
    )
    return attention("self_attention", nil, joined, layout, into: [batch, tokens, width])
  }

  /// The attention of queries to the tokens of their sequence.
  ///
  /// As `selfAttention`, with queries of their own.
  ///
  /// - Parameters:
  ///   - query: [B, C], one query per sequence, or [B, Q, C].
  ///   - joined: [B, T, 2·C], the features of keys and values beside each other.
  ///   - heads: how many heads; divides C.
  ///   - lengths: how many of each sequence's first tokens are seen, each in 1...T; nil for all.
  ///     Keys and values behind them have zero gradients.
  /// - Returns: as `query`.
  package func crossAttention(
    _ query: Variable,
    _ joined: Variable,
    heads: Int,
    lengths: [Int]?
  ) -> Variable {
    let width = query.value.columns
    precondition(
      joined.shape.count == 3 && 2 * width == joined.value.columns && width % heads == 0
        && (2...3).contains(query.shape.count) && query.shape[0] == joined.shape[0],
      "attention of \(heads) heads by \(query.shape) over \(joined.shape)"
    )
    let layout = AttentionLayout(
      shape: AttentionShape(
        sequences: query.shape[0],
        queries: query.value.rows / max(query.shape[0], 1),
        keys: joined.shape[1],
        heads: heads,
        headWidth: width / heads
      ),
      lengths: lengths,
      isJoinedByQueries: false
    )
    return attention("cross_attention", query, joined, layout, into: query.shape)
  }

  private func attention(
    _ name: String,
    _ query: Variable?,
    _ joined: Variable,
    _ layout: AttentionLayout,
    into resultShape: [Int]
  ) -> Variable {
    let shape = layout.shape
    let y = Tensor(uninitialized: resultShape, on: device)
    let logSums = Tensor(uninitialized: [shape.sequences, shape.heads, shape.queries], on: device)
    let (x, dx, dq) = (joined.value, joined.gradient, query?.gradient)
    let q = query?.value ?? x
    withViews(q, x, y, logSums) { q, x, y, logSums in
      device.compute.attention(
        layout.queries(in: q),
        layout.keys(in: x),
        layout.values(in: x),
        shape: shape,
        lengths: layout.lengths,
        into: y,
        logSums: logSums
      )
    }
    return record(name, y, [dq, dx]) { [device] dy in
      withViews(q, x, y, logSums) { q, x, y, logSums in
        dy.withView { dy in
          withSum(dx, on: device) { dx in
            // The queries' gradient lies beside the others, or alone.
            withSum(dq, on: device) { dq in
              device.compute.attentionBackward(
                layout.queries(in: q),
                layout.keys(in: x),
                layout.values(in: x),
                results: AttentionResults(y: y, logSums: logSums, dy: dy),
                shape: shape,
                lengths: layout.lengths,
                into: AttentionGradients(
                  query: (layout.isJoinedByQueries ? dx : dq)?.target(layout.queries),
                  key: dx?.target(layout.keys),
                  value: dx?.target(layout.values)
                )
              )
            }
          }
        }
      }
    }
  }
}

/// Where queries, keys and values lie.
private struct AttentionLayout {
  var shape: AttentionShape
  var lengths: [Int]?
  /// Whether queries lie before keys and values in the same rows; else in rows of their own.
  var isJoinedByQueries: Bool

  func queries(in memory: MemoryView<Float>) -> StridedRows {
    StridedRows(memory, offset: 0, stride: isJoinedByQueries ? 3 * shape.width : shape.width)
  }

  func keys(in memory: MemoryView<Float>) -> StridedRows { part(isJoinedByQueries ? 1 : 0, memory) }

  func values(in memory: MemoryView<Float>) -> StridedRows {
    part(isJoinedByQueries ? 2 : 1, memory)
  }

  private func part(_ index: Int, _ memory: MemoryView<Float>) -> StridedRows {
    let parts = isJoinedByQueries ? 3 : 2
    return StridedRows(memory, offset: index * shape.width, stride: parts * shape.width)
  }
}

/// The memory of a gradient's sum, and whether to add to what it holds.
private struct SumView {
  var memory: MemoryView<Float>
  var adds: Bool

  func target(_ rows: (MemoryView<Float>) -> StridedRows) -> AttentionGradients.Target {
    AttentionGradients.Target(rows(memory), adds: adds)
  }
}

/// Lends the memory of a gradient that may be absent.
private func withSum(_ gradient: Gradient?, on device: Device, _ body: (SumView?) -> Void) {
  guard let gradient else { return body(nil) }
  gradient.accumulate(on: device) { body(SumView(memory: $0, adds: $1)) }
}
