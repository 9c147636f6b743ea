import CKernels
package import Parallelism

/// Feature maps' sizes.
package typealias FeatureMapSizes = (images: Int, height: Int, width: Int, channels: Int)

extension ComputeContext {
  /// Takes the largest value of each window and notes which cell it comes from.
  ///
  /// - Parameters:
  ///   - x: [images, height, width, channels].
  ///   - sizes: x's.
  ///   - shape: the window, at most 16 pixels wide.
  ///   - y: [images, outputHeight, outputWidth, channels]; x and y don't overlap.
  ///   - cells: receives one byte per element of y; room for at least as many.
  package func maxPool(
    _ x: MemoryView<Float>,
    sizes: FeatureMapSizes,
    shape: PoolingShape,
    into y: MemoryView<Float>,
    cells: MemoryView<Float>
  ) {
    let geometry = PoolGeometry(sizes, shape, inputs: x.count, outputs: y.count)
    checkCells(cells, geometry)
    let run = unsafe kernels.pooling.maxCells.run
    let (height, width) = (geometry.outputHeight, geometry.outputRow)
    pool.forEachChunk(of: sizes.images * height, grain: rowGrain(width)) { rows in
      geometry.forEachImage(rows, height: height) { image, rows in
        let input = x.rows(image..<image + 1, width: geometry.inputSize)
        let output = y.rows(image..<image + 1, width: geometry.outputSize)
        var shape = geometry.shape
        unsafe run(
          &shape,
          rows.lowerBound,
          rows.upperBound,
          input.pointer,
          output.pointer,
          bytes(cells) + image * geometry.outputSize
        )
      }
    }
  }

  /// The gradient of pooling; rows of the input are the parts that threads share.
  ///
  /// - Parameters:
  ///   - dy: [images, outputHeight, outputWidth, channels].
  ///   - cells: what `maxPool` noted; nil for the average.
  ///   - sizes: the input's.
  ///   - shape: the window.
  ///   - dx: [images, height, width, channels].
  ///   - adds: whether dx is added to or overwritten.
  package func poolGradient(
    _ dy: MemoryView<Float>,
    cells: MemoryView<Float>?,
    sizes: FeatureMapSizes,
    shape: PoolingShape,
    into dx: MemoryView<Float>,
    adds: Bool
  ) {
    let geometry = PoolGeometry(sizes, shape, inputs: dx.count, outputs: dy.count)
    if let cells { checkCells(cells, geometry) }
    let maximum = unsafe kernels.pooling.maxGradient.run
    let average = unsafe kernels.pooling.averageGradient.run
    let (height, width) = (sizes.height, sizes.width * sizes.channels)
    pool.forEachChunk(of: sizes.images * height, grain: rowGrain(width)) { rows in
      geometry.forEachImage(rows, height: height) { image, rows in
        let dy = unsafe dy.rows(image..<image + 1, width: geometry.outputSize).pointer
        let dx = unsafe dx.rows(image..<image + 1, width: geometry.inputSize).pointer
        let (first, end) = (rows.lowerBound, rows.upperBound)
        var shape = geometry.shape
        if let cells {
          let chosen = unsafe bytes(cells) + image * geometry.outputSize
          unsafe maximum(&shape, first, end, dy, chosen, adds ? 1 : 0, dx)
        } else {
          unsafe average(&shape, first, end, dy, adds ? 1 : 0, dx)
        }
      }
    }
  }

  private func checkCells(_ cells: MemoryView<Float>, _ geometry: PoolGeometry) {
    precondition(
      geometry.shape.window <= 16
        && cells.count * MemoryLayout<Float>.stride >= geometry.images * geometry.outputSize,
      "\(cells.count) words for the cells of \(geometry.images) × \(geometry.outputSize) windows "
        + "of \(geometry.shape.window) pixels"
    )
  }

  private func bytes(_ cells: MemoryView<Float>) -> UnsafeMutablePointer<UInt8> {
    unsafe UnsafeMutableRawPointer(cells.pointer).assumingMemoryBound(to: UInt8.self)
  }
}

/// The checked sizes of a pooling.
private struct PoolGeometry: Sendable {
  let shape: VBKPoolShape
  let images: Int

  init(_ sizes: FeatureMapSizes, _ window: PoolingShape, inputs: Int, outputs: Int) {
    precondition(
      window.stride > 0 && window.padding >= 0 && 2 * window.padding <= window.window
        && min(sizes.height, sizes.width) + 2 * window.padding >= window.window,
      "\(window) does not fit images of \(sizes.height)×\(sizes.width)"
    )
    shape = VBKPoolShape(
      height: sizes.height,
      width: sizes.width,
      channels: sizes.channels,
      outputHeight: window.outputSize(sizes.height),
      outputWidth: window.outputSize(sizes.width),
      window: window.window,
      stride: window.stride,
      padding: window.padding
    )
    images = sizes.images
    precondition(
      inputs == images * inputSize && outputs == images * outputSize,
      "pooling between \(inputs) and \(outputs) floats: \(sizes) with \(window)"
    )
  }

  var outputHeight: Int { shape.outputHeight }
  var outputRow: Int { shape.outputWidth * shape.channels }
  var inputSize: Int { shape.height * shape.width * shape.channels }
  var outputSize: Int { outputHeight * outputRow }

  /// Runs `body` for each image that has some of the rows of all images, with its own of them.
  func forEachImage(_ rows: Range<Int>, height: Int, _ body: (Int, Range<Int>) -> Void) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let image = row / height
      let end = min(rows.upperBound, (image + 1) * height)
      body(image, row - image * height..<end - image * height)
      row = end
    }
  }
}
