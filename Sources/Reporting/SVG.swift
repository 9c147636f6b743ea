/// Pieces of the drawings: every text is escaped, every number has at most two decimals.
enum SVG {
  /// Colours that stay apart for colour-blind readers (Okabe and Ito, "Color Universal Design",
  /// 2008), without yellow, which is too light for a line.
  static let palette = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444",
  ]

  /// The dashes of a line: solid for the first seven, other dashes for each seven more.
  static func dashes(ofLine index: Int) -> String {
    let patterns = ["", "6 3", "2 2", "8 3 2 3"]
    let pattern = patterns[(index / palette.count) % patterns.count]
    return pattern.isEmpty ? "" : " stroke-dasharray=\"\(pattern)\""
  }

  /// A whole drawing, on white, with a title for readers that don't see it.
  ///
  /// - Parameters:
  ///   - width: its width in pixels.
  ///   - height: its height in pixels.
  ///   - title: what it shows.
  ///   - elements: its elements, back to front.
  /// - Returns: an `svg` element that ends with a line break.
  static func document(width: Double, height: Double, title: String, _ elements: [String]) -> String
  {
    let (width, height) = (NumberFormat.coordinate(width), NumberFormat.coordinate(height))
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" font-size="11" fill="#333" \
      font-family="system-ui, 'Helvetica Neue', Arial, 'Noto Sans CJK SC', sans-serif">
      <title>\(title.htmlText)</title>
      <rect width="\(width)" height="\(height)" fill="#fff"/>
      """
    return ([head] + elements + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// The place that a text is attached at.
  enum Anchor: String {
    case start, middle, end
  }

  /// A line of text whose baseline begins, is centred or ends at a point.
  ///
  /// - Parameters:
  ///   - text: the text, not yet escaped.
  ///   - x: the point's horizontal coordinate.
  ///   - y: the point's vertical coordinate.
  ///   - anchor: what of the text lies at the point.
  ///   - attributes: further attributes, as they are written.
  /// - Returns: a `text` element.
  static func text(
    _ text: String,
    x: Double,
    y: Double,
    anchor: Anchor = .start,
    attributes: String = ""
  ) -> String {
    let place = "x=\"\(NumberFormat.coordinate(x))\" y=\"\(NumberFormat.coordinate(y))\""
    let rest = attributes.isEmpty ? "" : " " + attributes
    return "<text \(place) text-anchor=\"\(anchor.rawValue)\"\(rest)>\(text.htmlText)</text>"
  }

  /// A straight line.
  static func line(
    _ x1: Double,
    _ y1: Double,
    _ x2: Double,
    _ y2: Double,
    _ style: String
  ) -> String {
    let ends = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2])
    let places = ends.map { "\($0)=\"\(NumberFormat.coordinate($1))\"" }.joined(separator: " ")
    return "<line \(places) \(style)/>"
  }

  /// A rectangle.
  static func rectangle(
    x: Double,
    y: Double,
    width: Double,
    height: Double,
    _ style: String
  ) -> String {
    let sides = zip(["x", "y", "width", "height"], [x, y, width, height])
    let places = sides.map { "\($0)=\"\(NumberFormat.coordinate($1))\"" }.joined(separator: " ")
    return "<rect \(places) \(style)/>"
  }
}
