package import Results

/// A confusion matrix as a drawing: a row per true class, darker where more of the row lies.
///
/// Each cell holds its count and, below it, its share of the true class's samples.
///
/// - Parameter matrix: the matrix of K classes.
/// - Returns: an `svg` element; an empty text without classes.
package func confusionPlot(_ matrix: ConfusionMatrix) -> String {
  let names = matrix.classes.map { $0.truncated(toDisplayWidth: 24) }
  guard let longest = names.map(\.displayWidth).max() else { return "" }
  let cell = matrix.classes.count > 12 ? 36.0 : 52.0
  let nameLength = Double(longest) * 6.4
  // Turned by 45 degrees, a name is as high as it is wide: its length over √2.
  let isTurned = nameLength > cell - 6
  let headHeight = isTurned ? nameLength * 0.71 + 12 : 18
  let (left, top) = (nameLength + 34, 40 + headHeight)
  let side = cell * Double(names.count)
  var elements = [
    SVG.text(
      "Confusion matrix",
      x: 12,
      y: 20,
      attributes: "font-size=\"13\" font-weight=\"600\""
    ),
    SVG.text("Predicted class", x: left + side, y: 20, anchor: .end),
    SVG.text(
      "True class",
      x: -(top + side / 2),
      y: 18,
      anchor: .middle,
      attributes: "transform=\"rotate(-90)\""
    ),
  ]
  for (index, name) in names.enumerated() {
    let middle = (Double(index) + 0.5) * cell
    elements.append(SVG.text(name, x: left - 8, y: top + middle + 4, anchor: .end))
    elements.append(columnName(name, x: left + middle, y: top - 8, isTurned: isTurned))
  }
  for (row, counts) in matrix.counts.enumerated() {
    elements += rowElements(counts, x: left, y: top + Double(row) * cell, cell: cell)
  }
  // A turned name at the last column reaches beyond the matrix.
  let overhang = isTurned ? nameLength * 0.71 : 0
  return SVG.document(
    width: left + side + max(14, overhang - cell / 2 + 8),
    height: top + side + 14,
    title: "Confusion matrix of \(names.joined(separator: ", "))",
    elements
  )
}

private func columnName(_ name: String, x: Double, y: Double, isTurned: Bool) -> String {
  guard isTurned else { return SVG.text(name, x: x, y: y, anchor: .middle) }
  let place = "\(NumberFormat.coordinate(x)) \(NumberFormat.coordinate(y))"
  return SVG.text(name, x: x, y: y, attributes: "transform=\"rotate(-45 \(place))\"")
}

/// The cells of one true class.
private func rowElements(_ counts: [Int], x: Double, y: Double, cell: Double) -> [String] {
  let total = counts.reduce(0, +)
  return counts.enumerated().flatMap { column, count -> [String] in
    let share = total > 0 ? Double(count) / Double(total) : 0
    let left = x + Double(column) * cell
    let ink = share > 0.55 ? "#fff" : "#222"
    let box = SVG.rectangle(
      x: left,
      y: y,
      width: cell,
      height: cell,
      "fill=\"\(shade(share))\" stroke=\"#fff\""
    )
    let middle = left + cell / 2
    let number = SVG.text(
      NumberFormat.count(count),
      x: middle,
      y: y + cell / 2 + (total > 0 ? -1 : 4),
      anchor: .middle,
      attributes: "fill=\"\(ink)\" font-size=\"12\""
    )
    guard total > 0 else { return [box, number] }
    let percent = SVG.text(
      "\(Int((share * 100).rounded())) %",
      x: middle,
      y: y + cell / 2 + 13,
      anchor: .middle,
      attributes: "fill=\"\(ink)\" font-size=\"9\" fill-opacity=\"0.8\""
    )
    return [box, number, percent]
  }
}

/// From nearly white for 0 to the palette's blue for 1.
private func shade(_ share: Double) -> String {
  let (low, high) = ([241.0, 246, 250], [0.0, 92, 150])
  let channels = zip(low, high).map { Int(($0 + ($1 - $0) * share).rounded()) }
  return "rgb(\(channels.map(String.init).joined(separator: ",")))"
}
