import Foundation
import Imaging
import TestSupport
import Testing

/// Masks that move against what Pillow makes of them with nearest pixels: equal bits.
@Suite struct JointAugmentationReferenceTests {
  /// What `Tests/Fixtures/generate/joint_augmentation.py` recorded.
  private static let cases: [RecordedAugmentations.Case] = {
    let url = Fixtures.directory.appending(path: "Imaging/joint.json")
    do {
      return try JSONDecoder()
        .decode(RecordedAugmentations.self, from: Data(contentsOf: url)).cases
    } catch {
      preconditionFailure("\(url.path()): \(error)")
    }
  }()

  private static let outside: UInt8 = 255

  /// The mask that the script makes of one of its images.
  private func mask(_ name: String) -> Plane<UInt8> {
    let image = RecordedAugmentations.image(name)
    return Plane(
      width: image.width,
      height: image.height,
      samples: (0..<image.width * image.height).map { image.pixels[3 * $0] % 5 * 60 }
    )
  }

  private func mismatch(
    _ plane: Plane<UInt8>,
    _ recorded: RecordedAugmentations.Case
  ) -> String? {
    guard [plane.width, plane.height] == recorded.size else {
      return "\(plane.width) × \(plane.height), expected \(recorded.size)"
    }
    if let pixels = recorded.pixels {
      let wrong = zip(plane.samples, pixels).count { $0 != $1 }
      if wrong > 0 { return "\(recorded.testDescription): \(wrong) pixels differ" }
    }
    return checksum(plane.samples) == recorded.checksum
      ? nil : "\(recorded.testDescription): other pixels"
  }

  @Test func rotationsEqualPillows() {
    let cases = Self.cases.filter { $0.operation == "rotate" }
    #expect(cases.count == 132)
    for recorded in cases {
      let mask = mask(recorded.image)
      let turned = mask.rotated(degrees: recorded.parameters[0], outside: Self.outside)
      let difference = mismatch(turned, recorded)
      #expect(difference == nil, "\(difference ?? "")")
      #expect(Set(turned.samples).isSubset(of: Set(mask.samples + [Self.outside])))
    }
  }

  /// A crop, a resize, flips and a rotation, in the order in which photographs go through them.
  @Test func allStepsEqualPillows() {
    let cases = Self.cases.filter { $0.operation == "joint" }
    #expect(cases.count == 7)
    for recorded in cases {
      let numbers = recorded.parameters
      let mask = mask(recorded.image)
      var drawn = JointScene.drawn(mask, width: recorded.size[0], height: recorded.size[1])
      drawn.crop = PixelRectangle(
        left: Int(numbers[0]),
        top: Int(numbers[1]),
        width: Int(numbers[2]),
        height: Int(numbers[3])
      )
      drawn.isFlippedHorizontally = numbers[4] == 1
      drawn.isFlippedVertically = numbers[5] == 1
      drawn.rotation = numbers.count > 6 ? numbers[6] : nil
      let difference = mismatch(drawn.applied(to: mask, outside: Self.outside), recorded)
      #expect(difference == nil, "\(difference ?? "")")
    }
  }
}
