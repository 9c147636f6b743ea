package import Randomness

/// Erases a random rectangle of the normalised image, with a probability.
///
/// Source: Zhong et al., "Random erasing data augmentation", AAAI 2020; sampled as torchvision's
/// `RandomErasing`.
package struct RandomErasing: Sendable, Equatable, Codable {
  /// What an erased rectangle holds.
  package enum Fill: String, Sendable, Codable, CaseIterable {
    /// 0, which is the mean colour.
    case zero
    /// Normally distributed numbers of mean 0 and deviation 1, one for each pixel and channel.
    case noise
  }

  /// How often something is erased.
  package var probability: Double
  /// The rectangle's area as a share of the image's.
  package var scale: ClosedRange<Double>
  /// The rectangle's height by its width; drawn uniformly in its logarithm.
  package var ratio: ClosedRange<Double>
  /// What the rectangle holds then.
  package var fill: Fill

  /// States ranges; the defaults are torchvision's.
  ///
  /// - Parameters:
  ///   - probability: how often something is erased, `0...1`.
  ///   - scale: the rectangle's area as a share of the image's, inside `0...1`.
  ///   - ratio: the rectangle's height by its width, above 0.
  ///   - fill: what the rectangle holds then.
  package init(
    probability: Double,
    scale: ClosedRange<Double> = 0.02...0.33,
    ratio: ClosedRange<Double> = 0.3...3.3,
    fill: Fill = .zero
  ) {
    self.probability = probability
    self.scale = scale
    self.ratio = ratio
    self.fill = fill
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    guard (0...1).contains(probability) else {
      return "an erasing's probability of \(probability), expected 0...1"
    }
    guard scale.lowerBound >= 0, scale.upperBound <= 1 else {
      return "an erasing's scale of \(scale), expected a range in 0...1"
    }
    guard ratio.lowerBound > 0, ratio.upperBound.isFinite else {
      return "an erasing's ratio of \(ratio), expected above 0"
    }
    return nil
  }

  /// Draws the rectangle: ten tries to find one that is smaller than the image either way.
  ///
  /// - Parameters:
  ///   - width: the image's columns.
  ///   - height: the image's rows.
  ///   - source: gives one number, then two per try, then two for the place.
  /// - Returns: a rectangle inside the image, possibly without pixels; nil where nothing is erased.
  package func rectangle(
    width: Int,
    height: Int,
    from source: inout RandomSource
  ) -> PixelRectangle? {
    guard source.nextIsTrue(probability: probability) else { return nil }
    for _ in 0..<10 {
      let (down, along) = randomSides(
        area: Double(width * height),
        scale: scale,
        ratio: ratio,
        from: &source
      )
      if down < height, along < width {
        let top = source.nextIndex(below: height - down + 1)
        let left = source.nextIndex(below: width - along + 1)
        return PixelRectangle(left: left, top: top, width: along, height: down)
      }
    }
    return nil
  }

  /// Erases a rectangle.
  ///
  /// - Parameters:
  ///   - rectangle: which part.
  ///   - values: `height × width × 3` normalised floats.
  ///   - width: the image's columns.
  ///   - source: gives the noise, row by row.
  package func erase(
    _ rectangle: PixelRectangle,
    in values: inout MutableSpan<Float>,
    width: Int,
    noise source: inout RandomSource
  ) {
    for row in rectangle.top..<rectangle.top + rectangle.height {
      let first = (row * width + rectangle.left) * 3
      for index in first..<first + rectangle.width * 3 {
        values[index] = fill == .zero ? 0 : Float(source.nextNormal())
      }
    }
  }
}
