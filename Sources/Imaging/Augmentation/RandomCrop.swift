import Foundation
package import Randomness

/// Random resized cropping: a rectangle of random area and aspect, resized to the model's input.
///
/// Source: Szegedy et al., "Going deeper with convolutions", CVPR 2015, section 6; sampled as
/// torchvision's `RandomResizedCrop`.
package struct RandomCrop: Sendable, Equatable, Codable {
  /// The rectangle's area as a share of the image's, inside `0...1`.
  package var scale: ClosedRange<Double>
  /// The rectangle's width by its height; drawn uniformly in its logarithm.
  package var ratio: ClosedRange<Double>

  /// States ranges.
  ///
  /// - Parameters:
  ///   - scale: the rectangle's area as a share of the image's, above 0, at most 1.
  ///   - ratio: the rectangle's width by its height, above 0.
  package init(scale: ClosedRange<Double>, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3) {
    self.scale = scale
    self.ratio = ratio
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    guard scale.lowerBound > 0, scale.upperBound <= 1 else {
      return "a crop's scale of \(scale), expected above 0 and at most 1"
    }
    guard ratio.lowerBound > 0, ratio.upperBound.isFinite else {
      return "a crop's ratio of \(ratio), expected above 0"
    }
    return nil
  }

  /// Draws a rectangle: ten tries, then the largest central one whose aspect is allowed.
  ///
  /// - Parameters:
  ///   - width: the image's columns.
  ///   - height: the image's rows.
  ///   - source: gives two numbers per try and two for the place.
  /// - Returns: a rectangle with at least one pixel, inside the image.
  package func rectangle(
    width: Int,
    height: Int,
    from source: inout RandomSource
  ) -> PixelRectangle {
    for _ in 0..<10 {
      let (along, across) = randomSides(
        area: Double(width * height),
        scale: scale,
        ratio: ratio,
        from: &source
      )
      if (1...width).contains(along), (1...height).contains(across) {
        let top = source.nextIndex(below: height - across + 1)
        let left = source.nextIndex(below: width - along + 1)
        return PixelRectangle(left: left, top: top, width: along, height: across)
      }
    }
    return central(width: width, height: height)
  }

  /// The largest central rectangle whose aspect is allowed, rounded as torchvision rounds it.
  ///
  /// - Parameters:
  ///   - width: the image's columns.
  ///   - height: the image's rows.
  /// - Returns: a rectangle with at least one pixel, inside the image.
  package func central(width: Int, height: Int) -> PixelRectangle {
    let aspect = Double(width) / Double(height)
    var (along, across) = (width, height)
    if aspect < ratio.lowerBound {
      across = Int((Double(width) / ratio.lowerBound).rounded(.toNearestOrEven))
    } else if aspect > ratio.upperBound {
      along = Int((Double(height) * ratio.upperBound).rounded(.toNearestOrEven))
    }
    (along, across) = (max(along, 1), max(across, 1))
    return PixelRectangle(
      left: (width - along) / 2,
      top: (height - across) / 2,
      width: along,
      height: across
    )
  }
}

/// Draws a rectangle's sides from ranges of its area and aspect, as torchvision does.
///
/// - Parameters:
///   - area: what `scale` is a share of, in pixels.
///   - scale: the range of the rectangle's share.
///   - ratio: the range of the first side by the second; drawn uniformly in its logarithm.
///   - source: gives two numbers.
/// - Returns: the sides in pixels, ties rounded to even; 0 is possible.
func randomSides(
  area: Double,
  scale: ClosedRange<Double>,
  ratio: ClosedRange<Double>,
  from source: inout RandomSource
) -> (first: Int, second: Int) {
  let target = area * source.nextUniform(in: scale)
  let aspect = exp(source.nextUniform(in: log(ratio.lowerBound)...log(ratio.upperBound)))
  return (
    Int((target * aspect).squareRoot().rounded(.toNearestOrEven)),
    Int((target / aspect).squareRoot().rounded(.toNearestOrEven))
  )
}

extension RandomSource {
  /// A number between two bounds, which may be equal.
  mutating func nextUniform(in range: ClosedRange<Double>) -> Double {
    nextUniform(in: range.lowerBound..<range.upperBound)
  }

  /// True with a probability in `0...1`; draws one number also where the outcome is certain.
  mutating func nextIsTrue(probability: Double) -> Bool {
    nextUniform() < probability
  }
}
