package import Randomness

/// Random changes of brightness, contrast, saturation and hue, in random order.
///
/// Sampled as torchvision's `ColorJitter`: a strength s means factors in `max(0, 1 − s)...1 + s`, of
/// the hue turns in `−s...s`.
package struct ColorJitter: Sendable, Equatable, Codable {
  /// How far the brightness may change, 0 for not at all.
  package var brightness: Double
  /// How far the contrast may change, 0 for not at all.
  package var contrast: Double
  /// How far the saturation may change, 0 for not at all.
  package var saturation: Double
  /// How far the hue may turn, at most 0.5 of the circle, 0 for not at all.
  package var hue: Double

  /// One change.
  package enum Step: Sendable, Equatable {
    case brightness(Double)
    case contrast(Double)
    case saturation(Double)
    case hue(Double)
  }

  /// States strengths.
  ///
  /// - Parameters:
  ///   - brightness: at least 0.
  ///   - contrast: at least 0.
  ///   - saturation: at least 0.
  ///   - hue: `0...0.5`.
  package init(
    brightness: Double = 0,
    contrast: Double = 0,
    saturation: Double = 0,
    hue: Double = 0
  ) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    guard [brightness, contrast, saturation].allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      return "a colour jitter of \(brightness), \(contrast), \(saturation), expected at least 0"
    }
    guard (0...0.5).contains(hue) else { return "a hue jitter of \(hue), expected 0...0.5" }
    return nil
  }

  /// Draws the changes: first their order, then one factor each, whether it is used or not.
  ///
  /// - Parameter source: gives seven numbers.
  /// - Returns: at most four changes, in the order in which they are made.
  package func steps(from source: inout RandomSource) -> [Step] {
    var order = [0, 1, 2, 3]
    source.shuffle(&order)
    func factor(_ strength: Double) -> Double {
      source.nextUniform(in: max(0, 1 - strength)...1 + strength)
    }
    let steps: [(strength: Double, step: Step)] = [
      (brightness, .brightness(factor(brightness))), (contrast, .contrast(factor(contrast))),
      (saturation, .saturation(factor(saturation))),
      (hue, .hue(source.nextUniform(in: -hue...hue))),
    ]
    return order.map { steps[$0] }.filter { $0.strength > 0 }.map(\.step)
  }
}

extension ImageBuffer {
  /// Makes one change of colour.
  ///
  /// - Parameter step: which.
  package mutating func apply(_ step: ColorJitter.Step) {
    switch step {
    case .brightness(let factor): adjustBrightness(by: factor)
    case .contrast(let factor): adjustContrast(by: factor)
    case .saturation(let factor): adjustSaturation(by: factor)
    case .hue(let factor): adjustHue(by: factor)
    }
  }
}
