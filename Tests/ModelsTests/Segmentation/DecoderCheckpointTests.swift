import Autograd
import Checkpoints
import Foundation
import Imaging
import Layers
import Models
import Optimizers
import Tensors
import TestSupport
import Testing

/// Weights of encoders with decoders: drawn, taken over from an encoder, written and opened.
struct DecoderCheckpointTests {
  private let device = Device(threadCount: 2)

  private func values(_ parameters: ParameterSet) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: parameters.parameters.map { ($0.name, $0.value.elements) })
  }

  /// A new model on an encoder of `Tests/Fixtures/Models`.
  private func decoder(of source: Model, _ size: Int, seed: UInt64) throws -> SegmentationModel {
    let model = try SegmentationModel(
      .decoder(of: source.architecture, classes: 2, imageSize: size)
    )
    model.begin(with: source, seed: seed, on: device)
    return model
  }

  /// The encoder's weights are the checkpoint's, of a CLIP pair (`visual.`) and of an image model.
  @Test(arguments: [(TinyModel.clipViT, 15), (.clipResNet, 64), (.dinov2, 21), (.resNet, 64)])
  func beginning(_ tiny: TinyModel, _ size: Int) throws {
    let source = try tiny.loaded(on: device)
    let prefix = source.architecture.text == nil ? "" : "visual."
    let (one, again) = (
      try decoder(of: source, size, seed: 3), try decoder(of: source, size, seed: 3)
    )
    let other = values(try decoder(of: source, size, seed: 4).parameters)
    #expect(values(one.parameters) == values(again.parameters))
    var taken = 0
    for parameter in one.parameters.parameters {
      let elements = parameter.value.elements
      if parameter.name.hasPrefix("encoder.") {
        let name = prefix + parameter.name.dropFirst("encoder.".count)
        #expect(elements == source.parameters[name]?.value.elements, "\(name)")
        #expect(other[parameter.name] == elements)
        taken += 1
      } else if parameter.shape.count > 1 {
        #expect(other[parameter.name] != elements, "\(parameter.name)")
      }
    }
    #expect(taken == source.imageParameters.count)
  }

  /// A training changes the network's weights and statistics, not those of the checkpoint's model.
  @Test(arguments: [(TinyModel.clipViT, 15), (.resNet, 64)])
  func theSourceKeepsItsWeights(_ tiny: TinyModel, _ size: Int) throws {
    let source = try tiny.loaded(on: device)
    let before = values(source.parameters)
    let model = try decoder(of: source, size, seed: 3)
    let trained = model.trainable
    let beginning = values(model.parameters)
    let gradients = ParameterGradients(of: trained)
    let executor = TapeExecutor(Tape(on: device, seed: 1), gradients: gradients)
    let pixels = Tensor(images(2, side: size), shape: [2, size, size, 3], on: device)
    let logits = model.logits(executor.constant(pixels), on: executor)[0]
    let classes = (0..<2 * size * size).map { Int32($0 / 3 % 2) }
    executor.tape.backward(from: executor.tape.crossEntropy(logits, classes: classes))
    let optimizer = try AdamW(
      trained.map {
        OptimizedParameter(name: $0.name, value: $0.value, group: ParameterGroup(weightDecay: 0.1))
      },
      on: device
    )
    optimizer.step(gradients: gradients.sums, learningRate: 0.1, gradientScale: 1, on: device)
    let after = values(model.parameters)
    for parameter in trained {
      #expect(beginning[parameter.name] != after[parameter.name], "\(parameter.name)")
    }
    for parameter in model.parameters.parameters where parameter.isStatistic {
      #expect(beginning[parameter.name] != after[parameter.name], "\(parameter.name)")
    }
    #expect(values(source.parameters) == before)
  }

  /// A network without an encoder, or with another one, is a mistake of whoever asks.
  @Test func mistakes() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let source = try TinyModel.resNet.loaded(on: device)
      let unet = SegmentationArchitecture.uNet(UNetArchitecture(classes: 1, widths: [2]))
      try SegmentationModel(unet).begin(with: source, seed: 1, on: device)
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let source = try TinyModel.resNet.loaded(on: device)
      let other = try SegmentationModel(DecoderCase.resNet.architecture)
      other.begin(with: source, seed: 1, on: device)
    }
  }

  /// A checkpoint of random weights holds the architecture and the weights of its seed.
  @Test(arguments: DecoderCase.allCases)
  func randomWeights(name: DecoderCase) throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a.h5", "b.h5", "c.h5"].map {
      folder.appending(path: $0).path(percentEncoded: false)
    }
    for (path, seed) in zip(paths, [UInt64(5), 5, 6]) {
      try RandomCheckpoint.write(to: path, name.architecture, seed: seed, tool: "tests")
    }
    let bundles = try paths.map { try SegmentationBundle(checkpoint: $0, on: device) }
    #expect(bundles[0].sha256 == bundles[1].sha256 && bundles[0].sha256 != bundles[2].sha256)
    #expect(bundles[0].model.architecture == name.architecture)
    #expect(bundles[0].preprocessing.width == name.architecture.imageSize)
    #expect(bundles[0].header.provenance.source == "random weights, seed 5")
    let model = try SegmentationModel(name.architecture)
    model.parameters.initialize(seed: 5, on: device)
    #expect(values(bundles[0].model.parameters) == values(model.parameters))
    let size = name.architecture.imageSize
    let pixels = images(2, side: size)
    let wanted = model.logits(
      Tensor(pixels, shape: [2, size, size, 3], on: device),
      on: InferenceExecutor(on: device)
    )
    let found = try bundles[0].logits(images: pixels, count: 2)
    #expect(found == wanted.map(\.elements) && found.count == 1)
    #expect(found[0].contains { $0 != found[0][0] })
    #expect(throws: ModelsError.self) {
      try bundles[0].logits(images: [], count: 0, height: size, width: size + 1)
    }
    #expect(throws: ModelsError.self) { try ModelBundle(checkpoint: paths[0], on: device) }
    #expect(try !SegmentationConversion.recognizes(paths[0], container: nil))
  }

  /// Weights that PyTorch's loss is recorded for cross a file bit for bit, statistics included.
  @Test(arguments: [DecoderCase.dinov2, .clipResNet])
  func roundTrip(name: DecoderCase) throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "x.h5").path(percentEncoded: false)
    let network = try RecordedDecoder(name)
    let parameters = network.model.parameters
    try CheckpointFile.write(
      to: path,
      header: CheckpointHeader(
        architecture: name.architecture.json,
        preprocessing: try name.architecture.usualPreprocessing.json,
        provenance: CheckpointProvenance(source: "none", sha256: "", tool: "tests")
      ),
      tensors: parameters.parameters.map { tensor($0.name, $0.shape) },
      values: { parameters[$0.name]?.value.elements ?? [] }
    )
    let bundle = try SegmentationBundle(checkpoint: path, on: device)
    #expect(values(bundle.model.parameters) == values(parameters))
    let images = try network.images("looked")
    let found = try bundle.logits(
      images: images.elements,
      count: 1,
      height: images.shape[1],
      width: images.shape[2]
    )
    let wanted = network.model.logits(images, on: InferenceExecutor(on: network.device))
    #expect(found == wanted.map(\.elements))
  }
}
