import Foundation

/// A box in a photograph, in shares of its width and height.
package struct MaskBox: Sendable, Equatable {
  /// The centre from the left, from 0 to 1.
  package let centreX: Double
  /// The centre from the top, from 0 to 1.
  package let centreY: Double
  /// Above 0, at most 1.
  package let width: Double
  /// Above 0, at most 1.
  package let height: Double

  /// Marks the pixels whose centre lies in the ellipse inscribed in the box.
  ///
  /// With the box's centre (c, d) and sides w, h, a pixel (x, y) of an image of W × H is inside where
  /// ((x + ½)/W − c)² / (w/2)² + ((y + ½)/H − d)² / (h/2)² ≤ 1.
  ///
  /// - Parameters:
  ///   - mask: `rows × columns` values; 1 is written, others are left.
  ///   - columns: the image's width W.
  ///   - rows: the image's height H.
  func fillEllipse(in mask: inout [UInt8], columns: Int, rows: Int) {
    for row in 0..<rows {
      let vertical = ((Double(row) + 0.5) / Double(rows) - centreY) / (height / 2)
      guard vertical * vertical <= 1 else { continue }
      for column in 0..<columns {
        let horizontal = ((Double(column) + 0.5) / Double(columns) - centreX) / (width / 2)
        if horizontal * horizontal + vertical * vertical <= 1 { mask[row * columns + column] = 1 }
      }
    }
  }
}

/// The boxes of a table with the columns `split,image,class,x_center,y_center,width,height`.
struct MaskBoxTable {
  /// Which photograph and class a box belongs to.
  private struct Key: Hashable {
    let split: String
    let image: String
    let name: String
  }

  /// The file, for errors.
  let path: String
  private let boxes: [Key: [MaskBox]]

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - names: the classes that are wanted; other rows are passed over.
  /// - Throws: `DatasetsError` where the file is missing or malformed, a column is missing or a wanted
  ///   row's numbers are none or leave the photograph.
  init(_ url: URL, names: [String]) throws {
    path = url.shortPath
    let table = try Table(readText(url), path: url.shortPath)
    let (split, image) = (try table.column("split"), try table.column("image"))
    let name = try table.column("class")
    let sides = try ["x_center", "y_center", "width", "height"].map { try table.column($0) }
    var boxes: [Key: [MaskBox]] = [:]
    for row in table.rows where names.contains(row.cells[name]) {
      let numbers = sides.compactMap { Double(row.cells[$0]) }
      guard numbers.count == 4, numbers.allSatisfy({ (0...1).contains($0) }), numbers[2] > 0,
        numbers[3] > 0
      else {
        let found = sides.map { row.cells[$0] }.joined(separator: ", ")
        throw DatasetsError(
          .malformedTable(
            detail: "the box is \(found), expected centre and sides as shares from 0 to 1"
          ),
          path: path,
          line: row.line
        )
      }
      let stem = (row.cells[image] as NSString).lastPathComponent
      let key = Key(split: row.cells[split], image: stem, name: row.cells[name])
      boxes[key, default: []].append(
        MaskBox(
          centreX: numbers[0],
          centreY: numbers[1],
          width: numbers[2],
          height: numbers[3]
        )
      )
    }
    self.boxes = boxes
  }

  /// The boxes of one class in one photograph.
  ///
  /// - Parameters:
  ///   - name: one of the wanted classes.
  ///   - image: the photograph's name without folder and extension.
  ///   - split: the photograph's split.
  /// - Returns: in the order of the table; none where it has none.
  func boxes(of name: String, image: String, split: String) -> [MaskBox] {
    boxes[Key(split: split, image: image, name: name)] ?? []
  }
}
