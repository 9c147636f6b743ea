import Kernels
import Layers
import Tensors
import TestSupport
import Testing

/// Convolutions with folded batch normalisations, and patch embeddings, against PyTorch.
struct ImageLayerTests {
  private let device = Device(threadCount: 2)

  private func convolution(_ recorded: RecordedCase, in model: ParameterSet) throws -> Convolution {
    let weight = try recorded.shape("conv.weight")
    let shape = ConvolutionShape(
      inputChannels: weight[1],
      outputChannels: weight[0],
      kernelHeight: weight[2],
      kernelWidth: weight[3],
      stride: try recorded.integer("stride"),
      padding: try recorded.integer("padding")
    )
    return Convolution(
      shape,
      hasBias: recorded.has("conv.bias"),
      norm: BatchNorm(weight[0], in: model.root["norm"]),
      in: model.root["conv"]
    )
  }

  @Test func foldedBatchNorm() throws {
    let cases = try recorded("convolution")
    #expect(cases.count == 3)
    for recorded in cases {
      let model = ParameterSet()
      let layer = try convolution(recorded, in: model)
      #expect(layer.isPointwise == (recorded.name == "convolution-1x1"))
      try recorded.load(into: model, on: device)
      let executor = InferenceExecutor(on: device)
      let x = try recorded.tensor("x", on: device)
      try expect(executor.convolution(x, layer, relu: false), equals: "y", of: recorded)
      try expect(executor.convolution(x, layer, relu: true), equals: "relu", of: recorded)
      let original = try recorded.tensor("residual", on: device)
      var residual = original
      executor.addConvolution(x, layer, to: &residual)
      try expect(residual, equals: "added", of: recorded)
      try expect(original, equals: "residual", of: recorded, within: .exact)
    }
  }

  /// One image at a time, which is split by rows, gives the same as two, split by images.
  @Test func oneImageAtATime() throws {
    for recorded in try recorded("convolution") {
      let model = ParameterSet()
      let layer = try convolution(recorded, in: model)
      try recorded.load(into: model, on: device)
      let executor = InferenceExecutor(on: device)
      let (x, shape) = (try recorded.floats("x"), try recorded.shape("x"))
      var y: [Float] = []
      for image in 0..<2 {
        let part = Array(x[image * x.count / 2..<(image + 1) * x.count / 2])
        let tensor = Tensor(part, shape: [1] + shape.dropFirst(), on: device)
        y += executor.convolution(tensor, layer, relu: true).elements
      }
      let wanted = try recorded.floats("relu")
      #expect(mismatch(y, wanted, within: float32, context: recorded.name) == nil)
    }
  }

  @Test func patchEmbedding() throws {
    for recorded in try recorded("patches") {
      let model = ParameterSet()
      let layer = PatchEmbedding(
        patch: try recorded.integer("patch"),
        width: try recorded.shape("weight")[0],
        hasBias: true,
        in: model.root
      )
      try recorded.load(into: model, on: device)
      let executor = InferenceExecutor(on: device)
      let y = executor.patchEmbedding(try recorded.tensor("x", on: device), layer)
      try expect(y, equals: "y", of: recorded)
    }
  }
}
