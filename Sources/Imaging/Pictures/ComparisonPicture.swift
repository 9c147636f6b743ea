/// A picture of where a predicted mask is right, where it has too much and where it lacks something.
package struct ComparisonPicture: Sendable, Equatable {
  /// What the marks are laid on.
  package enum Ground: String, Sendable, CaseIterable, Codable {
    /// The photograph in its colours.
    case photograph
    /// The photograph's luma at half brightness, on which all three colours stand out.
    case gray
    /// Nothing.
    case black
  }

  /// What is marked.
  package enum Marks: String, Sendable, CaseIterable, Codable {
    /// Every pixel of truth and prediction.
    case areas
    /// The borders of truth and prediction; where both run, the colour of true positives. The border is
    /// the mask's pixels that lie fewer than `contourWidth` steps along rows and columns from its outside.
    case contours
  }

  /// What the marks are laid on.
  package var ground: Ground
  /// What is marked.
  package var marks: Marks
  /// How many pixels wide contours are; at least 1.
  package var contourWidth: Int
  /// The marks' share of a marked pixel's colour, in `0...1`.
  package var opacity: Double
  /// The marks' colours.
  package var palette: ComparisonPalette

  /// States how to draw.
  ///
  /// - Parameters:
  ///   - ground: what the marks are laid on.
  ///   - marks: what is marked.
  ///   - contourWidth: how many pixels wide contours are; at least 1.
  ///   - opacity: the marks' share of a marked pixel's colour, in `0...1`.
  ///   - palette: the marks' colours.
  package init(
    ground: Ground = .gray,
    marks: Marks = .areas,
    contourWidth: Int = 1,
    opacity: Double = 1,
    palette: ComparisonPalette = .standard
  ) {
    precondition(contourWidth >= 1, "contours of \(contourWidth) pixels")
    precondition(opacity >= 0 && opacity <= 1, "marks of opacity \(opacity)")
    self.ground = ground
    self.marks = marks
    self.contourWidth = contourWidth
    self.opacity = opacity
    self.palette = palette
  }

  /// Draws one comparison.
  ///
  /// Pixels that don't count, outside the field of view or of a truth of 255 (ignored), carry no marks and
  /// have a quarter of the ground's brightness.
  ///
  /// - Parameters:
  ///   - photograph: H × W pixels.
  ///   - truth: H × W values: 0 outside, 255 ignored, any other inside.
  ///   - prediction: H × W values: 0 outside, any other inside.
  ///   - field: H × W values: 0 outside the field of view, any other inside; nil where all lies inside.
  /// - Returns: H × W pixels.
  package func drawn(
    over photograph: ImageBuffer,
    truth: Plane<UInt8>,
    prediction: Plane<UInt8>,
    field: Plane<UInt8>? = nil
  ) -> ImageBuffer {
    for plane in [truth, prediction] + [field].compactMap(\.self) {
      precondition(
        plane.width == photograph.width && plane.height == photograph.height,
        "a mask of \(plane.width) × \(plane.height) over \(photograph.width) × \(photograph.height)"
      )
    }
    let counts = truth.samples.indices.map { pixel in
      truth.samples[pixel] != Self.ignored && field?.samples[pixel] != 0
    }
    let isTrue = marked(truth.samples.map { $0 != 0 && $0 != Self.ignored }, truth.width)
    let isPredicted = marked(prediction.samples.map { $0 != 0 }, truth.width)
    var picture = ground(photograph)
    for pixel in counts.indices {
      guard counts[pixel] else {
        for channel in 0..<3 { picture.pixels[3 * pixel + channel] /= 4 }
        continue
      }
      let color: Color8
      switch (isTrue[pixel], isPredicted[pixel]) {
      case (true, true): color = palette.truePositive
      case (false, true): color = palette.falsePositive
      case (true, false): color = palette.falseNegative
      case (false, false): continue
      }
      blend(color, into: &picture.pixels, at: 3 * pixel)
    }
    return picture
  }

  /// The truth of pixels that are left out.
  private static let ignored: UInt8 = 255

  private func ground(_ photograph: ImageBuffer) -> ImageBuffer {
    var picture = photograph
    for pixel in 0..<photograph.width * photograph.height {
      let first = 3 * pixel
      let value: UInt8
      switch ground {
      case .photograph: return photograph
      case .black: value = 0
      case .gray:
        // Half of Rec. 601 luma, in 16-bit fixed point.
        let red = UInt32(photograph.pixels[first]) * 19595
        let green = UInt32(photograph.pixels[first + 1]) * 38470
        let blue = UInt32(photograph.pixels[first + 2]) * 7471
        value = UInt8((red + green + blue + 0x8000) >> 17)
      }
      for channel in 0..<3 { picture.pixels[first + channel] = value }
    }
    return picture
  }

  /// The pixels of a mask that are marked: all, or its border.
  private func marked(_ mask: [Bool], _ width: Int) -> [Bool] {
    guard marks == .contours else { return mask }
    var inner = mask
    for _ in 0..<contourWidth { inner = eroded(inner, width) }
    return zip(mask, inner).map { $0 && !$1 }
  }

  /// A mask without the pixels that have a neighbour outside it; the image's edge is outside.
  private func eroded(_ mask: [Bool], _ width: Int) -> [Bool] {
    let last = mask.count - width
    return mask.indices.map { pixel in
      let column = pixel % width
      return mask[pixel] && column > 0 && column < width - 1 && pixel >= width && pixel < last
        && mask[pixel - 1] && mask[pixel + 1] && mask[pixel - width] && mask[pixel + width]
    }
  }

  private func blend(_ color: Color8, into pixels: inout [UInt8], at first: Int) {
    for (channel, sample) in [color.red, color.green, color.blue].enumerated() {
      let under = Double(pixels[first + channel])
      pixels[first + channel] = UInt8((under + (Double(sample) - under) * opacity).rounded())
    }
  }
}
