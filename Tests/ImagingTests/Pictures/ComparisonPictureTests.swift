import Imaging
import Testing

/// Pictures that compare a prediction with the truth.
@Suite struct ComparisonPictureTests {
  /// 5 × 4 pixels of one colour, whose luma is 130.
  private let photograph = ImageBuffer(
    width: 5,
    height: 4,
    pixels: (0..<20).flatMap { _ in [200, 110, 40] }
  )
  private let palette = ComparisonPalette.standard

  private func mask(_ rows: [String]) -> Plane<UInt8> {
    Plane(
      width: 5,
      height: 4,
      samples: rows.joined().map { $0 == "#" ? 1 : $0 == "?" ? 255 : 0 }
    )
  }

  /// One letter per pixel: true positive, false positive, false negative, or other.
  private func letters(_ image: ImageBuffer) -> [String] {
    (0..<image.height).map { y in
      let row = (0..<image.width).map { x in
        let pixel = image[x, y]
        let color = Color8(red: pixel.red, green: pixel.green, blue: pixel.blue)
        return color == palette.truePositive
          ? "T" : color == palette.falsePositive ? "P" : color == palette.falseNegative ? "N" : "."
      }
      return row.joined()
    }
  }

  @Test func colorsAreToldApart() {
    let colors = [palette.truePositive, palette.falsePositive, palette.falseNegative]
    let fundus = [
      Color8(red: 200, green: 90, blue: 40), Color8(red: 150, green: 60, blue: 25),
      Color8(red: 90, green: 35, blue: 15), Color8(red: 180, green: 180, blue: 180),
      Color8(red: 128, green: 128, blue: 128), Color8(red: 60, green: 60, blue: 60), .black,
    ]
    for sight in SimulatedSight.allCases {
      for (index, color) in colors.enumerated() {
        for other in colors[(index + 1)...] {
          #expect(sight.difference(color, other) >= 41, "\(sight): \(color) and \(other)")
        }
        for ground in fundus {
          #expect(sight.difference(color, ground) >= 26, "\(sight): \(color) on \(ground)")
        }
      }
    }
  }

  /// The simulation itself: red and green of one brightness, which protanopes and deuteranopes confuse.
  @Test func theSimulationConfusesRedAndGreen() {
    let (red, green) = (
      Color8(red: 200, green: 80, blue: 40), Color8(red: 110, green: 118, blue: 35)
    )
    #expect(SimulatedSight.normal.difference(red, green) > 50)
    #expect(SimulatedSight.deuteranopia.difference(red, green) < 15)
    #expect(abs(SimulatedSight.normal.difference(.black, palette.truePositive) - 100) < 0.01)
  }

  @Test func areasAreMarkedInsideTheField() {
    let picture = ComparisonPicture(ground: .black).drawn(
      over: photograph,
      truth: mask([".##..", ".##..", "...?#", "#...."]),
      prediction: mask(["..##.", ".#...", "...##", "#...."]),
      field: mask(["#####", "#####", "#####", "....#"])
    )
    #expect(letters(picture) == [".NTP.", ".TN..", "....T", "....."])
  }

  @Test func groundsAreThePhotographItsLumaOrNothing() {
    let empty = mask([".....", ".....", ".....", "....."])
    var field = empty
    field.samples[7] = 1
    let expected: [ComparisonPicture.Ground: ([UInt8], [UInt8])] = [
      .photograph: ([200, 110, 40], [50, 27, 10]),
      .gray: ([64, 64, 64], [16, 16, 16]),
      .black: ([0, 0, 0], [0, 0, 0]),
    ]
    for ground in ComparisonPicture.Ground.allCases {
      let picture = ComparisonPicture(ground: ground)
        .drawn(over: photograph, truth: empty, prediction: empty, field: field)
      #expect(Array(picture.pixels[21..<24]) == expected[ground]?.0, "\(ground)")
      #expect(Array(picture.pixels[24..<27]) == expected[ground]?.1, "\(ground)")
    }
  }

  @Test func marksLetTheGroundThrough() {
    let all = mask(["#####", "#####", "#####", "#####"])
    let none = mask([".....", ".....", ".....", "....."])
    let picture = ComparisonPicture(ground: .photograph, opacity: 0.25)
      .drawn(over: photograph, truth: all, prediction: none)
    // 200 + (86 − 200)/4, 110 + (180 − 110)/4, 40 + (233 − 40)/4
    #expect(picture[4, 3] == (172, 128, 88))
  }

  @Test func contoursAreBorders() {
    let truth = mask(["####.", "####.", "####.", "####."])
    let prediction = mask([".####", ".####", ".####", "....."])
    let picture = ComparisonPicture(ground: .black, marks: .contours)
      .drawn(over: photograph, truth: truth, prediction: prediction)
    #expect(letters(picture) == ["NTTTP", "NP.NP", "NPPTP", "NNNN."])
    let wide = ComparisonPicture(ground: .black, marks: .contours, contourWidth: 2)
      .drawn(over: photograph, truth: truth, prediction: prediction)
    #expect(letters(wide) == ["NTTTP", "NTTTP", "NTTTP", "NNNN."])
  }
}
