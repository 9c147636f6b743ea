package import Results

/// ROC or precision–recall curves in one drawing.
///
/// ROC points are joined by straight lines, with the line of chance behind them. Precision is drawn
/// in steps, each at the precision of its right end: what average precision sums. (Straight lines
/// between precision–recall points would promise too much: Davis and Goadrich, "The relationship
/// between precision-recall and ROC curves", 2006.)
///
/// - Parameters:
///   - curves: the curves, all of the first one's kind; coordinates in 0...1.
///   - legend: a text per curve; the curves' names where left out.
/// - Returns: an `svg` element; an empty text without curves.
package func curvePlot(_ curves: [Curve], legend: [String]? = nil) -> String {
  guard let kind = curves.first?.kind else { return "" }
  precondition(
    curves.allSatisfy { $0.kind == kind },
    "a drawing shows curves of one kind"
  )
  let names = legend ?? curves.map(\.name)
  precondition(names.count == curves.count, "\(curves.count) curves, \(names.count) legend entries")
  let entries = names.map { $0.truncated(toDisplayWidth: 34) }
  let legendWidth = Double(entries.map(\.displayWidth).max() ?? 0) * 6.4 + 40
  let frame = PlotFrame(left: 52, top: 34, side: 300)
  let height = max(frame.bottom + 46, frame.top + Double(entries.count) * 17 + 10)
  var elements = frame.axes(kind)
  for (index, curve) in curves.enumerated() {
    elements.append(frame.path(curve, index: index))
  }
  for (index, entry) in entries.enumerated() {
    let y = frame.top + 8 + Double(index) * 17
    let stroke =
      "stroke=\"\(color(index))\" stroke-width=\"2\"" + SVG.dashes(ofLine: index)
    elements.append(SVG.line(frame.right + 16, y, frame.right + 36, y, stroke))
    elements.append(SVG.text(entry, x: frame.right + 42, y: y + 4))
  }
  return SVG.document(
    width: frame.right + 16 + legendWidth,
    height: height,
    title: "\(kind.title): \(names.joined(separator: ", "))",
    elements
  )
}

private func color(_ index: Int) -> String { SVG.palette[index % SVG.palette.count] }

extension Curve.Kind {
  fileprivate var title: String {
    switch self {
    case .receiverOperating: "ROC curve"
    case .precisionRecall: "Precision–recall curve"
    }
  }

  fileprivate var axisTitles: (x: String, y: String) {
    switch self {
    case .receiverOperating: ("1 − specificity", "Sensitivity")
    case .precisionRecall: ("Recall", "Precision")
    }
  }
}

/// A square whose sides stand for 0...1.
private struct PlotFrame {
  var left: Double
  var top: Double
  var side: Double

  var right: Double { left + side }
  var bottom: Double { top + side }

  func x(_ value: Double) -> Double { left + min(1, max(0, value)) * side }
  func y(_ value: Double) -> Double { bottom - min(1, max(0, value)) * side }

  /// The title, the grid, its numbers and the axes' titles.
  func axes(_ kind: Curve.Kind) -> [String] {
    var elements = [
      SVG.text(
        kind.title,
        x: left,
        y: top - 14,
        attributes: "font-size=\"13\" font-weight=\"600\""
      )
    ]
    for step in 0...5 {
      let value = Double(step) / 5
      let grid = "stroke=\"#e3e3e3\""
      elements.append(SVG.line(x(value), top, x(value), bottom, grid))
      elements.append(SVG.line(left, y(value), right, y(value), grid))
      let number = NumberFormat.coordinate(value)
      elements.append(SVG.text(number, x: x(value), y: bottom + 16, anchor: .middle))
      elements.append(SVG.text(number, x: left - 8, y: y(value) + 4, anchor: .end))
    }
    if kind == .receiverOperating {
      let chance = "stroke=\"#999\" stroke-dasharray=\"4 4\""
      elements.append(SVG.line(left, bottom, right, top, chance))
    }
    let titles = kind.axisTitles
    let middle = (left + right) / 2
    elements.append(SVG.text(titles.x, x: middle, y: bottom + 34, anchor: .middle))
    let turn = "transform=\"rotate(-90)\""
    elements.append(
      SVG.text(titles.y, x: -(top + bottom) / 2, y: left - 36, anchor: .middle, attributes: turn)
    )
    let outline = "fill=\"none\" stroke=\"#888\""
    elements.append(SVG.rectangle(x: left, y: top, width: side, height: side, outline))
    return elements
  }

  /// A curve's line; points that fall on the same tenth of a pixel are drawn once.
  func path(_ curve: Curve, index: Int) -> String {
    var commands: [String] = []
    var last = (x: Double.nan, y: Double.nan)
    for (abscissa, ordinate) in zip(curve.x, curve.y) {
      let point = (x: tenth(x(abscissa)), y: tenth(y(ordinate)))
      guard point != last else { continue }
      last = point
      let (x, y) = (NumberFormat.coordinate(point.x), NumberFormat.coordinate(point.y))
      if commands.isEmpty {
        commands.append("M\(x) \(y)")
      } else if curve.kind == .precisionRecall {
        commands.append("V\(y)H\(x)")
      } else {
        commands.append("L\(x) \(y)")
      }
    }
    let stroke = "stroke=\"\(color(index))\" stroke-width=\"1.8\" stroke-linejoin=\"round\""
    return "<path d=\"\(commands.joined())\" fill=\"none\" \(stroke)\(SVG.dashes(ofLine: index))/>"
  }

  private func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
