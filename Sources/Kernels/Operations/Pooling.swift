import CKernels
package import Parallelism

/// A pooling's window: a square of pixels.
package struct PoolingShape: Hashable, Sendable {
  /// The square's side in pixels.
  package var window: Int
  /// The distance between windows, both ways.
  package var stride: Int
  /// Rows and columns around the image that windows may reach into, at most half a window.
  package var padding: Int

  /// Puts a window together.
  ///
  /// - Parameters:
  ///   - window: the square's side in pixels.
  ///   - stride: the distance between windows, both ways.
  ///   - padding: rows and columns around the image that windows may reach into, at most half a
  ///     window.
  package init(window: Int, stride: Int, padding: Int = 0) {
    self.window = window
    self.stride = stride
    self.padding = padding
  }

  /// The output's side for an input's.
  package func outputSize(_ size: Int) -> Int { (size + 2 * padding - window) / stride + 1 }
}

/// What a pooling takes of each window.
package enum PoolingKind: Sendable {
  /// The mean of the cells inside the image.
  case average
  /// The largest value.
  case maximum
}

extension ComputeContext {
  /// Pools each image; rows of the output are the parts that threads share.
  ///
  /// - Parameters:
  ///   - kind: what is taken of each window.
  ///   - x: [images, height, width, channels].
  ///   - sizes: images, height, width and channels.
  ///   - shape: the window.
  ///   - y: [images, outputHeight, outputWidth, channels]; x and y don't overlap.
  package func pool(
    _ kind: PoolingKind,
    _ x: MemoryView<Float>,
    sizes: (images: Int, height: Int, width: Int, channels: Int),
    shape: PoolingShape,
    into y: MemoryView<Float>
  ) {
    let (images, height, width, channels) = sizes
    precondition(
      shape.stride > 0 && shape.padding >= 0 && 2 * shape.padding <= shape.window
        && min(height, width) + 2 * shape.padding >= shape.window,
      "\(shape) does not fit images of \(height)×\(width)"
    )
    let outputHeight = shape.outputSize(height)
    let outputWidth = shape.outputSize(width)
    let inputSize = height * width * channels
    let outputSize = outputHeight * outputWidth * channels
    precondition(
      x.count == images * inputSize && y.count == images * outputSize,
      "pooling \(x.count) into \(y.count) floats: \(sizes) with \(shape)"
    )
    let run =
      switch kind {
      case .average: unsafe kernels.averagePool.run
      case .maximum: unsafe kernels.maxPool.run
      }
    let geometry = VBKPoolShape(
      height: height,
      width: width,
      channels: channels,
      outputHeight: outputHeight,
      outputWidth: outputWidth,
      window: shape.window,
      stride: shape.stride,
      padding: shape.padding
    )
    pool.forEachChunk(of: images * outputHeight, grain: rowGrain(outputWidth * channels)) { rows in
      var row = rows.lowerBound
      while row < rows.upperBound {
        let image = row / outputHeight
        let end = min(rows.upperBound, (image + 1) * outputHeight)
        unsafe withUnsafePointer(to: geometry) { geometry in
          unsafe run(
            geometry,
            row - image * outputHeight,
            end - image * outputHeight,
            x.rows(image..<image + 1, width: inputSize).pointer,
            y.rows(image..<image + 1, width: outputSize).pointer
          )
        }
        row = end
      }
    }
  }
}
