import Datasets
import Evaluation
import Foundation
import Imaging
import Layers
import Models
import Tensors
import TestSupport
import Testing

/// Large photographs in tiles.
@Suite("Tiles of photographs")
struct MaskTileTests {
  @Test("Starts cover the side, overlap at least as asked for, and are as few as that allows")
  func starts() {
    for tile in [1, 8, 17, 32] {
      for length in [1, 7, 8, 9, 31, 32, 33, 64, 100, 257] {
        for overlap in [0, 0.25, 0.5, 0.9] {
          let starts = tileStarts(length, tile: tile, overlap: overlap)
          let name = Comment(rawValue: "\(length) in tiles of \(tile), overlap \(overlap)")
          #expect(starts.first == 0, name)
          guard length > tile else {
            #expect(starts == [0], name)
            continue
          }
          #expect(starts.last == length - tile, name)
          let steps = zip(starts, starts.dropFirst()).map { $1 - $0 }
          let most = max(Int(Double(tile) * (1 - overlap)), 1)
          #expect(steps.allSatisfy { (1...most).contains($0) }, name)
          #expect((starts.count - 2) * most < length - tile, name)
          #expect((steps.max() ?? 0) - (steps.min() ?? 0) <= 1, name)
        }
      }
    }
  }

  @Test("Weights are positive, symmetric and highest in the middle")
  func weights() {
    for tile in [1, 2, 7, 16] {
      let weights = tileWeights(tile)
      #expect(weights.count == tile && weights.allSatisfy { $0 > 0 && $0 <= 1 })
      #expect(weights == weights.reversed())
      #expect(weights[..<((tile + 1) / 2)].elementsEqual(weights[..<((tile + 1) / 2)].sorted()))
    }
  }

  @Test("Stored levels are the nearest ones, halves the even ones")
  func levels() {
    #expect(eightBits(0) == 0 && eightBits(1) == 1)
    for level in 0...254 {
      let exact = Float(Double(level) * (1.0 / 255.0))
      #expect(eightBits(exact) == exact)
      let above = eightBits((Float(level) + 0.51) / 255)
      #expect(above == Float(Double(level + 1) * (1.0 / 255.0)))
      #expect(eightBits((Float(level) + 0.49) / 255) == exact)
    }
    #expect(eightBits(0.5) == Float(128 * (1.0 / 255.0)))
  }

  /// A U-Net of one stage whose logit is ten times the red channel less five, whatever its size.
  private func copyingNetwork(on device: Device) throws -> SegmentationModel {
    let model = try SegmentationModel(
      SegmentationArchitecture(
        name: "copying",
        imageSize: 16,
        network: .uNet(
          UNetArchitecture(classes: 1, widths: [2], hasShortcuts: true, hasBridges: false)
        )
      )
    )
    for parameter in model.parameters.parameters {
      var values = [Float](repeating: 0, count: parameter.shape.reduce(1, *))
      // Only the shortcut passes anything on: its first channel is the red one.
      if parameter.name.hasSuffix("running_var") { values = values.map { _ in 1 - 1e-5 } }
      if parameter.name == "first.shortcut.0.weight" { values[0] = 1 }
      if parameter.name == "first.shortcut.1.weight" { values = values.map { _ in 1 } }
      if parameter.name == "final.weight" { values[0] = 10 }
      if parameter.name == "final.bias" { values[0] = -5 }
      parameter.load(Tensor(values, shape: parameter.shape, on: device))
    }
    return model
  }

  @Test("A network that looks at one pixel gives a map without seams", arguments: [0, 0.25, 0.7])
  func seamless(_ overlap: Double) throws {
    let device = Device(threadCount: 2)
    let model = try copyingNetwork(on: device)
    let scene = try MaskScene()
    let task = try scene.dataset.maskTask("vessels")
    let contents = try scene.dataset.open(root: nil).contents(of: task)
    let example = try contents.reader.read(contents.samples[0])
    var settings = SegmentationSettings()
    settings.view.region = .whole
    settings.view.tiles = PictureView.Tiles(overlap: overlap)
    let input = model.architecture.usualPreprocessing
    // 37 is no multiple of 16; a field of view would set pixels to zero.
    settings.view.tiles?.longSide = 37
    let form = try MaskLogits(task, logitCount: 1)
    let predictor = MaskPredictor(model, form, input: input, settings, field: .none, on: device)
    let map = try predictor.predict(example).maps[0]
    #expect(map.width == example.image.width && map.height == example.image.height)
    let enlarged = example.image.resized(width: 37, height: 37, interpolation: input.interpolation)
    let expected = Plane(
      width: 37,
      height: 37,
      samples: stride(from: 0, to: enlarged.pixels.count, by: 3).map {
        1 / (1 + exp(5 - 10 * Float(enlarged.pixels[$0]) / 255))
      }
    ).resizedBilinearly(width: map.width, height: map.height)
    let field = try require(example.field)
    let inside = field.indices.filter { field[$0] != 0 }
    let tolerance = Tolerance(absolute: 2e-6, reason: "a weighted mean of equal float32 numbers")
    #expect(
      mismatch(
        inside.map { map.samples[$0] },
        inside.map { expected.samples[$0] },
        within: tolerance
      ) == nil
    )
    #expect(inside.contains { map.samples[$0] > 0.3 } && inside.contains { map.samples[$0] < 0.2 })
  }

  @Test("Networks train and predict on tiles, the same bits on any number of threads")
  func trained() throws {
    let scene = try MaskScene()
    let preset = try maskTraining("mask-finetune") {
      $0.view.tiles = PictureView.Tiles(longSide: 40, overlap: 0.5, perPicture: 2)
      $0.averagesFlips = true
    }
    let observer = TrainingStopper()
    let first = try scene.run(
      scene.network(classes: 2),
      preset,
      "both",
      threads: 1,
      observer: observer
    ).result
    // Two tiles of each of 12 photographs in batches of 5, in two epochs.
    #expect(observer.steps == 10)
    let other = try MaskScene()
    let second = try other.run(other.network(classes: 2), preset, "both", threads: 4).result
    #expect(second.measures(first))
  }

  @Test("A longer side that is shorter than a tile is refused before anything is read")
  func smallerThanATile() throws {
    let scene = try MaskScene()
    let error = #expect(throws: EvaluationError.self) {
      try scene.run(
        scene.network(),
        maskPreset { $0.view.tiles = PictureView.Tiles(longSide: 15) },
        "vessels"
      )
    }
    guard case .invalidOption("--long-side", "15", let expected)? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(expected.contains("16"))
  }
}
