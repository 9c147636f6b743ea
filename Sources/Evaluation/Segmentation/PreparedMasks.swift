package import Datasets
package import Imaging

/// A photograph with its masks as a training sees them before augmentation.
struct PreparedMasks: Sendable {
  /// The region of the photograph, resized.
  var image: ImageBuffer
  /// One plane per class, or one of labels, of the image's size; 255 where nothing counts.
  var planes: [Plane<UInt8>]

  /// How many bytes it takes.
  var byteCount: Int { image.pixels.count + planes.reduce(0) { $0 + $1.samples.count } }
}

/// The part of a photograph that a network looks at.
package struct PictureRegion {
  /// Where it lies.
  package let box: PixelRectangle
  /// The camera's field of view: 1 inside; nil where all counts.
  package let field: Plane<UInt8>?

  /// Finds the region.
  ///
  /// - Parameters:
  ///   - example: the photograph.
  ///   - rule: where the set's field of view is known from.
  ///   - region: which part is wanted.
  package init(
    _ example: SegmentationExample,
    _ rule: FieldOfViewRule,
    _ region: PictureView.Region
  ) {
    self.init(example.image, field: example.field, rule, region)
  }

  /// Finds the region.
  ///
  /// - Parameters:
  ///   - image: the photograph.
  ///   - field: H × W values: 1 inside the camera's field of view; nil where the set has none.
  ///   - rule: where the set's field of view is known from.
  ///   - region: which part is wanted.
  init(
    _ image: ImageBuffer,
    field: [UInt8]?,
    _ rule: FieldOfViewRule,
    _ region: PictureView.Region
  ) {
    let field: Plane<UInt8>? =
      if let mask = field {
        Plane(width: image.width, height: image.height, samples: mask)
      } else if rule == .computed {
        image.fieldOfView()
      } else {
        nil
      }
    self.field = field
    let whole = PixelRectangle(left: 0, top: 0, width: image.width, height: image.height)
    box = region == .whole ? whole : field?.boundingBox ?? whole
  }

  /// The size that the region gets before it goes through a network.
  ///
  /// - Parameters:
  ///   - view: what a network sees.
  ///   - input: the network's input.
  /// - Returns: width and height; with tiles at least the input's.
  package func size(_ view: PictureView, _ input: Preprocessing) -> (width: Int, height: Int) {
    guard let tiles = view.tiles else { return (input.width, input.height) }
    let scale = tiles.longSide.map { Double($0) / Double(max(box.width, box.height)) } ?? 1
    return (
      max(Int((Double(box.width) * scale).rounded()), input.width),
      max(Int((Double(box.height) * scale).rounded()), input.height)
    )
  }
}

/// Prepares photographs with their masks for training.
struct MaskPreparation: Sendable {
  /// Decodes.
  let reader: MaskReader
  /// What a network sees.
  let view: PictureView
  /// The network's input.
  let input: Preprocessing
  /// How logits stand for classes.
  let form: MaskLogits
  /// How many times larger than the input pictures are kept, for crops.
  let workingScale: Double

  /// Reads a photograph with its masks and brings both to a size.
  ///
  /// - Parameter sample: the sample.
  /// - Returns: both; pixels outside of the field of view count as ignored.
  /// - Throws: `ImagingError`, `DatasetsError`.
  func prepare(_ sample: SegmentationSample) throws -> PreparedMasks {
    let example = try reader.read(sample)
    let region = PictureRegion(example, reader.task.field, view.region)
    var (width, height) = region.size(view, input)
    if view.tiles == nil {
      (width, height) = (
        Int((Double(width) * workingScale).rounded(.up)),
        Int((Double(height) * workingScale).rounded(.up))
      )
    }
    let image = example.image.cropped(
      region.box,
      resizedToWidth: width,
      height: height,
      interpolation: input.interpolation
    )
    let planes = form.lossPlanes(example.target).map { samples in
      var samples = samples
      if let field = region.field {
        for pixel in samples.indices where field.samples[pixel] == 0 {
          samples[pixel] = MaskTarget.ignored
        }
      }
      return Plane(width: example.image.width, height: example.image.height, samples: samples)
        .cropped(to: region.box)
        .resizedToNearest(width: width, height: height)
    }
    return PreparedMasks(image: image, planes: planes)
  }
}
