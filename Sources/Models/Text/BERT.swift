import Kernels
package import Layers

/// A BERT encoder whose first token's last state, projected, is the text's feature.
///
/// Source: Devlin et al. 2019.
package final class BERT {
  private let architecture: TextArchitecture
  private let words: Parameter
  private let positions: Parameter
  private let segments: Parameter
  private let norm: LayerNorm
  private let blocks: [BERTBlock]
  private let projection: [Linear]

  /// What is added to variances: Hugging Face's value for BERT.
  static let epsilon: Float = 1e-12

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes.
  ///   - scope: the CLIP model's root; names begin with `bert` there, but for `text_projection`.
  package init(_ architecture: TextArchitecture, in scope: ParameterScope) {
    self.architecture = architecture
    let width = architecture.width
    let embeddings = scope["bert.embeddings"]
    let spread = Initialization.normal(standardDeviation: 0.02)
    words = embeddings["word_embeddings"].parameter(
      "weight",
      [architecture.vocabularySize, width],
      spread
    )
    positions = embeddings["position_embeddings"].parameter(
      "weight",
      [architecture.positions, width],
      spread
    )
    segments = embeddings["token_type_embeddings"].parameter(
      "weight",
      [architecture.segmentKinds, width],
      spread
    )
    norm = LayerNorm(width, epsilon: Self.epsilon, in: embeddings["LayerNorm"])
    blocks = (0..<architecture.layers).map {
      BERTBlock(
        architecture,
        isLast: $0 == architecture.layers - 1,
        in: scope["bert.encoder.layer.\($0)"]
      )
    }
    switch architecture.head {
    case .matrix:
      projection = [
        Linear(projection: "text_projection", width, architecture.projectionWidth, in: scope)
      ]
    case .leftEyePerceptron(let outputIndex):
      let head = scope["text_projection_left"]
      projection = [
        Linear(width, width, in: head["0"]),
        Linear(width, architecture.projectionWidth, in: head["\(outputIndex)"]),
      ]
    }
  }

  /// The features of texts, not normalised.
  ///
  /// Columns that are padding in each text are not computed: no other token sees them.
  ///
  /// - Parameters:
  ///   - ids: B rows of T tokens, padded with 0 at the end; each inside the vocabulary.
  ///   - lengths: how many tokens of each row are no padding, at least 1.
  ///   - executor: what runs the operations.
  /// - Returns: [B, projectionWidth].
  package func features<E: Executor>(
    ids: [Int32],
    lengths: [Int],
    on executor: E
  ) -> E.Value {
    let batch = lengths.count
    let padded = ids.count / max(batch, 1)
    let used = lengths.max() ?? 0
    precondition(
      ids.count == batch * padded && used <= padded && used <= architecture.positions,
      "\(batch) texts of \(padded) tokens, \(used) of them used, \(architecture.positions) positions"
    )
    let kept = (0..<batch).flatMap { ids[$0 * padded..<$0 * padded + used] }
    let places = (0..<batch).flatMap { _ in (0..<used).map { Int32($0) } }
    let embedded = executor.embedding(
      [
        (kept, words), (places, positions), ([Int32](repeating: 0, count: kept.count), segments),
      ],
      batch: batch
    )
    var x = executor.layerNorm(embedded, norm)
    for block in blocks.dropLast() {
      executor.segment(&x) { block(&$0, lengths: lengths, on: executor) }
    }
    let first =
      blocks.last.map { $0.firstToken(x, lengths: lengths, on: executor) }
      ?? executor.token(0, of: x)
    return projection.indices.reduce(first) { state, index in
      let isLast = index == projection.count - 1
      return executor.linear(state, projection[index], activation: isLast ? nil : .relu)
    }
  }
}

/// A post-norm transformer block: x = norm(x + attention(x)), x = norm(x + perceptron(x)).
final class BERTBlock {
  private let heads: Int
  private let joined: Linear?
  private let query: Linear?
  private let keyValue: Linear?
  private let attentionOutput: Linear
  private let attentionNorm: LayerNorm
  private let expand: Linear
  private let contract: Linear
  private let outputNorm: LayerNorm

  /// Declares the block's parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes.
  ///   - isLast: whether no block follows, so that only the first token is needed.
  ///   - scope: the block's scope.
  init(_ architecture: TextArchitecture, isLast: Bool, in scope: ParameterScope) {
    let width = architecture.width
    heads = architecture.heads
    let parts = ["query", "key", "value"].map {
      Linear.Part.declared(width, width, in: scope["attention.self.\($0)"])
    }
    joined = isLast ? nil : Linear(parts: parts, inputCount: width)
    query = isLast ? Linear(parts: [parts[0]], inputCount: width) : nil
    keyValue = isLast ? Linear(parts: Array(parts[1...]), inputCount: width) : nil
    attentionOutput = Linear(width, width, in: scope["attention.output.dense"])
    attentionNorm = LayerNorm(
      width,
      epsilon: BERT.epsilon,
      in: scope["attention.output.LayerNorm"]
    )
    expand = Linear(width, architecture.hiddenWidth, in: scope["intermediate.dense"])
    contract = Linear(architecture.hiddenWidth, width, in: scope["output.dense"])
    outputNorm = LayerNorm(width, epsilon: BERT.epsilon, in: scope["output.LayerNorm"])
  }

  /// Runs the block on all tokens in place; it must not be the last.
  func callAsFunction<E: Executor>(_ x: inout E.Value, lengths: [Int], on executor: E) {
    guard let joined else { preconditionFailure("the last block gives the first token only") }
    let attended = executor.selfAttention(
      executor.linear(x, joined, activation: nil),
      heads: heads,
      lengths: lengths
    )
    finish(attended, &x, on: executor)
  }

  /// The block's output for the first token of each text; the block must be the last.
  func firstToken<E: Executor>(_ x: E.Value, lengths: [Int], on executor: E) -> E.Value {
    guard let query, let keyValue else {
      preconditionFailure("only the last block can do with the first token")
    }
    var first = executor.token(0, of: x)
    let attended = executor.crossAttention(
      executor.linear(first, query, activation: nil),
      executor.linear(x, keyValue, activation: nil),
      heads: heads,
      lengths: lengths
    )
    finish(attended, &first, on: executor)
    return first
  }

  private func finish<E: Executor>(_ attended: E.Value, _ x: inout E.Value, on executor: E) {
    executor.addLinear(attended, attentionOutput, to: &x)
    x = executor.layerNorm(x, attentionNorm)
    let hidden = executor.linear(x, expand, activation: .gelu)
    executor.addLinear(hidden, contract, to: &x)
    x = executor.layerNorm(x, outputNorm)
  }
}
