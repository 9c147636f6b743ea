extension Plane<UInt8> {
  /// The smallest rectangle that holds every pixel that isn't 0; nil where all are 0.
  ///
  /// Of a mask of the camera's field of view this is the crop of the published protocols: the half-open
  /// box `skimage.measure.regionprops(mask != 0).bbox`. Scattered parts count as one region, whatever
  /// their values.
  package var boundingBox: PixelRectangle? {
    var (left, right, top, bottom) = (width, 0, height, 0)
    unsafe samples.withUnsafeBufferPointer { samples in
      for y in 0..<height {
        let row = unsafe UnsafeBufferPointer(rebasing: samples[y * width..<(y + 1) * width])
        guard let first = unsafe row.firstIndex(where: { $0 != 0 }),
          let last = unsafe row.lastIndex(where: { $0 != 0 })
        else { continue }
        left = Swift.min(left, first)
        right = Swift.max(right, last + 1)
        top = Swift.min(top, y)
        bottom = y + 1
      }
    }
    guard bottom > 0 else { return nil }
    return PixelRectangle(left: left, top: top, width: right - left, height: bottom - top)
  }
}

extension Plane<Float> {
  /// The map with zeros outside a field of view.
  ///
  /// - Parameter field: a mask of the map's size: 0 outside, anything else inside.
  /// - Returns: a map of the same size; whatever lay outside, even what wasn't a number, is 0.
  package func zeroed(outside field: Plane<UInt8>) -> Plane {
    precondition(
      field.width == width && field.height == height,
      "a field of \(field.width) × \(field.height) and a map of \(width) × \(height)"
    )
    return Plane(
      width: width,
      height: height,
      samples: zip(samples, field.samples).map { $1 == 0 ? 0 : $0 }
    )
  }
}
