import Autograd
import Layers
import Tensors
import TestSupport
import Testing

/// Low-rank changes of linear maps, on the tape and merged.
struct TapeAdapterTests {
  private let scene = TapeScene()

  private func adapters() -> LowRankAdapters {
    let adapters = LowRankAdapters(of: scene.weights, rank: 2, alpha: 3)
    adapters.parameters.initialize(seed: 4, on: scene.device)
    return adapters
  }

  /// Gives each B values other than zeros.
  private func change(_ adapters: LowRankAdapters) {
    for (index, parameter) in adapters.parameters.parameters.enumerated()
    where parameter.name.hasSuffix(".B") {
      let values = TapeScene.uniforms(parameter.count, seed: UInt64(20 + index))
      parameter.load(Tensor(values, shape: parameter.shape, on: scene.device))
    }
  }

  /// B is zero: the output is the unchanged one, and only B has a gradient other than zero.
  @Test func theyBeginAtTheUnchangedMaps() throws {
    let adapters = adapters()
    #expect(adapters.factor == 1.5 && adapters.parameters.parameters.count == 8)
    let plain = scene.differentiate(ParameterGradients(of: []))
    let gradients = ParameterGradients(of: adapters.parameters.parameters)
    let options = TapeExecutor.Options(adapters: adapters)
    let adapted = scene.differentiate(gradients, options)
    let close = Tolerance(absolute: 1e-6, relative: 1e-6, reason: "the same sums, joined otherwise")
    let difference = mismatch(adapted, plain, within: close)
    #expect(difference == nil, "\(difference ?? "")")
    for parameter in adapters.parameters.parameters {
      let gradient = try #require(gradients[parameter]?.sum, "\(parameter.name)").elements
      #expect(gradient.allSatisfy { $0 == 0 } == parameter.name.hasSuffix(".A"))
    }
    #expect(scene.weights.allSatisfy { gradients[$0] == nil })
    change(adapters)
    gradients.clear()
    #expect(scene.differentiate(gradients, options) != adapted)
    for parameter in adapters.parameters.parameters {
      let gradient = try #require(gradients[parameter]?.sum, "\(parameter.name)").elements
      #expect(gradient.contains { $0 != 0 }, "\(parameter.name)")
    }
  }

  /// dA = (α/r)·Bᵀ·dW and dB = (α/r)·dW·Aᵀ, with dW the gradient of the merged matrix.
  @Test func gradientsFollowFromTheMergedMatrices() throws {
    let adapters = adapters()
    change(adapters)
    let gradients = ParameterGradients(of: adapters.parameters.parameters)
    scene.differentiate(gradients, TapeExecutor.Options(adapters: adapters))
    let whole = ParameterGradients(of: scene.weights)
    adapters.withMergedWeights(on: scene.device) { _ = scene.differentiate(whole) }
    for weight in scene.weights {
      let slopes = try #require(whole[weight]?.sum).elements.map(Double.init)
      let (outputs, inputs) = (weight.shape[0], weight.shape[1])
      let down = try #require(adapters.parameters["adapters.\(weight.name).A"])
      let up = try #require(adapters.parameters["adapters.\(weight.name).B"])
      let (a, b) = (down.value.elements.map(Double.init), up.value.elements.map(Double.init))
      var (dDown, dUp) = ([Float](), [Float]())
      for rank in 0..<2 {
        for input in 0..<inputs {
          let sum = (0..<outputs).reduce(0.0) {
            $0 + b[$1 * 2 + rank] * slopes[$1 * inputs + input]
          }
          dDown.append(Float(1.5 * sum))
        }
      }
      for output in 0..<outputs {
        for rank in 0..<2 {
          let sum = (0..<inputs).reduce(0.0) {
            $0 + slopes[output * inputs + $1] * a[rank * inputs + $1]
          }
          dUp.append(Float(1.5 * sum))
        }
      }
      for (parameter, wanted) in [(down, dDown), (up, dUp)] {
        let values = try #require(gradients[parameter]?.sum).elements
        let difference = mismatch(values, wanted, within: merged, context: parameter.name)
        #expect(difference == nil, "\(difference ?? "")")
      }
    }
  }

  private let merged = Tolerance(
    absolute: 1e-5,
    relative: 1e-5,
    reason: "B·(A·x) and (B·A)·x round differently in float32, values of magnitude 1 to 10"
  )

  /// Merged matrices give the same output; afterwards the matrices are the old ones, bit for bit.
  @Test func mergedMatrices() {
    let adapters = adapters()
    change(adapters)
    let before = scene.weights.map { $0.value.elements }
    let plain = scene.output(on: InferenceExecutor(on: scene.device)).elements
    let options = TapeExecutor.Options(adapters: adapters)
    let adapted = scene.differentiate(ParameterGradients(of: []), options)
    for _ in 0..<2 {
      let y = adapters.withMergedWeights(on: scene.device) {
        #expect(zip(scene.weights, before).allSatisfy { $0.value.elements != $1 })
        return scene.output(on: InferenceExecutor(on: scene.device)).elements
      }
      let difference = mismatch(y, adapted, within: merged)
      #expect(difference == nil, "\(difference ?? "")")
      #expect(y != plain)
      #expect(zip(scene.weights, before).allSatisfy { $0.value.elements == $1 })
    }
    adapters.merge(on: scene.device)
    let kept = scene.output(on: InferenceExecutor(on: scene.device)).elements
    #expect(mismatch(kept, adapted, within: merged) == nil)
  }

  /// The matrices come back also where the body fails.
  @Test func matricesComeBackAfterAnError() {
    struct Stop: Error {}
    let adapters = adapters()
    change(adapters)
    let before = scene.weights.map { $0.value.elements }
    #expect(throws: Stop.self) {
      try adapters.withMergedWeights(on: scene.device) { throw Stop() }
    }
    #expect(zip(scene.weights, before).allSatisfy { $0.value.elements == $1 })
  }
}
