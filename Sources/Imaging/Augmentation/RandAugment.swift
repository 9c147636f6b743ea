package import Randomness

/// A few random changes of shape and colour, all of one magnitude.
///
/// The operations, their magnitudes and how they are drawn are those of timm's `rand-…-inc1` ("increasing":
/// a larger magnitude changes more), whose `rand-m9-mstd0.5-inc1` fine-tunes MAE and RETFound.
///
/// Source: Cubuk et al., "RandAugment: practical automated data augmentation with a reduced search space",
/// NeurIPS 2020.
package struct RandAugment: Sendable, Equatable, Codable {
  /// How many operations are drawn for an image, with replacement.
  package var operations: Int
  /// How often a drawn operation is carried out.
  package var probability: Double
  /// How much an operation changes, `0...10`.
  package var magnitude: Double
  /// The deviation of the normally distributed magnitude, which is cut to `0...10`.
  package var magnitudeDeviation: Double

  /// The kinds of change.
  package enum Operation: String, Sendable, CaseIterable {
    case autoContrast, equalize, invert, rotate, posterize, solarize, solarizeAdd
    case color, contrast, brightness, sharpness, shearX, shearY, translateX, translateY
  }

  /// One change, with its argument.
  package enum Step: Sendable, Equatable {
    case autoContrast
    case equalize
    case invert
    /// Degrees counterclockwise.
    case rotate(Double)
    /// How many bits are kept.
    case posterize(Int)
    /// The darkest sample that is turned.
    case solarize(Int)
    /// What is added to the darker half.
    case solarizeAdd(Int)
    /// The saturation's factor.
    case color(Double)
    case contrast(Double)
    case brightness(Double)
    case sharpness(Double)
    /// Columns per row.
    case shearX(Double)
    /// Rows per column.
    case shearY(Double)
    /// To the left, as a share of the width.
    case translateX(Double)
    /// Upwards, as a share of the height.
    case translateY(Double)
  }

  /// States how much is changed; the defaults are those of `rand-m9-mstd0.5-inc1`.
  ///
  /// - Parameters:
  ///   - operations: how many are drawn for an image, at least 1.
  ///   - probability: how often a drawn operation is carried out, `0...1`.
  ///   - magnitude: how much it changes, `0...10`.
  ///   - magnitudeDeviation: the magnitude's deviation, at least 0.
  package init(
    operations: Int = 2,
    probability: Double = 0.5,
    magnitude: Double = 9,
    magnitudeDeviation: Double = 0.5
  ) {
    self.operations = operations
    self.probability = probability
    self.magnitude = magnitude
    self.magnitudeDeviation = magnitudeDeviation
  }

  /// What makes the values senseless, in one line; nil where nothing does.
  var fault: String? {
    guard (1...100).contains(operations) else {
      return "RandAugment with \(operations) operations, expected 1...100"
    }
    guard (0...1).contains(probability) else {
      return "RandAugment's probability of \(probability), expected 0...1"
    }
    guard (0...10).contains(magnitude), magnitudeDeviation >= 0, magnitudeDeviation.isFinite else {
      return "RandAugment's magnitude of \(magnitude) ± \(magnitudeDeviation), expected 0...10"
    }
    return nil
  }

  /// Draws the changes of one image.
  ///
  /// - Parameter source: gives five numbers per operation, whether it is carried out or not.
  /// - Returns: at most `operations` changes, in order.
  package func steps(from source: inout RandomSource) -> [Step] {
    (0..<operations).compactMap { _ in
      let operation = Operation.allCases[source.nextIndex(below: Operation.allCases.count)]
      let isDone = source.nextIsTrue(probability: probability)
      let level = magnitude + magnitudeDeviation * source.nextNormal()
      let isNegative = source.nextIsTrue(probability: 0.5)
      return isDone
        ? Self.step(operation, magnitude: max(0, min(level, 10)), isNegative: isNegative) : nil
    }
  }

  /// The change that an operation makes at a magnitude.
  ///
  /// - Parameters:
  ///   - operation: the kind.
  ///   - magnitude: how much it changes, `0...10`.
  ///   - isNegative: the direction, for those that have two.
  /// - Returns: the change. (timm keeps no bit at all at a magnitude of 10, which makes a black
  ///   image or, with newer Pillow, an error; one bit is kept here.)
  package static func step(
    _ operation: Operation,
    magnitude: Double,
    isNegative: Bool
  ) -> Step {
    let share = magnitude / 10
    func signed(_ value: Double) -> Double { isNegative ? -value : value }
    // Written as timm computes it: 1 − 0.9 is not 0.1.
    let factor = max(0.1, 1 + signed(share * 0.9))
    return switch operation {
    case .autoContrast: .autoContrast
    case .equalize: .equalize
    case .invert: .invert
    case .rotate: .rotate(signed(share * 30))
    case .posterize: .posterize(max(1, 4 - Int(share * 4)))
    case .solarize: .solarize(256 - Int(share * 256))
    case .solarizeAdd: .solarizeAdd(Int(share * 110))
    case .color: .color(factor)
    case .contrast: .contrast(factor)
    case .brightness: .brightness(factor)
    case .sharpness: .sharpness(factor)
    case .shearX: .shearX(signed(share * 0.3))
    case .shearY: .shearY(signed(share * 0.3))
    case .translateX: .translateX(signed(share * 0.45))
    case .translateY: .translateY(signed(share * 0.45))
    }
  }
}

extension ImageBuffer {
  /// Makes one change of RandAugment.
  ///
  /// - Parameters:
  ///   - step: which.
  ///   - interpolation: how changes of shape read between pixels.
  ///   - fill: what comes in from outside.
  package mutating func apply(
    _ step: RandAugment.Step,
    interpolation: Interpolation,
    fill: Color8
  ) {
    switch step {
    case .autoContrast: stretchContrast()
    case .equalize: equalize()
    case .invert: invert()
    case .posterize(let bits): posterize(bits: bits)
    case .solarize(let threshold): solarize(threshold: threshold)
    case .solarizeAdd(let amount): lightenShadows(by: amount)
    case .color(let factor): adjustSaturation(by: factor)
    case .contrast(let factor): adjustContrast(by: factor)
    case .brightness(let factor): adjustBrightness(by: factor)
    case .sharpness(let factor): adjustSharpness(by: factor)
    case .rotate(let degrees):
      self = rotated(degrees: degrees, interpolation: interpolation, fill: fill)
    case .shearX(let shear):
      self = transformed(shearX: shear, interpolation: interpolation, fill: fill)
    case .shearY(let shear):
      self = transformed(shearY: shear, interpolation: interpolation, fill: fill)
    case .translateX(let share):
      let shift = share * Double(width)
      self = transformed(shiftX: shift, interpolation: interpolation, fill: fill)
    case .translateY(let share):
      let shift = share * Double(height)
      self = transformed(shiftY: shift, interpolation: interpolation, fill: fill)
    }
  }
}

extension Preprocessing {
  /// The colour that normalises to about 0, with which RandAugment fills as timm does.
  var meanColor: Color8 {
    let samples = mean.map { value in
      let sample = rescale == 1 / 255 ? 255 * value : value / rescale
      return UInt8(max(0, min(sample.rounded(.toNearestOrEven), 255)))
    }
    return Color8(red: samples[0], green: samples[1], blue: samples[2])
  }
}
