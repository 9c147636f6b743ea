import Kernels
import Layers
import Tensors
import Testing

/// An executor that gives plain parameters back computes the same and keeps models once.
struct ReleaseTests {
  /// A small model with each kind of layer that is packed, and what it needs to run.
  private struct Model {
    let parameters = ParameterSet()
    let patches: PatchEmbedding
    let joined: Linear
    let scaled: Linear
    let pointwise: Convolution
    let spatial: Convolution

    init(on device: Device) {
      let root = parameters.root
      patches = PatchEmbedding(patch: 4, width: 40, hasBias: true, in: root["patches"])
      joined = Linear(
        parts: [.declared(40, 30, in: root["q"]), .declared(40, 50, in: root["k"])],
        inputCount: 40
      )
      let scale = root.parameter("scale", [40], .uniform(bound: 1))
      scaled = Linear(80, 40, scale: scale, in: root["out"])
      pointwise = Convolution(
        Self.window(1, padding: 0),
        norm: BatchNorm(40, in: root["norm"]),
        in: root["pointwise"]
      )
      spatial = Convolution(
        Self.window(3, padding: 1),
        norm: BatchNorm(40, in: root["norm3"]),
        in: root["spatial"]
      )
      parameters.initialize(seed: 5, on: device)
    }

    private static func window(_ side: Int, padding: Int) -> ConvolutionShape {
      ConvolutionShape(
        inputChannels: 40,
        outputChannels: 40,
        kernelHeight: side,
        kernelWidth: side,
        stride: 1,
        padding: padding
      )
    }

    /// Runs every layer once.
    func run(_ images: Tensor, by executor: InferenceExecutor) -> [Float] {
      var tokens = executor.patchEmbedding(images, patches)
      let wide = executor.linear(tokens, joined, activation: .gelu)
      executor.addLinear(wide, scaled, to: &tokens)
      let maps = executor.reshaped(tokens, [images.shape[0], 3, 5, 40])
      var y = executor.convolution(maps, spatial, relu: true)
      executor.addConvolution(maps, pointwise, to: &y)
      return y.elements
    }
  }

  private func images(on device: Device) -> Tensor {
    let values = (0..<1440).map { (index: Int) -> Float in Float(index * 37 % 101) / 50 - 1 }
    return Tensor(values, shape: [2, 12, 20, 3], on: device)
  }

  @Test func memoryGoesBackAndResultsStay() {
    let (keeping, releasing) = (Device(threadCount: 2), Device(threadCount: 2))
    let (first, second) = (Model(on: keeping), Model(on: releasing))
    let plain = releasing.storage.statistics.liveBytes
    #expect(plain >= 4 * second.parameters.count && plain > 60_000)
    let reference = InferenceExecutor(on: keeping)
    let executor = InferenceExecutor(on: releasing, releasesParameters: true)
    let wanted = first.run(images(on: keeping), by: reference)
    #expect(second.run(images(on: releasing), by: executor) == wanted)
    #expect(wanted.contains { $0 != 0 } && wanted.allSatisfy { $0.isFinite })
    #expect(first.parameters.parameters.allSatisfy { $0.isLoaded })
    #expect(second.parameters.parameters.allSatisfy { !$0.isLoaded })
    #expect(releasing.storage.statistics.liveBytes == 0)
    #expect(keeping.storage.statistics.liveBytes == plain)
    // Packed layers are enough from now on.
    #expect(second.run(images(on: releasing), by: executor) == wanted)
    #expect(first.run(images(on: keeping), by: reference) == wanted)
    releasing.storage.releaseUnused()
    #expect(releasing.storage.statistics.reservedBytes == 0)
  }

  /// Parts of a cut map are packed at different times: the first leaves the parameters to the rest.
  @Test func partsOfACutMap() {
    let device = Device(threadCount: 2)
    let x = Tensor((0..<80).map { Float($0) / 40 }, shape: [2, 40], on: device)
    func run(releases: Bool) -> ([Float], ParameterSet) {
      let model = Model(on: device)
      let executor = InferenceExecutor(on: device, releasesParameters: releases)
      let (first, rest) = model.joined.split(at: 30)
      let (middle, last) = rest.split(at: 20)
      var y = executor.linear(x, last, activation: nil).elements
      #expect(model.parameters["k.weight"]?.isLoaded == true)
      y += executor.linear(x, first, activation: nil).elements
      #expect(model.parameters["k.weight"]?.isLoaded == true)
      y += executor.linear(x, middle, activation: nil).elements
      #expect(model.parameters["k.weight"]?.isLoaded == !releases)
      #expect(model.parameters["q.bias"]?.isLoaded == !releases)
      y += executor.linear(x, last, activation: nil).elements
      return (y, model.parameters)
    }
    #expect(run(releases: true).0 == run(releases: false).0)
  }

  @Test func readingReleasedValuesIsAMistake() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let model = ParameterSet()
      let layer = Linear(2, 3, in: model.root)
      model.initialize(seed: 1, on: device)
      let x = Tensor([1, 2], shape: [1, 2], on: device)
      _ = InferenceExecutor(on: device, releasesParameters: true)
        .linear(x, layer, activation: nil)
      _ = model["weight"]?.value
    }
  }
}
