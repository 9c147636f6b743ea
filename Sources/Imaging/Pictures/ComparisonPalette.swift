/// The colours in which a picture compares a prediction with the truth.
package struct ComparisonPalette: Sendable, Equatable {
  /// Predicted, and true.
  package var truePositive: Color8
  /// Predicted, and not true.
  package var falsePositive: Color8
  /// True, and not predicted.
  package var falseNegative: Color8

  /// States colours.
  ///
  /// - Parameters:
  ///   - truePositive: predicted, and true.
  ///   - falsePositive: predicted, and not true.
  ///   - falseNegative: true, and not predicted.
  package init(truePositive: Color8, falsePositive: Color8, falseNegative: Color8) {
    self.truePositive = truePositive
    self.falsePositive = falsePositive
    self.falseNegative = falseNegative
  }

  /// What is right in white, what is too much in orange, what is missing in sky blue.
  ///
  /// Orange and sky blue are Okabe and Ito's ("Color Universal Design", 2008). With normal sight,
  /// protanopia and deuteranopia (simulated after Machado, Oliveira, Fernandes 2009) any two of the three
  /// are at least 41 apart in CIE 1976 ΔE*ab, and each at least 26 from the oranges, browns and greys of a
  /// fundus. The usual bluish green, vermillion and sky blue are 37 apart, and vermillion is only 12
  /// from a bright fundus, bluish green 10 from its grey.
  package static let standard = ComparisonPalette(
    truePositive: Color8(red: 255, green: 255, blue: 255),
    falsePositive: Color8(red: 230, green: 159, blue: 0),
    falseNegative: Color8(red: 86, green: 180, blue: 233)
  )
}
