import Layers
import Models
import Tensors
import TestSupport
import Testing

/// What must not depend on how a model is run: batch, threads, and whether plain weights are kept.
struct ExecutionTests {
  /// What a model computes of three images, of one of them, and of three texts.
  private struct Outputs: Equatable {
    var images: [Float]
    var first: [Float]
    var texts: [Float] = []
  }

  private static func side(_ model: TinyModel) throws -> Int {
    try model.recorded("images")[0].integer("side")
  }

  private static func encode(
    _ model: Model,
    _ pixels: [Float],
    count: Int,
    side: Int,
    by executor: InferenceExecutor
  ) -> [Float] {
    let images = Tensor(pixels, shape: [count, side, side, 3], on: executor.device)
    let kind = model.image.availableFeatures.last ?? .pooled
    let parts = model.features(of: images, kind, on: executor)
    return parts.flatMap { $0.elements }
  }

  private static func outputs(_ tiny: TinyModel, threads: Int) throws -> Outputs {
    let device = Device(threadCount: threads)
    let model = try tiny.loaded(on: device)
    let executor = InferenceExecutor(on: device)
    let side = try side(tiny)
    let size = side * side * 3
    let pixels = images(3, side: side)
    var outputs = Outputs(
      images: encode(model, pixels, count: 3, side: side, by: executor),
      first: encode(model, Array(pixels[..<size]), count: 1, side: side, by: executor)
    )
    if let text = model.text {
      let recorded = try tiny.recorded("texts")[0]
      outputs.texts =
        text.features(
          ids: try recorded.floats("ids").map { Int32($0) },
          lengths: try recorded.floats("lengths").map { Int($0) },
          on: executor
        ).elements
    }
    return outputs
  }

  @Test(arguments: TinyModel.all)
  func bitsDoNotDependOnThreads(tiny: TinyModel) throws {
    let one = try Self.outputs(tiny, threads: 1)
    #expect(one.images.contains { $0 != 0 } && one.images.allSatisfy { $0.isFinite })
    for threads in [2, 4] {
      let several = try Self.outputs(tiny, threads: threads)
      #expect(several == one, "\(threads) threads")
    }
  }

  /// Each image alone gives the row that it gives among three.
  @Test(arguments: TinyModel.all)
  func rowsDoNotDependOnTheBatch(tiny: TinyModel) throws {
    let bundle = try tiny.converted(on: Device(threadCount: 2)).bundle
    let side = try Self.side(tiny)
    let size = side * side * 3
    let pixels = images(3, side: side)
    let tolerance = Tolerance(
      absolute: 1e-6,
      relative: 1e-6,
      reason: "other blocking of the same sums in float32"
    )
    for kind in bundle.model.image.availableFeatures {
      func encode(_ pixels: [Float], _ count: Int) -> [Float] {
        bundle.encode(images: pixels, count: count, height: side, width: side, kind: kind)
      }
      let together = encode(pixels, 3)
      let width = bundle.featureWidth(kind)
      #expect(together.count == 3 * width)
      #expect(together[..<width] != together[width..<2 * width])
      for row in 0..<3 {
        let alone = encode(Array(pixels[row * size..<(row + 1) * size]), 1)
        let part = Array(together[row * width..<(row + 1) * width])
        expect(alone, equal: part, within: tolerance, "\(kind.rawValue), row \(row)")
      }
      #expect(encode([], 0).isEmpty)
    }
  }

  /// Packed weights replace plain ones; what is looked up row by row or added stays.
  @Test(arguments: TinyModel.all)
  func releasedParameters(tiny: TinyModel) throws {
    let (keeping, releasing) = (Device(threadCount: 2), Device(threadCount: 2))
    let (kept, released) = (try tiny.loaded(on: keeping), try tiny.loaded(on: releasing))
    let side = try Self.side(tiny)
    let pixels = images(2, side: side)
    let plain = InferenceExecutor(on: keeping)
    let frugal = InferenceExecutor(on: releasing, releasesParameters: true)
    let before = releasing.storage.statistics.liveBytes
    #expect(before >= 4 * released.parameters.count)
    for _ in 0..<2 {
      let wanted = Self.encode(kept, pixels, count: 2, side: side, by: plain)
      #expect(Self.encode(released, pixels, count: 2, side: side, by: frugal) == wanted)
      if let text = released.text, let other = kept.text {
        let ids: [Int32] = [2, 7, 3, 0, 2, 3, 0, 0]
        let encoded = text.features(ids: ids, lengths: [3, 2], on: frugal).elements
        #expect(encoded == other.features(ids: ids, lengths: [3, 2], on: plain).elements)
      }
    }
    // The features that were asked for don't need a projection, if there is one.
    let stays = [
      "norm", "ln_", "LayerNorm", "embedding", "cls_token", "logit_scale", "visual.proj",
      "left_feature_mapping",
    ]
    let left = released.parameters.parameters.filter(\.isLoaded)
    for parameter in left {
      #expect(stays.contains { parameter.name.contains($0) }, "\(parameter.name) is kept")
    }
    #expect(kept.parameters.parameters.allSatisfy { $0.isLoaded })
    #expect(releasing.storage.statistics.liveBytes < before)
    #expect(keeping.storage.statistics.liveBytes >= before)
  }
}
