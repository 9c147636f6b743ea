/// The mirror images that test-time augmentation averages over.
///
/// Each is its own inverse: flipping the prediction of a flipped image puts it back in place.
package enum Flip: String, Sendable, CaseIterable, Codable {
  /// The image as it is.
  case none
  /// Left becomes right (NumPy's `fliplr`).
  case horizontal
  /// Top becomes bottom (NumPy's `flipud`).
  case vertical
  /// Both: half a turn.
  case both

  /// Flips an image whose pixels' channels lie side by side.
  ///
  /// - Parameters:
  ///   - samples: H × W × C values (HWC).
  ///   - width: pixels per row (W).
  ///   - height: rows (H).
  ///   - channels: values per pixel (C), at least 1; their order stays.
  /// - Returns: as many values.
  @inlinable
  package func applied<Sample>(
    to samples: [Sample],
    width: Int,
    height: Int,
    channels: Int
  ) -> [Sample] {
    precondition(
      width >= 0 && height >= 0 && channels >= 1 && samples.count == width * height * channels,
      "\(samples.count) values for \(height) × \(width) × \(channels)"
    )
    let mirrorsColumns = self == .horizontal || self == .both
    let mirrorsRows = self == .vertical || self == .both
    var result: [Sample] = []
    result.reserveCapacity(samples.count)
    for row in 0..<height {
      let first = (mirrorsRows ? height - 1 - row : row) * width * channels
      guard mirrorsColumns else {
        result.append(contentsOf: samples[first..<first + width * channels])
        continue
      }
      for column in stride(from: width - 1, through: 0, by: -1) {
        for channel in 0..<channels { result.append(samples[first + column * channels + channel]) }
      }
    }
    return result
  }
}

extension Plane {
  /// The mirror image.
  ///
  /// - Parameter flip: which one.
  /// - Returns: a plane of the same size.
  @inlinable
  package func flipped(_ flip: Flip) -> Plane {
    Plane(
      width: width,
      height: height,
      samples: flip.applied(to: samples, width: width, height: height, channels: 1)
    )
  }
}

extension ImageBuffer {
  /// The mirror image.
  ///
  /// - Parameter flip: which one.
  /// - Returns: an image of the same size.
  package func flipped(_ flip: Flip) -> ImageBuffer {
    ImageBuffer(
      width: width,
      height: height,
      pixels: flip.applied(to: pixels, width: width, height: height, channels: 3)
    )
  }
}
