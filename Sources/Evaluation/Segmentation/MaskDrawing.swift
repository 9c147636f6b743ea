import Datasets
import Imaging

/// The pictures of one photograph's masks.
struct MaskDrawing {
  private let example: SegmentationExample
  private let field: Plane<UInt8>?
  private let masks: [[Bool]]
  /// Where each class is in truth: H × W values each.
  private let regions: [[UInt8]]

  /// Prepares to draw.
  ///
  /// - Parameters:
  ///   - example: the photograph with its masks.
  ///   - prediction: its field of view.
  ///   - masks: the predicted masks, one per class.
  init(
    _ example: SegmentationExample,
    _ prediction: MaskPredictor.Prediction,
    masks: [[Bool]]
  ) {
    self.example = example
    self.masks = masks
    field = prediction.field
    regions = masks.indices.map(example.target.region)
  }

  /// Each class's truth and prediction over the photograph: a picture of its size per class.
  var comparisons: [ImageBuffer] { masks.indices.map(comparison) }

  /// A sheet's row: the photograph, the true masks, the predicted ones, and their comparison; of
  /// several classes that of the first one that the photograph shows, or else that was predicted.
  ///
  /// - Parameter side: what the longer side is resized to.
  /// - Returns: four pictures.
  func row(side: Int) -> [ImageBuffer?] {
    let shown = regions.firstIndex { $0.contains(1) } ?? masks.firstIndex { $0.contains(true) } ?? 0
    let truth = labels { index, pixel in regions[index][pixel] == 1 }
    let predicted = labels { index, pixel in masks[index][pixel] }
    let palette = masks.count == 1 ? LabelPalette.mask : .classes
    return [
      example.image, palette.drawn(truth), palette.drawn(predicted), comparison(shown),
    ].map { smaller($0, side: side) }
  }

  private func comparison(_ index: Int) -> ImageBuffer {
    let (width, height) = (example.image.width, example.image.height)
    return ComparisonPicture().drawn(
      over: example.image,
      truth: Plane(width: width, height: height, samples: regions[index]),
      prediction: Plane(
        width: width,
        height: height,
        samples: masks[index].map { $0 ? 1 : 0 }
      ),
      field: field
    )
  }

  /// The last class that each pixel belongs to, counted from 1; 0 for none.
  private func labels(_ belongs: (Int, Int) -> Bool) -> Plane<UInt8> {
    let (width, height) = (example.image.width, example.image.height)
    let samples = (0..<width * height).map { pixel -> UInt8 in
      UInt8((masks.indices.last { belongs($0, pixel) } ?? -1) + 1)
    }
    return Plane(width: width, height: height, samples: samples)
  }

  private func smaller(_ image: ImageBuffer, side: Int) -> ImageBuffer {
    let scale = Double(side) / Double(max(image.width, image.height))
    guard scale < 1 else { return image }
    return image.resized(
      width: max(Int((Double(image.width) * scale).rounded()), 1),
      height: max(Int((Double(image.height) * scale).rounded()), 1),
      interpolation: .bilinear
    )
  }
}
