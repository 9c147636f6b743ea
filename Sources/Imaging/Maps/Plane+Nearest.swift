extension Plane {
  /// The plane at another size, each pixel a copy of the nearest one: for masks and label maps.
  ///
  /// The same pixels as Pillow's `Image.resize(..., Image.Resampling.NEAREST)`; no value comes up that
  /// the plane doesn't hold.
  ///
  /// - Parameters:
  ///   - width: pixels per row of the result, at least 1.
  ///   - height: rows of the result, at least 1.
  /// - Returns: a plane of `width` × `height`.
  @inlinable
  package func resizedToNearest(width: Int, height: Int) -> Plane {
    let columns = nearestIndices(inputs: self.width, outputs: width)
    let rows = nearestIndices(inputs: self.height, outputs: height)
    let result = unsafe samples.withUnsafeBufferPointer { source in
      unsafe [Sample](unsafeUninitializedCapacity: width * height) { target, filled in
        for row in rows {
          let first = row * self.width
          for column in columns {
            unsafe target.initializeElement(at: filled, to: source[first + column])
            filled += 1
          }
        }
      }
    }
    return Plane(width: width, height: height, samples: result)
  }
}

/// The input that each output of one axis copies.
///
/// Pillow steps along the axis and sums the steps in 64-bit floats (`ImagingScaleAffine` in
/// src/libImaging/Geometry.c). Multiplying instead puts some outputs whose centre lies between two
/// inputs on the other one.
///
/// - Parameters:
///   - inputs: how many pixels the axis has, at least 1.
///   - outputs: how many it is to have, at least 1.
/// - Returns: one index in `0..<inputs` per output, ascending.
package func nearestIndices(inputs: Int, outputs: Int) -> [Int] {
  precondition(inputs >= 1 && outputs >= 1, "resizing \(inputs) pixels to \(outputs)")
  let step = Double(inputs) / Double(outputs)
  var position = step * 0.5
  return (0..<outputs).map { _ in
    defer { position += step }
    return min(Int(position), inputs - 1)
  }
}
