extension ImageBuffer {
  /// A rectangle of the image at another size, as Pillow's `crop` and then `resize` give it.
  ///
  /// The rectangle's rows go through the resize where they lie; pixels outside it have no part in the
  /// result.
  ///
  /// - Parameters:
  ///   - rectangle: which part, inside the image, with at least one pixel.
  ///   - width: pixels per row of the result, at least 1.
  ///   - height: rows of the result, at least 1.
  ///   - interpolation: the filter.
  /// - Returns: an image of `width` × `height`.
  package func cropped(
    _ rectangle: PixelRectangle,
    resizedToWidth width: Int,
    height: Int,
    interpolation: Interpolation
  ) -> ImageBuffer {
    precondition(
      rectangle.isInside(width: self.width, height: self.height),
      "\(rectangle) of an image of \(self.width) × \(self.height)"
    )
    let plan = ResizePlan(
      inputWidth: rectangle.width,
      inputHeight: rectangle.height,
      width: width,
      height: height,
      interpolation: interpolation
    )
    let count = height * width * 3
    let stride = self.width * 3
    let first = rectangle.top * stride + rectangle.left * 3
    let last = first + (rectangle.height - 1) * stride
    let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      var resizer = RowResizer(plan)
      func finish(row: Int, bytes: UnsafeBufferPointer<UInt8>) {
        let start = row * plan.outputStride
        _ = unsafe target[start..<start + bytes.count].update(fromContentsOf: bytes)
      }
      unsafe pixels.withUnsafeBufferPointer { source in
        // The last row is pushed alone: a whole stride from its beginning may leave the image.
        unsafe resizer.push(
          UnsafeBufferPointer(rebasing: source[first..<last]),
          rows: rectangle.height - 1,
          stride: stride,
          finish: finish
        )
        unsafe resizer.push(
          UnsafeBufferPointer(rebasing: source[last..<last + rectangle.width * 3]),
          rows: 1,
          stride: rectangle.width * 3,
          finish: finish
        )
      }
      filled = count
    }
    return ImageBuffer(width: width, height: height, pixels: result)
  }

  /// Mirrors the image: left becomes right.
  package mutating func flipHorizontally() {
    let (width, height) = (width, height)
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      for row in 0..<height {
        var (left, right) = (row * width * 3, (row * width + width - 1) * 3)
        while left < right {
          for channel in 0..<3 { unsafe pixels.swapAt(left + channel, right + channel) }
          left += 3
          right -= 3
        }
      }
    }
  }

  /// Mirrors the image: top becomes bottom.
  package mutating func flipVertically() {
    let (stride, height) = (width * 3, height)
    unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      for row in 0..<height / 2 {
        let (upper, lower) = (row * stride, (height - 1 - row) * stride)
        for offset in 0..<stride { unsafe pixels.swapAt(upper + offset, lower + offset) }
      }
    }
  }
}
