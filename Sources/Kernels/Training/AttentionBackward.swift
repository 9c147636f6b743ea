import CKernels
package import Parallelism

/// Where the gradients of an attention's operands go, each with the stride of its operand.
package struct AttentionGradients: Sendable {
  /// One operand's gradient.
  package struct Target: Sendable {
    /// As many rows as the operand has.
    package var rows: StridedRows
    /// Whether to add to what lies there; else it is overwritten.
    package var adds: Bool

    /// Describes where a gradient goes.
    ///
    /// - Parameters:
    ///   - rows: as many rows as the operand has.
    ///   - adds: whether to add to what lies there; else it is overwritten.
    package init(_ rows: StridedRows, adds: Bool) {
      self.rows = rows
      self.adds = adds
    }
  }

  /// The queries'; nil when nobody wants it, as for the others.
  package var query: Target?
  /// The keys'; zero for keys that are not seen.
  package var key: Target?
  /// The values'; zero for values that are not seen.
  package var value: Target?

  /// Puts targets together.
  ///
  /// - Parameters:
  ///   - query: where the queries' gradient goes; nil when nobody wants it.
  ///   - key: where the keys' goes.
  ///   - value: where the values' goes.
  package init(query: Target?, key: Target?, value: Target?) {
    self.query = query
    self.key = key
    self.value = value
  }
}

/// What an attention's backward pass gets from the forward pass, and the gradient of its output.
package struct AttentionResults: Sendable {
  /// The output, [sequences, queries, width].
  package var y: MemoryView<Float>
  /// The logarithms of the scores' sums, [sequences, heads, queries].
  package var logSums: MemoryView<Float>
  /// The gradient of the output, as the output.
  package var dy: MemoryView<Float>

  /// Puts results together.
  ///
  /// - Parameters:
  ///   - y: the output.
  ///   - logSums: the logarithms of the scores' sums.
  ///   - dy: the gradient of the output.
  package init(y: MemoryView<Float>, logSums: MemoryView<Float>, dy: MemoryView<Float>) {
    self.y = y
    self.logSums = logSums
    self.dy = dy
  }
}

extension ComputeContext {
  /// The gradients of `attention` with respect to queries, keys and values.
  ///
  /// Dao 2023 (FlashAttention-2), algorithm 2: 10·queries·keys·headWidth operations per head, the
  /// scores computed again. Memory is linear in the tokens: each thread holds the scores of at most
  /// 66 queries. Each head of each sequence is one chunk that no other adds to.
  ///
  /// - Parameters:
  ///   - q: sequences · queries rows, at least `width` features each.
  ///   - k: sequences · keys rows.
  ///   - v: sequences · keys rows.
  ///   - results: what the forward pass returned, and the gradient of its output.
  ///   - shape: the sizes.
  ///   - lengths: how many of each sequence's first keys are seen, as in the forward pass.
  ///   - gradients: where gradients go; they overlap with nothing else.
  package func attentionBackward(
    _ q: StridedRows,
    _ k: StridedRows,
    _ v: StridedRows,
    results: AttentionResults,
    shape: AttentionShape,
    lengths: [Int]? = nil,
    into gradients: AttentionGradients
  ) {
    check(shape, lengths: lengths, q, k, v)
    let count = shape.sequences * shape.queries * shape.width
    let sums = shape.sequences * shape.heads * shape.queries
    precondition(
      results.y.count == count && results.dy.count == count && results.logSums.count == sums,
      "gradients of attention \(shape) from \(results.y.count) and \(results.dy.count) floats, "
        + "\(results.logSums.count) sums"
    )
    check(gradients.query, like: q, rows: shape.sequences * shape.queries, width: shape.width)
    check(gradients.key, like: k, rows: shape.sequences * shape.keys, width: shape.width)
    check(gradients.value, like: v, rows: shape.sequences * shape.keys, width: shape.width)
    let run = unsafe kernels.attentionBackward.choice.run
    pool.forEach(shape.sequences * shape.heads) { index in
      let head = AttentionHead(index, of: shape, lengths: lengths)
      var geometry = head.geometry(q, k, v)
      var targets = unsafe VBKAttentionGradients(
        query: gradients.query.map { unsafe head.queries(of: $0.rows) },
        key: gradients.key.map { unsafe head.keys(of: $0.rows) },
        value: gradients.value.map { unsafe head.keys(of: $0.rows) },
        addsToQuery: gradients.query?.adds == true ? 1 : 0,
        addsToKey: gradients.key?.adds == true ? 1 : 0,
        addsToValue: gradients.value?.adds == true ? 1 : 0
      )
      unsafe withScratch(vbk_attention_backward_f32_scratch(&geometry)) { scratch in
        unsafe run(
          &geometry,
          shape.factor,
          head.queries(of: q),
          head.keys(of: k),
          head.keys(of: v),
          results.y.pointer + head.outputOffset,
          results.logSums.pointer + head.sumOffset,
          results.dy.pointer + head.outputOffset,
          scratch,
          &targets
        )
      }
      for target in [gradients.key, gradients.value] { head.clearUnseen(target) }
    }
  }

  private func check(
    _ target: AttentionGradients.Target?,
    like operand: StridedRows,
    rows count: Int,
    width: Int
  ) {
    guard let target else { return }
    precondition(
      target.rows.stride == operand.stride,
      "a gradient with stride \(target.rows.stride) of an operand with stride \(operand.stride)"
    )
    check(target.rows, rows: count, width: width)
  }
}

extension AttentionHead {
  /// Zeros for the keys that are not seen, unless gradients are added.
  fileprivate func clearUnseen(_ target: AttentionGradients.Target?) {
    guard let target, !target.adds else { return }
    for key in seenKeys..<shape.keys {
      let start = target.rows.offset + (firstKey + key) * target.rows.stride + column
      target.rows.memory[start..<start + shape.headWidth].fill(with: 0)
    }
  }
}
