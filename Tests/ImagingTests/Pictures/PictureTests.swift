import Foundation
import Imaging
import TestSupport
import Testing

/// Label maps, probability maps and sheets.
@Suite struct PictureTests {
  @Test func everyLabelHasItsColor() {
    let palette = LabelPalette.classes
    let labels = (0...15).map { UInt8($0) } + [255]
    let colors = labels.map { palette.color(of: $0) }
    for (index, color) in colors.enumerated() {
      let same = colors.indices.filter { colors[$0] == color }
      #expect(same == (labels[index] == 1 || labels[index] == 15 ? [1, 15] : [index]))
    }
    #expect(palette.color(of: 2) == Color8(red: 86, green: 180, blue: 233))
    #expect(palette.color(of: 9) == Color8(red: 43, green: 90, blue: 116))
    let drawn = LabelPalette.mask.drawn(Plane(width: 3, height: 1, samples: [0, 1, 255]))
    #expect(drawn.pixels == [0, 0, 0, 255, 255, 255, 128, 128, 128])
  }

  @Test func aLabelMapKeepsItsShape() {
    let labels = Plane<UInt8>(width: 4, height: 3, samples: (0..<12).map { UInt8($0) })
    let drawn = LabelPalette.classes.drawn(labels)
    #expect(drawn.width == 4 && drawn.height == 3)
    #expect(drawn[3, 1] == (204, 121, 167))
  }

  @Test func probabilitiesAreRoundedAsNamed() throws {
    let recorded = try #require(try RecordedPlanes.cases("ubyte").first)
    let values = try recorded.floats("x")
    let map = Plane(width: values.count, height: 1, samples: values)
    let expected: [(Int, GrayImage.Rounding, String)] = [
      (8, .halfUp, "byte_half_up"), (8, .halfToEven, "ubyte"),
      (16, .halfUp, "uint16_half_up"), (16, .halfToEven, "uint16"),
    ]
    for (bitDepth, rounding, name) in expected {
      let image = GrayImage(probabilities: map, bitDepth: bitDepth, rounding: rounding)
      #expect(image.bitDepth == bitDepth)
      let found = image.samples.map(Float.init)
      #expect(mismatch(found, try recorded.floats(name), within: .exact, context: name) == nil)
    }
  }

  @Test func whatIsNoProbabilityIsCutOff() {
    let map = Plane<Float>(width: 3, height: 2, samples: [-0.5, .nan, 0, 1, 1.5, .infinity])
    for rounding in GrayImage.Rounding.allCases {
      let image = GrayImage(probabilities: map, bitDepth: 16, rounding: rounding)
      #expect(image.samples == [0, 0, 0, 65535, 65535, 65535])
      #expect(image.width == 3 && image.height == 2)
    }
  }

  @Test(arguments: [8, 16])
  func probabilityMapsComeBackFromFiles(_ bitDepth: Int) throws {
    let folder = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "map.png").path(percentEncoded: false)
    let map = generatedMap(width: 7, height: 5)
    try PNGWriter.write(GrayImage(probabilities: map, bitDepth: bitDepth), to: path)
    let back = try GrayImage(contentsOf: path)
    #expect(back.bitDepth == bitDepth)
    // The map's values are whole 255ths.
    let unit = bitDepth == 8 ? Float(255) : 65535
    #expect(back.samples.map { Float($0) / unit } == map.samples)
    let gray = ImageBuffer(gray: back)
    #expect(gray[3, 4].red == UInt8(map[3, 4] * 255) && gray[3, 4].blue == gray[3, 4].red)
  }

  @Test func sheetsKeepProportions() {
    let ink = Color8(red: 7, green: 8, blue: 9)
    let sheet = ImageSheet(cellWidth: 10, cellHeight: 8, margin: 3, background: ink)
    func filled(_ width: Int, _ height: Int, _ value: UInt8) -> ImageBuffer {
      ImageBuffer(
        width: width,
        height: height,
        pixels: Array(repeating: value, count: width * height * 3)
      )
    }
    let drawn = sheet.drawn([[filled(40, 16, 200), nil], [filled(10, 8, 90), filled(2, 4, 60)]])
    #expect(drawn.width == 3 + 2 * 13 && drawn.height == 3 + 2 * 11)
    func box(_ value: UInt8) -> PixelRectangle? {
      let inside = (0..<drawn.width * drawn.height).map {
        UInt8(drawn.pixels[3 * $0] == value ? 1 : 0)
      }
      let plane = Plane(width: drawn.width, height: drawn.height, samples: inside)
      let box = plane.boundingBox
      #expect(box.map { $0.width * $0.height } == inside.reduce(0) { $0 + Int($1) })
      return box
    }
    #expect(box(200) == PixelRectangle(left: 3, top: 5, width: 10, height: 4))
    #expect(box(90) == PixelRectangle(left: 3, top: 14, width: 10, height: 8))
    #expect(box(60) == PixelRectangle(left: 19, top: 14, width: 4, height: 8))
    #expect(drawn[20, 5] == (7, 8, 9) && drawn[0, 0] == (7, 8, 9) && drawn[3, 4] == (7, 8, 9))
  }

  @Test func narrowImagesKeepAPixel() {
    let line = ImageBuffer(width: 300, height: 1, pixels: Array(repeating: 250, count: 900))
    let drawn = ImageSheet(cellWidth: 9, cellHeight: 5, margin: 0).drawn([[line]])
    #expect(drawn.width == 9 && drawn.height == 5)
    #expect((0..<5).map { drawn[8, $0].red } == [128, 128, 250, 128, 128])
  }
}
