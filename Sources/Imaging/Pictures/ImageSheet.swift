/// Images side by side in cells of one size, on one picture: rows of photograph, truth, prediction,
/// comparison.
///
/// There is no lettering: what a row or a column shows is said beside the picture.
package struct ImageSheet: Sendable, Equatable {
  /// How many columns a cell has, in pixels.
  package let cellWidth: Int
  /// How many rows a cell has, in pixels.
  package let cellHeight: Int
  /// How many pixels lie between two cells, and around all of them.
  package let margin: Int
  /// The colour between the cells, and where an image doesn't fill its cell.
  package let background: Color8

  /// States a layout.
  ///
  /// - Parameters:
  ///   - cellWidth: pixels per row of a cell, at least 1.
  ///   - cellHeight: rows of a cell, at least 1.
  ///   - margin: pixels between two cells, and around all of them, at least 0.
  ///   - background: the colour between the cells; mid-grey, which favours neither dark nor bright
  ///     images, where nothing else is said.
  package init(
    cellWidth: Int,
    cellHeight: Int,
    margin: Int = 8,
    background: Color8 = Color8(red: 128, green: 128, blue: 128)
  ) {
    precondition(
      cellWidth >= 1 && cellHeight >= 1 && margin >= 0,
      "cells of \(cellWidth) × \(cellHeight) with a margin of \(margin)"
    )
    self.cellWidth = cellWidth
    self.cellHeight = cellHeight
    self.margin = margin
    self.background = background
  }

  /// Draws images into cells.
  ///
  /// Each is resized (Pillow's bilinear filter) to the largest size of its own proportions that fits, and
  /// lies in the middle of its cell.
  ///
  /// - Parameter rows: rows of cells from top to bottom, each from left to right; at least one row with at
  ///   least one cell. Shorter rows end in empty cells; nil leaves a cell empty.
  /// - Returns: the sheet.
  package func drawn(_ rows: [[ImageBuffer?]]) -> ImageBuffer {
    let columns = rows.map(\.count).max() ?? 0
    precondition(columns > 0, "a sheet needs a cell")
    let width = margin + columns * (cellWidth + margin)
    let height = margin + rows.count * (cellHeight + margin)
    let color = [background.red, background.green, background.blue]
    var sheet = ImageBuffer(
      width: width,
      height: height,
      pixels: (0..<width * height).flatMap { _ in color }
    )
    for (row, images) in rows.enumerated() {
      for (column, image) in images.enumerated() {
        guard let image = image.map(fitted) else { continue }
        let left = margin + column * (cellWidth + margin) + (cellWidth - image.width) / 2
        let top = margin + row * (cellHeight + margin) + (cellHeight - image.height) / 2
        sheet.lay(image, left: left, top: top)
      }
    }
    return sheet
  }

  /// The image at the largest size of its proportions that fits a cell, at least one pixel each way.
  private func fitted(_ image: ImageBuffer) -> ImageBuffer {
    let scale = min(
      Double(cellWidth) / Double(image.width),
      Double(cellHeight) / Double(image.height)
    )
    func side(_ length: Int, limit: Int) -> Int {
      min(max(Int((Double(length) * scale).rounded()), 1), limit)
    }
    let width = side(image.width, limit: cellWidth)
    let height = side(image.height, limit: cellHeight)
    if width == image.width, height == image.height { return image }
    return image.resized(width: width, height: height, interpolation: .bilinear)
  }
}

extension ImageBuffer {
  /// Replaces the pixels under another image, which must lie inside.
  fileprivate mutating func lay(_ image: ImageBuffer, left: Int, top: Int) {
    for row in 0..<image.height {
      let target = ((top + row) * width + left) * 3
      let source = row * image.width * 3
      pixels.replaceSubrange(
        target..<target + image.width * 3,
        with: image.pixels[source..<source + image.width * 3]
      )
    }
  }
}
