import Foundation
import Imaging
import TestSupport
import Testing

/// Every file of the fixture, whose names tell no format, against Pillow's pixels.
@Suite struct DecodingTests {
  @Test(arguments: ExpectedImages.shared.decoded)
  func pixelsEqualPillows(_ file: ExpectedImages.File) throws {
    let image = try ImageBuffer(decoding: file.bytes, name: file.name)
    #expect(image.width == file.width && image.height == file.height)
    let differing = zip(image.pixels, file.rgb).count { $0 != $1 }
    #expect(image.pixels.count == file.rgb.count && differing == 0, "\(file.mode): \(differing)")
  }

  @Test(arguments: ExpectedImages.shared.decoded.filter { $0.grey != nil })
  func masksKeepTheirSamples(_ file: ExpectedImages.File) throws {
    let image = try GrayImage(decoding: file.bytes, name: file.name)
    let grey = [UInt8](try #require(file.grey))
    let expected = stride(from: 0, to: grey.count, by: 2).map {
      UInt16(grey[$0]) | UInt16(grey[$0 + 1]) << 8
    }
    #expect(image.bitDepth == (file.mode.hasPrefix("I;16") ? 16 : 8))
    #expect(image.width == file.width && image.height == file.height)
    #expect(image.samples == expected)
  }

  @Test func masksOfColoursAreLuma() throws {
    let image = try GrayImage(
      decoding: try #require(ExpectedImages.files("png-rgb-8").first).bytes,
      name: "mask"
    )
    let color = try ImageBuffer(
      decoding: try #require(ExpectedImages.files("png-rgb-8").first).bytes,
      name: "mask"
    )
    let (red, green, blue) = color[4, 7]
    let luma = (Int(red) * 19595 + Int(green) * 38470 + Int(blue) * 7471 + 0x8000) >> 16
    #expect(Int(image.samples[7 * image.width + 4]) == luma)
  }

  @Test func everyFormatIsInTheFixture() {
    for prefix in ["jpeg", "png", "tiff", "gif"] {
      #expect(ExpectedImages.files(prefix).count >= 7, "\(prefix)")
    }
    #expect(Set(ExpectedImages.files("jpeg-exif").map(\.name)).count == 8)
  }

  @Test(
    .enabled(if: Fixtures.realData != nil, "real photographs need VBENCH_DATA"),
    arguments: ExpectedImages.shared.photographs
  )
  func photographsEqualPillows(_ photograph: ExpectedImages.Photograph) throws {
    let path = try #require(Fixtures.realData).appending(path: photograph.name)
      .path(percentEncoded: false)
    #expect(checksum(try ImageBuffer(contentsOf: path).pixels) == photograph.decoded)
    #expect(checksum(try Preprocessor(.vilref).pixels(ofFile: path)) == photograph.resized)
  }
}
