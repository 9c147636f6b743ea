/// A part of an image, in pixels; fractions are allowed, as in Pillow's `resize(box:)`.
package struct ImageBox: Sendable, Equatable {
  package var left: Float
  package var top: Float
  package var right: Float
  package var bottom: Float

  /// States a box.
  ///
  /// - Parameters:
  ///   - left: its left edge, at least 0.
  ///   - top: its upper edge, at least 0.
  ///   - right: its right edge, above `left`, at most the image's width.
  ///   - bottom: its lower edge, above `top`, at most the image's height.
  package init(left: Float, top: Float, right: Float, bottom: Float) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }
}

/// What a resampling computes: the whole result or a window of it.
package struct ResizePlan: Sendable {
  package let inputWidth: Int
  package let inputHeight: Int
  package let horizontal: ResizeAxis
  package let vertical: ResizeAxis
  /// Whether columns are resized before rows, which rounds differently at some pixels.
  ///
  /// So since Pillow 13, where the height shrinks by more than twice as many pixels as the width;
  /// Pillow 3 to 12 always resize rows first. Photographs that are wider than tall never get here.
  package let isVerticalFirst: Bool

  /// Pixels per row of the window.
  package var outputWidth: Int { horizontal.outputs }
  /// Rows of the window.
  package var outputHeight: Int { vertical.outputs }
  /// Bytes per row of the window.
  var outputStride: Int { outputWidth * 3 }

  /// Plans to resize an image of `inputWidth` × `inputHeight` to `width` × `height`.
  ///
  /// - Parameters:
  ///   - inputWidth: pixels per input row.
  ///   - inputHeight: input rows.
  ///   - width: pixels per row of the whole result.
  ///   - height: rows of the whole result.
  ///   - box: the part of the input that is spread over the whole result; all of it where nil.
  ///     Pixels outside it are used where the filter reaches them.
  ///   - columns: the wanted columns of the result; all where nil.
  ///   - rows: the wanted rows of the result; all where nil.
  ///   - interpolation: the filter.
  package init(
    inputWidth: Int,
    inputHeight: Int,
    width: Int,
    height: Int,
    box: ImageBox? = nil,
    columns: Range<Int>? = nil,
    rows: Range<Int>? = nil,
    interpolation: Interpolation
  ) {
    let box =
      box ?? ImageBox(left: 0, top: 0, right: Float(inputWidth), bottom: Float(inputHeight))
    precondition(width >= 1 && height >= 1, "resizing to \(width) × \(height)")
    precondition(
      box.left >= 0 && box.top >= 0 && box.right <= Float(inputWidth)
        && box.bottom <= Float(inputHeight) && box.left < box.right && box.top < box.bottom,
      "\(box) of an image of \(inputWidth) × \(inputHeight)"
    )
    self.inputWidth = inputWidth
    self.inputHeight = inputHeight
    isVerticalFirst =
      height < inputHeight && inputHeight - height > 2 * (inputWidth - width)
    horizontal = ResizeAxis(
      inputs: inputWidth,
      box: box.left...box.right,
      outputs: width,
      window: columns ?? 0..<width,
      interpolation: interpolation
    )
    vertical = ResizeAxis(
      inputs: inputHeight,
      box: box.top...box.bottom,
      outputs: height,
      window: rows ?? 0..<height,
      interpolation: interpolation
    )
  }
}
