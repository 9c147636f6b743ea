import Imaging
import Metrics

/// From which probabilities on pixels belong to classes.
package struct MaskDecision: Equatable, Sendable {
  /// How maps stand for classes.
  package let form: MaskLogits
  /// The least probability of each class that has a sigmoid of its own; empty where the highest
  /// probability decides.
  package let lowest: [Float]

  /// States a decision.
  ///
  /// - Parameters:
  ///   - form: how maps stand for classes.
  ///   - lowest: the least probability of each class that has a sigmoid of its own.
  package init(_ form: MaskLogits, lowest: [Float]) {
    self.form = form
    self.lowest = form.kind == .exclusive ? [] : lowest
  }

  /// States a decision by thresholds of a grid.
  ///
  /// - Parameters:
  ///   - form: how maps stand for classes.
  ///   - thresholds: one per class; unused where classes exclude each other.
  ///   - rule: whether a probability that equals its threshold is enough.
  init(_ form: MaskLogits, _ thresholds: [Float], _ rule: ThresholdRule) {
    self.init(form, lowest: rule == .above ? thresholds.map(\.nextUp) : thresholds)
  }

  /// The masks that maps are decided to be.
  ///
  /// - Parameter prediction: the maps.
  /// - Returns: for each class whether each pixel belongs to it; none outside the field of view.
  package func masks(_ prediction: MaskPredictor.Prediction) -> [[Bool]] {
    let decided: [[Bool]]
    switch form.kind {
    case .exclusive:
      let highest = prediction.highest
      decided = (1...form.classCount).map { index in highest.map { Int($0) == index } }
    case .independent:
      decided = zip(prediction.maps, lowest).map { map, cut in map.samples.map { $0 >= cut } }
    }
    guard let field = prediction.field?.samples else { return decided }
    return decided.map { mask in zip(mask, field).map { $0 && $1 != 0 } }
  }
}

extension MaskPredictor.Prediction {
  /// Which map is highest at each pixel; the first of equals.
  var highest: [UInt8] {
    let maps = maps.map(\.samples)
    return maps[0].indices.map { pixel in
      var best = 0
      for index in 1..<maps.count where maps[index][pixel] > maps[best][pixel] { best = index }
      return UInt8(best)
    }
  }
}
