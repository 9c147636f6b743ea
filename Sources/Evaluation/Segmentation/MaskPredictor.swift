package import Datasets
import Foundation
package import Imaging
import Kernels
import Layers
package import Models
package import Tensors

/// Predicts the probability maps of photographs.
///
/// The steps of the DRIVE protocol of Galdran et al. 2020, each of which a setting may change: the box
/// of the field of view, resized to the network's input; probabilities, averaged over mirror images;
/// resized back; 0 outside of the box and of the field of view.
package final class MaskPredictor {
  /// How logits stand for classes.
  package let form: MaskLogits
  private let model: SegmentationModel
  private let input: Preprocessing
  private let settings: SegmentationSettings
  private let field: FieldOfViewRule
  private let executor: InferenceExecutor
  private let preprocessor: Preprocessor

  /// One photograph's maps, all of its size.
  package struct Prediction {
    /// Probabilities: of each class, after the background where classes exclude each other.
    package var maps: [Plane<Float>]
    /// The camera's field of view: 1 inside; nil where all counts.
    package var field: Plane<UInt8>?

    /// States a prediction.
    ///
    /// - Parameters:
    ///   - maps: probabilities: of each class, after the background where classes exclude each other.
    ///   - field: the camera's field of view: 1 inside; nil where all counts.
    package init(maps: [Plane<Float>], field: Plane<UInt8>?) {
      self.maps = maps
      self.field = field
    }
  }

  /// Prepares predictions.
  ///
  /// - Parameters:
  ///   - model: the network, with its weights.
  ///   - form: how its logits stand for classes.
  ///   - input: the network's input.
  ///   - settings: how maps are predicted.
  ///   - field: where the set's field of view is known from.
  ///   - device: where the network runs.
  package init(
    _ model: SegmentationModel,
    _ form: MaskLogits,
    input: Preprocessing,
    _ settings: SegmentationSettings,
    field: FieldOfViewRule,
    on device: Device
  ) {
    self.model = model
    self.form = form
    self.input = input
    self.settings = settings
    self.field = field
    executor = InferenceExecutor(on: device)
    preprocessor = Preprocessor(input)
  }

  /// The maps of a photograph.
  ///
  /// - Parameter example: the photograph; its masks aren't looked at.
  /// - Returns: its maps.
  /// - Throws: `EvaluationError.nonFiniteFeatures` where the network gives no numbers.
  package func predict(_ example: SegmentationExample) throws -> Prediction {
    try predict(
      example.image,
      PictureRegion(example, field, settings.view.region),
      named: example.id
    )
  }

  /// The maps of a photograph that belongs to no data set.
  ///
  /// - Parameters:
  ///   - image: the photograph.
  ///   - name: its name, for errors.
  /// - Returns: its maps.
  /// - Throws: `EvaluationError.nonFiniteFeatures` where the network gives no numbers.
  package func predict(_ image: ImageBuffer, named name: String) throws -> Prediction {
    let region = PictureRegion(image, field: nil, field, settings.view.region)
    return try predict(image, region, named: name)
  }

  private func predict(
    _ image: ImageBuffer,
    _ region: PictureRegion,
    named name: String
  ) throws -> Prediction {
    let (width, height) = region.size(settings.view, input)
    let picture = image.cropped(
      region.box,
      resizedToWidth: width,
      height: height,
      interpolation: input.interpolation
    )
    let maps =
      settings.view.tiles == nil
      ? try probabilities(of: picture, name)
      : try tiledProbabilities(of: picture, name)
    let whole = maps.map { map in
      let restored = restored(map, width: region.box.width, height: region.box.height)
      let pasted = restored.pasted(
        at: region.box,
        width: image.width,
        height: image.height,
        background: 0
      )
      return stored(region.field.map(pasted.zeroed) ?? pasted)
    }
    return Prediction(maps: whole, field: region.field)
  }

  /// The maps of a picture of the input's size.
  private func probabilities(
    of picture: ImageBuffer,
    _ name: String
  ) throws -> [Plane<Float>] {
    let flips: [Flip] = settings.averagesFlips ? Flip.allCases : [.none]
    var sum = [Float](repeating: 0, count: input.width * input.height * form.logitCount)
    for flip in flips {
      let pixels = preprocessor.normalized(picture.flipped(flip).pixels)
      let images = Tensor(pixels, shape: [1, input.height, input.width, 3], on: executor.device)
      guard var values = model.logits(images, on: executor).last?.elements,
        values.allSatisfy(\.isFinite)
      else { throw EvaluationError(.nonFiniteFeatures(sample: name)) }
      form.makeProbabilities(&values)
      let upright = flip.applied(
        to: values,
        width: input.width,
        height: input.height,
        channels: form.logitCount
      )
      for index in sum.indices { sum[index] += upright[index] }
    }
    let factor = 1 / Float(flips.count)
    return (0..<form.logitCount).map { index in
      Plane(
        width: input.width,
        height: input.height,
        samples: stride(from: index, to: sum.count, by: form.logitCount).map { sum[$0] * factor }
      )
    }
  }

  /// The maps of a larger picture: its tiles', weighted by how far a pixel lies from a tile's edge.
  private func tiledProbabilities(
    of picture: ImageBuffer,
    _ name: String
  ) throws -> [Plane<Float>] {
    let overlap = settings.view.tiles?.overlap ?? 0
    let columns = tileStarts(picture.width, tile: input.width, overlap: overlap)
    let rows = tileStarts(picture.height, tile: input.height, overlap: overlap)
    let count = picture.width * picture.height
    var sums = [[Float]](repeating: [Float](repeating: 0, count: count), count: form.logitCount)
    var weights = [Float](repeating: 0, count: count)
    let (across, down) = (tileWeights(input.width), tileWeights(input.height))
    for top in rows {
      for left in columns {
        let box = PixelRectangle(left: left, top: top, width: input.width, height: input.height)
        let maps = try probabilities(of: picture.cropped(to: box), name)
        for y in 0..<input.height {
          let start = (top + y) * picture.width + left
          for x in 0..<input.width {
            let weight = across[x] * down[y]
            weights[start + x] += weight
            for index in sums.indices {
              sums[index][start + x] += weight * maps[index].samples[y * input.width + x]
            }
          }
        }
      }
    }
    return sums.map { sum in
      Plane(
        width: picture.width,
        height: picture.height,
        samples: zip(sum, weights).map { min($0 / $1, 1) }
      )
    }
  }

  private func restored(_ map: Plane<Float>, width: Int, height: Int) -> Plane<Float> {
    switch settings.restoring {
    case .bilinear: map.resizedBilinearly(width: width, height: height)
    case .spline:
      CubicSplineResize(
        inputWidth: map.width,
        inputHeight: map.height,
        width: width,
        height: height
      ).resized(map, pool: executor.device.compute.pool)
    }
  }

  private func stored(_ map: Plane<Float>) -> Plane<Float> {
    guard settings.storage == .eightBits else { return map }
    var map = map
    for index in map.samples.indices { map.samples[index] = eightBits(map.samples[index]) }
    return map
  }
}

/// The nearest k / 255, halves to the even k, as scikit-image's `img_as_ubyte` stores and
/// `img_as_float` reads it: the very numbers of `ThresholdGrid.evenly256`.
///
/// - Parameter probability: in 0...1.
/// - Returns: k / 255.
package func eightBits(_ probability: Float) -> Float {
  Float(Double((probability * 255).rounded(.toNearestOrEven)) * (1.0 / 255.0))
}

/// Where tiles begin along a side, the last one at its end.
///
/// - Parameters:
///   - length: the side, at least a tile's.
///   - tile: a tile's side.
///   - overlap: the least share of a tile that its neighbour covers, too, in 0..<1.
/// - Returns: rising starts whose tiles cover the side, as few as the overlap allows, evenly spread.
package func tileStarts(_ length: Int, tile: Int, overlap: Double) -> [Int] {
  guard length > tile else { return [0] }
  let step = max(Int(Double(tile) * (1 - overlap)), 1)
  let count = (length - tile + step - 1) / step + 1
  return (0..<count).map { $0 * (length - tile) / (count - 1) }
}

/// How much a tile's pixels count along a side: 1 in the middle, falling linearly to the edges.
///
/// - Parameter tile: the tile's side.
/// - Returns: as many weights above 0.
package func tileWeights(_ tile: Int) -> [Float] {
  (0..<tile).map { place in
    let fromEdge = Float(min(place, tile - 1 - place)) + 0.5
    return fromEdge / (Float(tile) / 2)
  }
}
