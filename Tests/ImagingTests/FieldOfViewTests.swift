import Imaging
import TestSupport
import Testing

/// The camera's field of view: its box, its mask, and what lies outside.
@Suite struct FieldOfViewTests {
  @Test(arguments: try RecordedPlanes.cases("box-"))
  func boxesAreThoseOfRegionprops(_ recorded: RecordedCase) throws {
    let expected = PixelRectangle(
      left: try recorded.integer("left"),
      top: try recorded.integer("top"),
      width: try recorded.integer("width"),
      height: try recorded.integer("height")
    )
    #expect(try recorded.mask("x").boundingBox == expected)
  }

  @Test func anEmptyMaskHasNoBox() {
    #expect(Plane<UInt8>(width: 3, height: 2, samples: [0, 0, 0, 0, 0, 0]).boundingBox == nil)
  }

  @Test func nothingIsLeftOutside() {
    let map = Plane<Float>(width: 3, height: 2, samples: [0.5, .nan, -2, .infinity, 0.25, 1])
    let field = Plane<UInt8>(width: 3, height: 2, samples: [1, 0, 255, 0, 2, 0])
    #expect(map.zeroed(outside: field).samples == [0.5, 0, -2, 0, 0.25, 0])
  }

  @Test(arguments: try RecordedPlanes.cases("field-"))
  func fieldsAreTheLargestRegionsWithoutHoles(_ recorded: RecordedCase) throws {
    let shape = try recorded.shape("image")
    let image = ImageBuffer(
      width: shape[1],
      height: shape[0],
      pixels: try recorded.floats("image").map { UInt8($0) }
    )
    #expect(image.fieldOfView(threshold: 10) == (try recorded.mask("y")))
    #expect(image.fieldOfView() == image.fieldOfView(threshold: 10))
  }

  @Test func aDarkPhotographIsWholeInside() {
    let image = ImageBuffer(width: 4, height: 3, pixels: Array(repeating: 9, count: 36))
    #expect(image.fieldOfView().samples == Array(repeating: 1, count: 12))
    #expect(image.fieldOfView(threshold: 8).samples == Array(repeating: 1, count: 12))
  }

  /// A bright speck in a corner moves the box of `foreground`, not the field.
  @Test func specksDoNotCount() {
    var pixels = [UInt8](repeating: 0, count: 20 * 14 * 3)
    for y in 2..<11 {
      for x in 4..<15 { pixels[(y * 20 + x) * 3 + 1] = 90 }
    }
    pixels[(13 * 20 + 19) * 3] = 200
    pixels[(5 * 20 + 8) * 3 + 1] = 3
    let image = ImageBuffer(width: 20, height: 14, pixels: pixels)
    #expect(image.foreground(threshold: 10).columns == 4..<20)
    let field = image.fieldOfView()
    #expect(field.boundingBox == PixelRectangle(left: 4, top: 2, width: 11, height: 9))
    #expect(field.samples.reduce(0) { $0 + Int($1) } == 99 && field[8, 5] == 1)
  }
}
