import Foundation
package import Results

/// The training losses and the validation scores of a run's repeats, epoch by epoch, side by side.
///
/// Each repeat has one colour in both panels; a ring marks the epoch whose weights were kept.
///
/// - Parameter records: the repeats; those without epochs are left out.
/// - Returns: an `svg` element; an empty text where no repeat has an epoch.
package func trainingPlot(_ records: [TrainingRecord]) -> String {
  let records = records.filter { !$0.epochs.isEmpty }
  guard let first = records.first else { return "" }
  let lastEpoch = records.flatMap(\.epochs).map(\.epoch).max() ?? 1
  let loss = TrainingPanel(
    title: "Training loss",
    left: 56,
    lastEpoch: lastEpoch,
    lines: records.map { record in
      record.epochs.compactMap { epoch in epoch.trainingLoss.map { TrainingPoint(epoch, $0) } }
    }
  )
  let validation = TrainingPanel(
    title: "Validation: \(first.validationName)",
    left: 56 + TrainingPanel.width + 64,
    lastEpoch: lastEpoch,
    lines: records.map { record in
      record.epochs.compactMap { epoch in epoch.validation.map { TrainingPoint(epoch, $0) } }
    }
  )
  var elements = loss.elements + validation.elements
  for (index, record) in records.enumerated() {
    let y = 42 + Double(index) * 17
    let x = validation.left + TrainingPanel.width + 16
    elements.append(SVG.line(x, y, x + 20, y, stroke(index)))
    elements.append(SVG.text("seed \(record.seed)", x: x + 26, y: y + 4))
  }
  return SVG.document(
    width: validation.left + TrainingPanel.width + 110,
    height: max(TrainingPanel.bottom + 46, 50 + Double(records.count) * 17),
    title: "Training of \(NumberFormat.count(records.count, "repeat")): loss, and validation by "
      + first.validationName,
    elements
  )
}

private func stroke(_ index: Int) -> String {
  "stroke=\"\(SVG.palette[index % SVG.palette.count])\" stroke-width=\"1.8\""
    + SVG.dashes(ofLine: index)
}

private struct TrainingPoint {
  var epoch: Double
  var value: Double
  var isBest: Bool

  init(_ epoch: EpochRecord, _ value: Double) {
    self.epoch = Double(epoch.epoch)
    self.value = value
    isBest = epoch.isBest
  }
}

/// One of the two drawings: epochs to the right, values upwards.
private struct TrainingPanel {
  static let width = 260.0
  static let top = 34.0
  static let bottom = 254.0

  var title: String
  var left: Double
  var lastEpoch: Int
  var lines: [[TrainingPoint]]

  /// The ends and the steps of the value axis: round numbers around all values.
  private var scale: (low: Double, high: Double, step: Double) {
    let values = lines.joined().map(\.value).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return (0, 1, 0.2) }
    let spread = max(high - low, 1e-3 * max(abs(high), 1e-3))
    let power = pow(10, (log10(spread / 5)).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { spread / $0 <= 6 } ?? spread
    return ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step, step)
  }

  private func x(_ epoch: Double) -> Double {
    lastEpoch <= 1 ? left + Self.width / 2 : left + (epoch - 1) / Double(lastEpoch - 1) * Self.width
  }

  private func y(_ value: Double) -> Double {
    let (low, high, _) = scale
    return Self.bottom - (value - low) / max(high - low, .leastNormalMagnitude)
      * (Self.bottom - Self.top)
  }

  var elements: [String] { axes + lines.indices.flatMap(line) }

  private var axes: [String] {
    let right = left + Self.width
    let grid = "stroke=\"#e3e3e3\""
    let heading = "font-size=\"13\" font-weight=\"600\""
    var elements = [SVG.text(title, x: left, y: Self.top - 14, attributes: heading)]
    let (low, high, step) = scale
    for index in 0...Int(((high - low) / step).rounded()) {
      let value = low + Double(index) * step
      elements.append(SVG.line(left, y(value), right, y(value), grid))
      elements.append(
        SVG.text(label(value, step), x: left - 8, y: y(value) + 4, anchor: .end)
      )
    }
    let stride = max(1, Int((Double(lastEpoch) / 6).rounded(.up)))
    for epoch in Swift.stride(from: 1, through: lastEpoch, by: stride) {
      let place = x(Double(epoch))
      elements.append(SVG.line(place, Self.top, place, Self.bottom, grid))
      elements.append(
        SVG.text(String(epoch), x: place, y: Self.bottom + 16, anchor: .middle)
      )
    }
    elements.append(
      SVG.text("epoch", x: (left + right) / 2, y: Self.bottom + 34, anchor: .middle)
    )
    let outline = "fill=\"none\" stroke=\"#888\""
    elements.append(
      SVG.rectangle(
        x: left,
        y: Self.top,
        width: Self.width,
        height: Self.bottom - Self.top,
        outline
      )
    )
    return elements
  }

  /// A number with as many decimals as tell neighbours on the axis apart.
  private func label(_ value: Double, _ step: Double) -> String {
    let decimals = max(0, Int((-log10(step)).rounded(.up)))
    return value.formatted(
      .number.precision(.fractionLength(min(decimals, 6))).locale(Locale(identifier: "en_US"))
    )
  }

  private func line(_ index: Int) -> [String] {
    let points = lines[index].filter(\.value.isFinite)
    guard !points.isEmpty else { return [] }
    let places = points.map { point in
      "\(NumberFormat.coordinate(x(point.epoch))) \(NumberFormat.coordinate(y(point.value)))"
    }
    var elements = [
      "<path d=\"M\(places.joined(separator: "L"))\" fill=\"none\" "
        + "stroke-linejoin=\"round\" \(stroke(index))/>"
    ]
    for (point, place) in zip(points, places) where point.isBest {
      let parts = place.split(separator: " ")
      elements.append(
        "<circle cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"4\" fill=\"#fff\" "
          + "\(stroke(index))/>"
      )
    }
    return elements
  }
}
