import Autograd
import Kernels
import Layers
import Tensors
import TestSupport
import Testing

/// What the executor of tapes does with layers: frozen ones, dropped branches, statistics, positions.
struct TapeExecutorTests {
  /// The tape computes what inference does, weights packed and scales folded.
  @Test func sameValuesAsInference() {
    let scene = TapeScene()
    let wanted = scene.output(on: InferenceExecutor(on: scene.device)).elements
    let trained = ParameterGradients(of: scene.parameters.parameters)
    let y = scene.differentiate(trained)
    let difference = mismatch(y, wanted, within: float32)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(trained.sums.allSatisfy { $0 != nil })
  }

  /// Gradients of a few parameters are, bit for bit, those that they get among all.
  @Test func frozenParametersGetNone() throws {
    let scene = TapeScene()
    let all = ParameterGradients(of: scene.parameters.parameters)
    scene.differentiate(all)
    for parameter in scene.parameters.parameters {
      let one = ParameterGradients(of: [parameter])
      scene.differentiate(one)
      #expect(one[parameter]?.sum?.elements == all[parameter]?.sum?.elements, "\(parameter.name)")
      #expect(scene.weights.allSatisfy { $0 === parameter || one[$0] == nil })
    }
  }

  /// A map that several cuts read gets the sum of their gradients; batches add up.
  @Test func gradientsAddUp() throws {
    let scene = TapeScene()
    let gradients = ParameterGradients(of: scene.parameters.parameters)
    scene.differentiate(gradients)
    let once = gradients.sums.map { $0?.elements ?? [] }
    scene.differentiate(gradients)
    let twice = gradients.sums.map { $0?.elements ?? [] }
    for (one, two) in zip(once, twice) {
      let difference = mismatch(two, one.map { 2 * $0 }, within: float32)
      #expect(difference == nil, "\(difference ?? "")")
    }
    #expect(gradients.byteCount == 4 * scene.parameters.count)
    gradients.clear()
    #expect(gradients.byteCount == 0)
  }

  /// Without a rate nothing changes; with one, samples' branches are dropped or scaled.
  @Test func droppedBranches() {
    let device = Device(threadCount: 2)
    let model = ParameterSet()
    let layer = Linear(6, 4, in: model.root)
    model.initialize(seed: 2, on: device)
    let samples = 64
    let x = Tensor(TapeScene.uniforms(samples * 18, seed: 3), shape: [samples, 3, 6], on: device)
    let start = Tensor(
      TapeScene.uniforms(samples * 12, seed: 4),
      shape: [samples, 3, 4],
      on: device
    )
    func added(_ kind: BranchDrop.Kind?) -> [Float] {
      var rule = BranchDrop()
      rule[layer] = kind
      #expect(rule[layer] == kind)
      let executor = TapeExecutor(
        Tape(on: device, seed: 5),
        gradients: ParameterGradients(of: []),
        options: TapeExecutor.Options(branchDrop: rule)
      )
      var y = executor.constant(start)
      executor.addLinear(executor.constant(x), layer, to: &y)
      return zip(y.value.elements, start.elements).map { $0 - $1 }
    }
    let plain = added(nil)
    #expect(added(.samples(rate: 0)) == plain && added(.elements(rate: 0)) == plain)
    let whole = added(.samples(rate: 0.25))
    var kept = 0
    for sample in 0..<samples {
      let places = sample * 12..<(sample + 1) * 12
      let isKept = whole[places].contains { $0 != 0 }
      kept += isKept ? 1 : 0
      let wanted = plain[places].map { isKept ? $0 / 0.75 : 0 }
      #expect(mismatch(Array(whole[places]), wanted, within: float32) == nil, "sample \(sample)")
    }
    // 48 are expected, with a deviation of 3.5.
    #expect((34...62).contains(kept), "\(kept)")
    let single = added(.elements(rate: 0.25))
    let dropped = zip(single, plain).filter { $0.0 == 0 && $0.1 != 0 }.count
    #expect((140...244).contains(dropped), "\(dropped) of 768")
    let scaled = zip(single, plain).map { $0 == 0 ? 0 : $1 / 0.75 }
    #expect(mismatch(single, scaled, within: float32) == nil)
  }

  /// Running statistics follow only while the normalisation's own parameters are trained.
  @Test(arguments: [false, true], [nil, 0.25] as [Float?])
  func statistics(isTrained: Bool, momentum: Float?) throws {
    let device = Device(threadCount: 2)
    let model = ParameterSet()
    let shape = ConvolutionShape(
      inputChannels: 2,
      outputChannels: 3,
      kernelHeight: 1,
      kernelWidth: 1,
      stride: 1,
      padding: 0
    )
    let layer = Convolution(shape, norm: BatchNorm(3, in: model.root["bn"]), in: model.root)
    model.initialize(seed: 6, on: device)
    let norm = try #require(layer.norm)
    norm.mean.load(Tensor([0.5, -0.25, 1], shape: [3], on: device))
    let x = Tensor(TapeScene.uniforms(60, seed: 7), shape: [2, 3, 5, 2], on: device)
    let plain = InferenceExecutor(on: device).convolution(x, layer, relu: true).elements
    let trained = isTrained ? [layer.weight, norm.scale, norm.shift] : [layer.weight]
    let executor = TapeExecutor(
      Tape(on: device),
      gradients: ParameterGradients(of: trained),
      options: TapeExecutor.Options(statisticsMomentum: momentum)
    )
    let y = executor.convolution(executor.constant(x), layer, relu: true)
    let follows = isTrained && momentum != nil
    #expect((mismatch(y.value.elements, plain, within: float32) == nil) == !follows)
    let weight = layer.weight.value.elements
    let pixels = x.elements
    for channel in 0..<3 {
      let values = (0..<30).map { pixel in
        Double(weight[channel * 2] * pixels[pixel * 2])
          + Double(weight[channel * 2 + 1] * pixels[pixel * 2 + 1])
      }
      let mean = values.reduce(0, +) / 30
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29
      let old = [0.5, -0.25, 1][channel]
      let wanted = follows ? (0.75 * old + 0.25 * mean, 0.75 + 0.25 * variance) : (old, 1)
      #expect(abs(Double(norm.mean.value.elements[channel]) - wanted.0) < 1e-6)
      #expect(abs(Double(norm.variance.value.elements[channel]) - wanted.1) < 1e-6)
    }
    executor.tape.backward(from: y)
    #expect(executor.gradients[layer.weight]?.sum != nil)
  }

  /// Positions of another grid: ⟨P·table, dy⟩ = ⟨table, Pᵀ·dy⟩ for each element of the table.
  @Test(arguments: [PositionTable.Rule.alignedCorners, .areas], [2, 3, 5])
  func resampledPositions(rule: PositionTable.Rule, side: Int) throws {
    let device = Device(threadCount: 2)
    let model = ParameterSet()
    let table = model.root.parameter("positions", [1, 10, 2], .normal(standardDeviation: 1))
    let token = model.root.parameter("token", [1, 1, 2])
    model.initialize(seed: 1, on: device)
    let positions = PositionTable(parameter: table, learntGrid: 3, rule: rule)
    let zeros = [Float](repeating: 0, count: 3 * side * side * 2)
    let tokens = Tensor(zeros, shape: [3, side * side, 2], on: device)
    let count = 3 * (1 + side * side) * 2
    let slopes = TapeScene.uniforms(count, seed: 12)
    let executor = TapeExecutor(Tape(on: device), gradients: ParameterGradients(of: [table]))
    let y = executor.prepend(token, to: executor.constant(tokens), positions: positions)
    executor.tape.backward(
      from: y,
      gradient: Tensor(slopes, shape: [3, 1 + side * side, 2], on: device)
    )
    let gradient = try #require(executor.gradients[table]?.sum)
    #expect(gradient.shape == [1, 10, 2])
    var wanted: [Float] = []
    for element in 0..<20 {
      let unit = (0..<20).map { Float($0 == element ? 1 : 0) }
      table.load(Tensor(unit, shape: [1, 10, 2], on: device))
      let y = InferenceExecutor(on: device).prepend(token, to: tokens, positions: positions)
      let sum = zip(y.elements, slopes).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      wanted.append(Float(sum))
    }
    let difference = mismatch(gradient.elements, wanted, within: float32, context: "\(rule)")
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func mistakesOfCallers() async {
    await #expect(processExitsWith: .failure) {
      let model = ParameterSet()
      let norm = BatchNorm(3, in: model.root)
      _ = ParameterGradients(of: [norm.mean])
    }
    await #expect(processExitsWith: .failure) {
      let weight = ParameterSet().root.parameter("weight", [3, 4])
      _ = LowRankAdapters(of: [weight], rank: 0, alpha: 1)
    }
    await #expect(processExitsWith: .failure) {
      let kernel = ParameterSet().root.parameter("weight", [3, 4, 1, 1])
      _ = LowRankAdapters(of: [kernel], rank: 1, alpha: 1)
    }
  }
}
