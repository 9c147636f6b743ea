/// The colours of masks and label maps; a label has the same one in every picture.
package struct LabelPalette: Sendable, Equatable {
  /// The label of pixels that are left out.
  package static let ignoredLabel: UInt8 = 255

  /// The colours of labels 1, 2, …; further labels begin anew.
  package let classes: [Color8]

  /// White for what a binary mask holds.
  package static let mask = LabelPalette([Color8(red: 255, green: 255, blue: 255)])

  /// Okabe and Ito's seven colours ("Color Universal Design", 2008), chosen to be told apart with
  /// protanopia, deuteranopia and tritanopia, for labels 1 to 7; at half brightness for 8 to 14.
  ///
  /// Orange, sky blue, bluish green, yellow, blue, vermillion, reddish purple.
  package static let classes: LabelPalette = {
    let colors = [
      Color8(red: 230, green: 159, blue: 0), Color8(red: 86, green: 180, blue: 233),
      Color8(red: 0, green: 158, blue: 115), Color8(red: 240, green: 228, blue: 66),
      Color8(red: 0, green: 114, blue: 178), Color8(red: 213, green: 94, blue: 0),
      Color8(red: 204, green: 121, blue: 167),
    ]
    let darker = colors.map { Color8(red: $0.red / 2, green: $0.green / 2, blue: $0.blue / 2) }
    return LabelPalette(colors + darker)
  }()

  /// What people call the colour that `classes` gives a class.
  ///
  /// - Parameter index: of the class, from 0.
  /// - Returns: such as `sky blue`.
  package static func name(ofClass index: Int) -> String {
    let names = [
      "orange", "sky blue", "bluish green", "yellow", "blue", "vermillion", "reddish purple",
    ]
    let place = index % (2 * names.count)
    return place < names.count ? names[place] : "dark \(names[place - names.count])"
  }

  /// States colours.
  ///
  /// - Parameter classes: the colours of labels 1, 2, …; at least one.
  package init(_ classes: [Color8]) {
    precondition(!classes.isEmpty, "a palette needs a colour")
    self.classes = classes
  }

  /// The colour of a label.
  ///
  /// - Parameter label: any label.
  /// - Returns: black for the background, 0; mid-grey for what is ignored, 255; else the class's colour.
  package func color(of label: UInt8) -> Color8 {
    switch label {
    case 0: .black
    case Self.ignoredLabel: Color8(red: 128, green: 128, blue: 128)
    default: classes[(Int(label) - 1) % classes.count]
    }
  }

  /// Draws a label map.
  ///
  /// - Parameter labels: H × W labels.
  /// - Returns: H × W pixels, each of its label's colour.
  package func drawn(_ labels: Plane<UInt8>) -> ImageBuffer {
    let colors = (0...255).map { color(of: UInt8($0)) }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * labels.samples.count)
    for label in labels.samples {
      let color = colors[Int(label)]
      pixels.append(color.red)
      pixels.append(color.green)
      pixels.append(color.blue)
    }
    return ImageBuffer(width: labels.width, height: labels.height, pixels: pixels)
  }
}
