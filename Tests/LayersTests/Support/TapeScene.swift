import Autograd
import Kernels
import Layers
import Randomness
import Tensors

/// Two residual branches of joined, scaled and cut maps, with random weights.
struct TapeScene {
  let device: Device
  let parameters = ParameterSet()
  let joined: Linear
  let first: Linear
  let second: Linear
  /// [2, 5, 12]: samples, tokens, features.
  let x: Tensor

  init(threads: Int = 2) {
    device = Device(threadCount: threads)
    let root = parameters.root
    joined = Linear(
      parts: [
        .declared(12, 7, in: root["q"]), .declared(12, 9, hasBias: false, in: root["k"]),
      ],
      inputCount: 12
    )
    first = Linear(7, 12, scale: root.parameter("gamma", [12], .uniform(bound: 1)), in: root["o"])
    second = Linear(9, 12, in: root["p"])
    parameters.initialize(seed: 8, on: device)
    x = Tensor(TapeScene.uniforms(120, seed: 9), shape: [2, 5, 12], on: device)
  }

  /// Numbers in −1...1.
  static func uniforms(_ count: Int, seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed, 0)
    return (0..<count).map { _ in Float(source.nextUniform()) * 2 - 1 }
  }

  /// The matrices of all maps.
  var weights: [Parameter] {
    [joined.parts[0].weight, joined.parts[1].weight, first.parts[0].weight, second.parts[0].weight]
  }

  /// x + γ·o(q(x)), then + p(k(that)), with q and k cut from one joined map.
  func output<E: Executor>(on executor: E) -> E.Value {
    let (query, key) = joined.split(at: 7)
    var y = executor.constant(x)
    executor.addLinear(executor.linear(y, query, activation: .gelu), first, to: &y)
    executor.addLinear(executor.linear(y, key, activation: nil), second, to: &y)
    return executor.linear(y, joined, activation: nil)
  }

  /// The output on a tape, differentiated with the gradient 0.01·index.
  ///
  /// - Parameters:
  ///   - gradients: what is trained.
  ///   - options: how layers behave.
  ///   - seed: of what is drawn.
  /// - Returns: the output's numbers.
  @discardableResult
  func differentiate(
    _ gradients: ParameterGradients,
    _ options: TapeExecutor.Options = TapeExecutor.Options(),
    seed: UInt64 = 1
  ) -> [Float] {
    let executor = TapeExecutor(
      Tape(on: device, seed: seed),
      gradients: gradients,
      options: options
    )
    let y = output(on: executor)
    let slopes = (0..<y.value.count).map { Float($0 % 23) / 100 - 0.1 }
    executor.tape.backward(from: y, gradient: Tensor(slopes, shape: y.shape, on: device))
    return y.value.elements
  }
}
