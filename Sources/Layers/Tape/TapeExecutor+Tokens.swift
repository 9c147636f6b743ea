package import Autograd

extension TapeExecutor {
  package func layerNorm(_ x: Variable, _ layer: LayerNorm) -> Variable {
    tape.place = layer.scale.name
    return tape.layerNorm(
      x,
      scale: variable(layer.scale),
      shift: variable(layer.shift),
      epsilon: layer.epsilon
    )
  }

  package func selfAttention(_ joined: Variable, heads: Int, lengths: [Int]?) -> Variable {
    tape.selfAttention(joined, heads: heads, lengths: lengths)
  }

  package func crossAttention(
    _ query: Variable,
    _ joined: Variable,
    heads: Int,
    lengths: [Int]?
  ) -> Variable {
    tape.crossAttention(query, joined, heads: heads, lengths: lengths)
  }

  package func embedding(
    _ lookups: [(indices: [Int32], table: Parameter)],
    batch: Int
  ) -> Variable {
    tape.place = lookups.first?.table.name ?? ""
    return tape.embedding(
      lookups.map { (indices: $0.indices, table: variable($0.table)) },
      batch: batch
    )
  }

  package func prepend(
    _ token: Parameter,
    to tokens: Variable,
    positions: PositionTable
  ) -> Variable {
    tape.place = positions.parameter.name
    return tape.prepend(
      variable(token),
      to: tokens,
      positions: table(positions, tokens: tokens.shape[1])
    )
  }

  package func prependMean(to tokens: Variable, positions: PositionTable) -> Variable {
    tape.place = positions.parameter.name
    return tape.prependMean(to: tokens, positions: table(positions, tokens: tokens.shape[1]))
  }

  package func token(_ index: Int, of x: Variable) -> Variable { tape.token(index, of: x) }

  package func tokensBehindFirst(of x: Variable) -> Variable { tape.tokensBehindFirst(of: x) }

  package func meanToken(of x: Variable, over range: Range<Int>) -> Variable {
    tape.meanToken(of: x, over: range)
  }

  package func concatenated(_ parts: [Variable]) -> Variable { tape.concatenated(parts) }

  package func normalized(_ x: Variable) -> Variable { tape.normalized(x) }

  /// Positions [1 + tokens, C] for a square of tokens.
  private func table(_ positions: PositionTable, tokens: Int) -> Variable {
    let side = positions.side(ofTokens: tokens)
    let width = positions.parameter.shape.last ?? 1
    let learnt = tape.reshaped(variable(positions.parameter), [-1, width])
    guard side != positions.learntGrid else { return learnt }
    return tape.resampledRows(learnt, positions.taps(forGrid: side))
  }
}
