import Imaging
import TestSupport
import Testing

/// Each operation against what Pillow and torchvision made of the same image: equal bits.
@Suite struct AugmentationReferenceTests {
  private typealias Recorded = RecordedAugmentations

  @Test func everyRecordedOperationIsTested() {
    let tested = [
      "brightness", "contrast", "saturation", "hue", "crop-bilinear", "crop-bicubic",
      "flip-horizontal", "flip-vertical", "rotate-bilinear", "rotate-bicubic",
      "rotate-filled-bilinear", "rotate-filled-bicubic", "blur", "autoContrast", "equalize",
      "invert", "posterize", "solarize", "solarizeAdd", "sharpness",
    ]
    let shapes = ["shearX", "shearY", "translateX", "translateY"].flatMap { name in
      Interpolation.allCases.map { "\(name)-\($0)" }
    }
    #expect(Set(Recorded.shared.cases.map(\.operation)) == Set(tested + shapes))
  }

  @Test(arguments: ["brightness", "contrast", "saturation", "hue"])
  func colorsEqualTorchvisions(_ operation: String) {
    for recorded in Recorded.cases(operation) {
      var image = Recorded.image(recorded.image)
      let factor = recorded.parameters[0]
      switch operation {
      case "brightness": image.apply(.brightness(factor))
      case "contrast": image.apply(.contrast(factor))
      case "saturation": image.apply(.saturation(factor))
      default: image.apply(.hue(factor))
      }
      #expect(mismatch(image, recorded) == nil)
    }
  }

  @Test(arguments: Interpolation.allCases)
  func cropsEqualTorchvisions(_ interpolation: Interpolation) {
    for recorded in Recorded.cases("crop-\(interpolation)") {
      let numbers = recorded.parameters.map { Int($0) }
      let rectangle = PixelRectangle(
        left: numbers[0],
        top: numbers[1],
        width: numbers[2],
        height: numbers[3]
      )
      let image = Recorded.image(recorded.image).cropped(
        rectangle,
        resizedToWidth: recorded.size[0],
        height: recorded.size[1],
        interpolation: interpolation
      )
      #expect(mismatch(image, recorded) == nil)
    }
  }

  @Test func flipsEqualTorchvisions() {
    for recorded in Recorded.cases("flip-") {
      var image = Recorded.image(recorded.image)
      let original = image
      if recorded.operation == "flip-horizontal" {
        image.flipHorizontally()
        #expect(mismatch(image, recorded) == nil)
        image.flipHorizontally()
      } else {
        image.flipVertically()
        #expect(mismatch(image, recorded) == nil)
        image.flipVertically()
      }
      #expect(image == original)
    }
  }

  @Test(arguments: Interpolation.allCases)
  func rotationsEqualPillows(_ interpolation: Interpolation) {
    let cases =
      Recorded.cases("rotate-\(interpolation)") + Recorded.cases("rotate-filled-\(interpolation)")
    for recorded in cases {
      let fill = Color8(red: 124, green: 116, blue: 104)
      let image = Recorded.image(recorded.image).rotated(
        degrees: recorded.parameters[0],
        interpolation: interpolation,
        fill: recorded.operation.contains("filled") ? fill : .black
      )
      #expect(mismatch(image, recorded) == nil)
    }
  }

  /// torchvision sums the whole square kernel in an order that the library chooses.
  @Test func blursEqualTorchvisions() throws {
    let tolerance = Tolerance(
      absolute: 1,
      reason: "32-bit sums in another order: values within 1e-4 of a half round either way"
    )
    for recorded in Recorded.cases("blur") {
      var image = Recorded.image(recorded.image)
      image.blur(deviation: recorded.parameters[0], kernelSize: Int(recorded.parameters[1]))
      let expected = [UInt8](try #require(recorded.pixels))
      let values = image.pixels.map(Float.init)
      #expect(mismatch(values, expected.map(Float.init), within: tolerance) == nil)
      let others = zip(image.pixels, expected).count { $0 != $1 }
      #expect(others * 1000 <= expected.count, "\(recorded.testDescription): \(others) differ")
    }
  }
}
