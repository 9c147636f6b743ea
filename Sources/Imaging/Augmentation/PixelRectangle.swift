/// A rectangle of whole pixels inside an image.
package struct PixelRectangle: Sendable, Equatable {
  /// Its first column.
  package var left: Int
  /// Its first row.
  package var top: Int
  /// How many columns it has.
  package var width: Int
  /// How many rows it has.
  package var height: Int

  /// States a rectangle.
  ///
  /// - Parameters:
  ///   - left: its first column, at least 0.
  ///   - top: its first row, at least 0.
  ///   - width: how many columns it has.
  ///   - height: how many rows it has.
  package init(left: Int, top: Int, width: Int, height: Int) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// Whether it has pixels, all of them inside an image of `width` × `height`.
  func isInside(width: Int, height: Int) -> Bool {
    left >= 0 && top >= 0 && self.width >= 1 && self.height >= 1
      && left + self.width <= width && top + self.height <= height
  }
}
