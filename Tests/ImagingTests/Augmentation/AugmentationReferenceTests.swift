import Imaging
import TestSupport
import Testing

/// Each operation against what Pillow and torchvision made of the same image: equal bits.
@Suite struct AugmentationReferenceTests {
  private typealias Recorded = RecordedAugmentations

  @Test func everyRecordedOperationIsTested() {
    let tested = [
      "brightness", "contrast", "saturation", "hue", "crop-bilinear", "crop-bicubic",
      "flip-horizontal", "flip-vertical",
    ]
    #expect(Set(Recorded.shared.cases.map(\.operation)) == Set(tested))
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
}
