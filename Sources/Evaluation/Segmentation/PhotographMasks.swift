import Checkpoints
import Datasets
package import Foundation
import Imaging
import Metrics
package import Models
import Results
package import Tensors

/// Predicts masks in photographs that belong to no data set, and writes them as pictures.
package final class PhotographMasks {
  /// What the network's masks are.
  package let description: MaskDescription
  /// Whether the checkpoint says so; else it is assumed.
  package let isStated: Bool
  private let predictor: MaskPredictor
  private let decision: MaskDecision

  /// Prepares predictions.
  ///
  /// - Parameters:
  ///   - bundle: the network.
  ///   - threshold: from which probability on a pixel belongs to a class; nil for the checkpoint's.
  ///   - device: where it runs.
  /// - Throws: `ModelsError` where the checkpoint's description of its masks can't be read;
  ///   `EvaluationError.unnamedMasks` where it has none and the network has several classes;
  ///   `invalidOption` for a threshold where none decides.
  package init(_ bundle: SegmentationBundle, threshold: Float?, on device: Device) throws {
    let architecture = bundle.model.architecture
    if let json = bundle.header.classifier {
      do {
        description = try MaskDescription(json: json, logitCount: architecture.classes)
      } catch var error as ModelsError {
        error.path = bundle.path
        throw error
      }
    } else {
      guard architecture.classes == 1 else {
        throw EvaluationError(.unnamedMasks(file: bundle.path, count: architecture.classes))
      }
      description = MaskDescription(assumedAs: .usual(for: .network(bundle)))
    }
    isStated = bundle.header.classifier != nil
    var lowest = description.thresholds
    if let threshold {
      guard !description.isExclusive, (0...1).contains(threshold) else {
        let expected =
          description.isExclusive
          ? MaskLogits.noThreshold
          : "a probability from 0 to 1"
        throw EvaluationError(
          .invalidOption(name: "--threshold", found: "\(threshold)", expected: expected)
        )
      }
      lowest = lowest.map { _ in threshold }
    }
    decision = MaskDecision(description.form, lowest: lowest)
    predictor = MaskPredictor(
      bundle.model,
      description.form,
      input: SegmentationStart.network(bundle).input(description.view),
      description.settings,
      field: description.findsField ? .computed : .none,
      on: device
    )
  }

  /// One class in one photograph.
  package struct Region: Encodable, Equatable, Sendable {
    /// The class.
    package var name: String
    /// The share of the counted pixels that belong to it: of the field of view, or of all; in 0...1.
    package var share: Double
    /// The masks' picture: 255 where the class is, else 0.
    package var mask: String
    /// The probabilities, with 16 bits.
    package var probability: String
    /// The photograph with the class's outline.
    package var outline: String
  }

  /// What was found in one photograph.
  package struct Found: Encodable, Equatable, Sendable {
    /// The photograph's file.
    package var image: String
    /// Its width in pixels.
    package var width: Int
    /// Its height in pixels.
    package var height: Int
    /// Its classes.
    package var classes: [Region]
    /// The vertical cup-to-disc ratio; nil where the classes have none, or no disc was found.
    package var cupToDiscRatio: Double?
  }

  /// The files that a photograph's masks are written to.
  ///
  /// - Parameters:
  ///   - photograph: the photograph's file.
  ///   - folder: where they go.
  /// - Returns: for each class the mask, the probabilities and the outline.
  package func files(
    of photograph: URL,
    in folder: URL
  ) -> [(mask: URL, probability: URL, outline: URL)] {
    let name = photograph.deletingPathExtension().lastPathComponent
    return fileNames(of: description.classes).map { title in
      let stem = "\(name)-\(title)"
      return (
        folder.appending(path: "\(stem).png"),
        folder.appending(path: "\(stem)-probability.png"),
        folder.appending(path: "\(stem)-outline.png")
      )
    }
  }

  /// Predicts a photograph's masks and writes them.
  ///
  /// - Parameters:
  ///   - photograph: the photograph's file.
  ///   - folder: where they go; it exists.
  /// - Returns: what was found.
  /// - Throws: `ImagingError` where the photograph can't be read or a picture not be written;
  ///   `EvaluationError` where the network gives no numbers.
  package func predict(_ photograph: URL, into folder: URL) throws -> Found {
    let path = photograph.path(percentEncoded: false)
    let image = try ImageBuffer(contentsOf: path)
    let prediction = try predictor.predict(image, named: path)
    let masks = decision.masks(prediction)
    let maps = description.isExclusive ? Array(prediction.maps.dropFirst()) : prediction.maps
    let counted =
      prediction.field.map { $0.samples.count { $0 != 0 } } ?? image.width * image.height
    var found = Found(
      image: photograph.relativePath,
      width: image.width,
      height: image.height,
      classes: []
    )
    for (index, files) in files(of: photograph, in: folder).enumerated() {
      let plane = Plane<UInt8>(
        width: image.width,
        height: image.height,
        samples: masks[index].map { $0 ? 1 : 0 }
      )
      try write(plane, maps[index], over: image, prediction.field, files)
      found.classes.append(
        Region(
          name: description.classes[index],
          share: Double(masks[index].count(where: \.self)) / Double(max(counted, 1)),
          mask: files.mask.relativePath,
          probability: files.probability.relativePath,
          outline: files.outline.relativePath
        )
      )
    }
    if let (disc, cup) = cupAndDisc(description.classes) {
      func region(_ index: Int) -> BinaryMask {
        BinaryMask(width: image.width, height: image.height, pixels: masks[index])
      }
      found.cupToDiscRatio = verticalCupToDiscRatio(cup: region(cup), disc: region(disc)).number
    }
    return found
  }

  private func write(
    _ mask: Plane<UInt8>,
    _ map: Plane<Float>,
    over image: ImageBuffer,
    _ field: Plane<UInt8>?,
    _ files: (mask: URL, probability: URL, outline: URL)
  ) throws {
    try PNGWriter.write(
      GrayImage(
        width: mask.width,
        height: mask.height,
        bitDepth: 8,
        samples: mask.samples.map { $0 == 0 ? 0 : 255 }
      ),
      to: files.mask.path(percentEncoded: false)
    )
    try PNGWriter.write(
      GrayImage(probabilities: map, bitDepth: 16, rounding: .halfToEven),
      to: files.probability.path(percentEncoded: false)
    )
    let picture = Self.outlines(on: image).drawn(
      over: image,
      truth: mask,
      prediction: mask,
      field: field
    )
    try PNGWriter.write(picture, to: files.outline.path(percentEncoded: false))
  }

  /// Outlines in sky blue, wider on larger photographs; truth and prediction are the same here.
  private static func outlines(on image: ImageBuffer) -> ComparisonPicture {
    let blue = ComparisonPalette.standard.falseNegative
    return ComparisonPicture(
      ground: .photograph,
      marks: .contours,
      contourWidth: max(max(image.width, image.height) / 1000, 1),
      palette: ComparisonPalette(truePositive: blue, falsePositive: blue, falseNegative: blue)
    )
  }
}
