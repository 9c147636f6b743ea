package import Parallelism

extension ComputeContext {
  /// Lays each patch of each image out as a row, so that embedding patches is a matrix product.
  ///
  /// A row's order is that of the patch's pixels: y, x, channel.
  ///
  /// - Parameters:
  ///   - x: [images, height, width, 3].
  ///   - sizes: images, height and width; sides are cut to whole patches.
  ///   - patch: a patch's side in pixels.
  ///   - y: [images, height / patch · width / patch, patch · patch · 3].
  package func unfoldPatches(
    _ x: MemoryView<Float>,
    sizes: (images: Int, height: Int, width: Int),
    patch: Int,
    into y: MemoryView<Float>
  ) {
    let (images, height, width) = sizes
    let rows = height / patch
    let columns = width / patch
    let run = patch * 3
    precondition(
      x.count == images * height * width * 3 && y.count == images * rows * columns * patch * run,
      "patches of \(patch) of \(sizes) from \(x.count) into \(y.count) floats"
    )
    pool.forEach(images * rows) { index in
      let (image, row) = index.quotientAndRemainder(dividingBy: rows)
      for line in 0..<patch {
        let from = ((image * height) + row * patch + line) * width * 3
        for column in 0..<columns {
          let to = ((index * columns + column) * patch + line) * run
          y[to..<to + run].copy(from: x[from + column * run..<from + (column + 1) * run])
        }
      }
    }
  }
}
