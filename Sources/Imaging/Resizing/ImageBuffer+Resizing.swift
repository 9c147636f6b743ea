extension ImageBuffer {
  /// The image at another size, bit for bit as Pillow's `Image.resize` gives it.
  ///
  /// - Parameters:
  ///   - width: pixels per row of the result, at least 1.
  ///   - height: rows of the result, at least 1.
  ///   - interpolation: the filter.
  ///   - box: the part of the image that fills the result; all of it where nil.
  /// - Returns: an image of `width` × `height`.
  package func resized(
    width: Int,
    height: Int,
    interpolation: Interpolation,
    box: ImageBox? = nil
  ) -> ImageBuffer {
    resized(
      ResizePlan(
        inputWidth: self.width,
        inputHeight: self.height,
        width: width,
        height: height,
        box: box,
        interpolation: interpolation
      )
    )
  }

  /// The image resized as a plan says.
  ///
  /// - Parameters:
  ///   - plan: what to compute from an image of this size.
  ///   - kernel: which variant computes it; all give the same bits.
  /// - Returns: the plan's window.
  package func resized(_ plan: ResizePlan, kernel: ResizeKernel = .best) -> ImageBuffer {
    precondition(
      plan.inputWidth == width && plan.inputHeight == height,
      "a plan for \(plan.inputWidth) × \(plan.inputHeight) and an image of \(width) × \(height)"
    )
    let count = plan.outputHeight * plan.outputStride
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      var resizer = RowResizer(plan, kernel: kernel)
      unsafe self.pixels.withUnsafeBufferPointer { source in
        unsafe resizer.push(source, rows: height, stride: width * 3) { row, bytes in
          let start = row * plan.outputStride
          _ = unsafe target[start..<start + bytes.count].update(fromContentsOf: bytes)
        }
      }
      filled = count
    }
    return ImageBuffer(width: plan.outputWidth, height: plan.outputHeight, pixels: pixels)
  }
}
