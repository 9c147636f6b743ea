import Kernels
import Layers

/// A pre-norm transformer block: x += attention(norm(x)), x += perceptron(norm(x)).
///
/// Dosovitskiy et al. 2021, eqs. 2 and 3; with layer scale, Touvron et al. 2021, eq. 4.
final class TransformerBlock {
  private let attentionNorm: LayerNorm
  /// Query, key and value joined; in the last block the query apart, since often only one token's
  /// is needed.
  private let attentionInput: AttentionInput
  private let attentionOutput: Linear
  private let perceptronNorm: LayerNorm
  private let expand: Linear
  private let contract: Linear
  private let heads: Int
  private let activation: Activation

  /// The maps that end the block's two branches.
  var branchEnds: [Linear] { [attentionOutput, contract] }

  private enum AttentionInput {
    case joined(Linear)
    case separate(query: Linear, keyValue: Linear)
  }

  /// Declares the block's parameters.
  ///
  /// - Parameters:
  ///   - architecture: sizes and layout.
  ///   - isLast: whether no block follows.
  ///   - scope: the block's scope.
  init(_ architecture: VisionTransformerArchitecture, isLast: Bool, in scope: ParameterScope) {
    let width = architecture.width
    let names = BlockNames(architecture.layout)
    heads = architecture.heads
    activation = architecture.layout == .clip ? .quickGELU : .gelu
    attentionNorm = LayerNorm(width, epsilon: names.epsilon, in: scope[names.attentionNorm])
    let joined = names.attentionInput(width, scope)
    if isLast {
      let (query, keyValue) = joined.split(at: width)
      attentionInput = .separate(query: query, keyValue: keyValue)
    } else {
      attentionInput = .joined(joined)
    }
    attentionOutput = Linear(
      width,
      width,
      scale: names.scale("layer_scale1", width, scope),
      in: scope[names.attentionOutput]
    )
    perceptronNorm = LayerNorm(width, epsilon: names.epsilon, in: scope[names.perceptronNorm])
    expand = Linear(width, architecture.hiddenWidth, in: scope[names.expand])
    contract = Linear(
      architecture.hiddenWidth,
      width,
      scale: names.scale("layer_scale2", width, scope),
      in: scope[names.contract]
    )
  }

  /// Runs the block on all tokens in place.
  ///
  /// - Parameters:
  ///   - x: [B, T, width].
  ///   - executor: what runs the operations.
  func callAsFunction<E: Executor>(_ x: inout E.Value, on executor: E) {
    let normal = executor.layerNorm(x, attentionNorm)
    let attended: E.Value
    switch attentionInput {
    case .joined(let joined):
      attended = executor.selfAttention(
        executor.linear(normal, joined, activation: nil),
        heads: heads,
        lengths: nil
      )
    case .separate(let query, let keyValue):
      attended = executor.crossAttention(
        executor.linear(normal, query, activation: nil),
        executor.linear(normal, keyValue, activation: nil),
        heads: heads,
        lengths: nil
      )
    }
    executor.addLinear(attended, attentionOutput, to: &x)
    runPerceptron(&x, on: executor)
  }

  /// The block's output for the first token only; the block must be the last.
  ///
  /// All tokens give keys and values; the query, the projection and the perceptron are the first
  /// token's, which saves 10 of a block's 12 parts of work.
  ///
  /// - Parameters:
  ///   - x: [B, T, width].
  ///   - executor: what runs the operations.
  /// - Returns: [B, width].
  func firstToken<E: Executor>(_ x: E.Value, on executor: E) -> E.Value {
    guard case .separate(let query, let keyValue) = attentionInput else {
      preconditionFailure("only the last block can do with the first token")
    }
    let normal = executor.layerNorm(x, attentionNorm)
    let attended = executor.crossAttention(
      executor.linear(executor.token(0, of: normal), query, activation: nil),
      executor.linear(normal, keyValue, activation: nil),
      heads: heads,
      lengths: nil
    )
    var first = executor.token(0, of: x)
    executor.addLinear(attended, attentionOutput, to: &first)
    runPerceptron(&first, on: executor)
    return first
  }

  private func runPerceptron<E: Executor>(_ x: inout E.Value, on executor: E) {
    let hidden = executor.linear(
      executor.layerNorm(x, perceptronNorm),
      expand,
      activation: activation
    )
    executor.addLinear(hidden, contract, to: &x)
  }
}

/// A block's names in the state dict.
private struct BlockNames {
  let layout: VisionTransformerArchitecture.Layout

  init(_ layout: VisionTransformerArchitecture.Layout) { self.layout = layout }

  private var isCLIP: Bool { layout == .clip }

  var epsilon: Float { isCLIP ? 1e-5 : 1e-6 }
  var attentionNorm: String { isCLIP ? "ln_1" : "norm1" }
  var attentionOutput: String { isCLIP ? "attn.out_proj" : "attention.output.dense" }
  var perceptronNorm: String { isCLIP ? "ln_2" : "norm2" }
  var expand: String { isCLIP ? "mlp.c_fc" : "mlp.fc1" }
  var contract: String { isCLIP ? "mlp.c_proj" : "mlp.fc2" }

  func attentionInput(_ width: Int, _ scope: ParameterScope) -> Linear {
    guard isCLIP else {
      let parts = ["query", "key", "value"].map {
        Linear.Part.declared(width, width, in: scope["attention.attention.\($0)"])
      }
      return Linear(parts: parts, inputCount: width)
    }
    let part = Linear.Part(
      scope.parameter(
        "attn.in_proj_weight",
        [3 * width, width],
        .normal(standardDeviation: 1 / Float(width).squareRoot())
      ),
      order: .outputsByInputs,
      bias: scope.parameter("attn.in_proj_bias", [3 * width]),
      outputCount: 3 * width
    )
    return Linear(parts: [part], inputCount: width)
  }

  func scale(_ name: String, _ width: Int, _ scope: ParameterScope) -> Parameter? {
    isCLIP ? nil : scope.parameter("\(name).lambda1", [width], .constant(1))
  }
}
