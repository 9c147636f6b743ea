extension Plane {
  /// The part inside a rectangle.
  ///
  /// - Parameter rectangle: which part, inside the plane, with at least one pixel.
  /// - Returns: a plane of the rectangle's size.
  package func cropped(to rectangle: PixelRectangle) -> Plane {
    rectangle.requireInside(width: width, height: height)
    return Plane(
      width: rectangle.width,
      height: rectangle.height,
      samples: rectangle.samples(of: samples, width: width, channels: 1)
    )
  }

  /// The plane laid into a larger one: what `cropped(to:)` took out goes back to its place.
  ///
  /// - Parameters:
  ///   - rectangle: where; of this plane's size, inside the larger one.
  ///   - width: pixels per row of the larger plane.
  ///   - height: rows of the larger plane.
  ///   - background: the value of every other pixel.
  /// - Returns: a plane of `width` × `height`.
  package func pasted(
    at rectangle: PixelRectangle,
    width: Int,
    height: Int,
    background: Sample
  ) -> Plane {
    precondition(
      rectangle.width == self.width && rectangle.height == self.height,
      "a plane of \(self.width) × \(self.height) at \(rectangle)"
    )
    rectangle.requireInside(width: width, height: height)
    var result = [Sample](repeating: background, count: width * height)
    for row in 0..<self.height {
      let target = (rectangle.top + row) * width + rectangle.left
      result.replaceSubrange(
        target..<target + self.width,
        with: samples[row * self.width..<(row + 1) * self.width]
      )
    }
    return Plane(width: width, height: height, samples: result)
  }
}

extension ImageBuffer {
  /// The part inside a rectangle.
  ///
  /// - Parameter rectangle: which part, inside the image, with at least one pixel.
  /// - Returns: an image of the rectangle's size.
  package func cropped(to rectangle: PixelRectangle) -> ImageBuffer {
    rectangle.requireInside(width: width, height: height)
    return ImageBuffer(
      width: rectangle.width,
      height: rectangle.height,
      pixels: rectangle.samples(of: pixels, width: width, channels: 3)
    )
  }
}

extension PixelRectangle {
  /// Stops where the rectangle is empty or leaves an image of `width` × `height`.
  func requireInside(width: Int, height: Int) {
    precondition(isInside(width: width, height: height), "\(self) of \(width) × \(height) pixels")
  }

  /// The rectangle's samples, row after row, of an image with `width` × `channels` samples per row.
  fileprivate func samples<Sample>(of samples: [Sample], width: Int, channels: Int) -> [Sample] {
    var result: [Sample] = []
    result.reserveCapacity(self.width * height * channels)
    for row in top..<top + height {
      let first = (row * width + left) * channels
      result.append(contentsOf: samples[first..<first + self.width * channels])
    }
    return result
  }
}
