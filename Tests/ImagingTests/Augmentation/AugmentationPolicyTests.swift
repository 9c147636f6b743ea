import Foundation
import Imaging
import Randomness
import Testing

@Suite struct AugmentationPolicyTests {
  private func draw(
    _ policy: AugmentationPolicy,
    from source: inout RandomSource
  ) -> DrawnAugmentation {
    DrawnAugmentation(policy, width: 50, height: 37, preprocessing: .vilref, from: &source)
  }

  @Test func namedPoliciesAreSoundAndComeBackFromJSON() throws {
    #expect(AugmentationPolicy.named.keys.sorted() == ["light", "none", "retfound", "strong"])
    for (name, policy) in AugmentationPolicy.named {
      #expect(policy.fault == nil, "\(name)")
      let data = try JSONEncoder().encode(policy)
      #expect(try JSONDecoder().decode(AugmentationPolicy.self, from: data) == policy, "\(name)")
    }
    let empty = try JSONDecoder().decode(AugmentationPolicy.self, from: Data("{}".utf8))
    #expect(empty == .none)
  }

  @Test(arguments: [
    #"{"horizontalFlip":1.1}"#, #"{"verticalFlip":-0.1}"#,
    #"{"crop":{"scale":[0,1],"ratio":[1,1]}}"#, #"{"crop":{"scale":[0.5,1.5],"ratio":[1,1]}}"#,
    #"{"crop":{"scale":[0.9,0.5],"ratio":[1,1]}}"#, #"{"crop":{"scale":[0.5,1],"ratio":[0,1]}}"#,
    #"{"rotation":181}"#, #"{"rotation":-1}"#,
    #"{"randAugment":{"operations":0,"probability":1,"magnitude":1,"magnitudeDeviation":0}}"#,
    #"{"randAugment":{"operations":2,"probability":1,"magnitude":11,"magnitudeDeviation":0}}"#,
    #"{"blur":{"probability":0.5,"kernelSize":4,"sigma":[1,2]}}"#,
    #"{"blur":{"probability":0.5,"kernelSize":3,"sigma":[0,2]}}"#,
    #"{"blur":{"probability":2,"kernelSize":3,"sigma":[1,2]}}"#,
    #"{"erasing":{"probability":0.5,"scale":[0.1,1.2],"ratio":[1,1],"fill":"zero"}}"#,
    #"{"erasing":{"probability":0.5,"scale":[0.1,0.2],"ratio":[0,1],"fill":"zero"}}"#,
    #"{"erasing":{"probability":0.5,"scale":[0.1,0.2],"ratio":[1,1],"fill":"grey"}}"#,
    #"{"colorJitter":{"brightness":-1,"contrast":0,"saturation":0,"hue":0}}"#,
    #"{"colorJitter":{"brightness":0,"contrast":0,"saturation":0,"hue":0.6}}"#,
  ])
  func senselessJSONIsRefused(_ json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(AugmentationPolicy.self, from: Data(json.utf8))
    }
  }

  @Test func identifiersTellPoliciesApart() {
    #expect(AugmentationPolicy.none.identifier == "1")
    #expect(
      AugmentationPolicy.light.identifier
        == "1;crop=0.9...1.0,ratio=0.75...1.3333333333333333;horizontalFlip=0.5;"
        + "colorJitter=0.1,0.1,0.1,0.0"
    )
    #expect(
      AugmentationPolicy.retfound.identifier
        == "1;crop=0.08...1.0,ratio=0.75...1.3333333333333333;horizontalFlip=0.5;"
        + "randAugment=2,p=0.5,m=9.0,mstd=0.5;"
        + "erasing=0.25,0.02...0.3333333333333333,ratio=0.3...3.3333333333333335,noise"
    )
    let strong = AugmentationPolicy.strong
    var others = Array(repeating: strong, count: 9)
    others[1].crop?.scale = 0.6...1
    others[2].horizontalFlip = 0.4
    others[3].verticalFlip = 0
    others[4].rotation = 31
    others[5].randAugment = RandAugment()
    others[6].colorJitter?.hue = 0
    others[7].blur?.kernelSize = 9
    others[8].erasing?.fill = .noise
    #expect(Set(others.map(\.identifier)).count == 9)
  }

  @Test func workingImagesAreLargerThanTheSmallestCrop() {
    #expect(AugmentationPolicy.none.workingScale == 1)
    for policy in AugmentationPolicy.named.values {
      guard let crop = policy.crop else { continue }
      let side = policy.workingScale * crop.scale.lowerBound.squareRoot()
      #expect(side > 1 || policy.workingScale == 2)
    }
  }

  @Test func jitterDrawsEachOrderAndStaysInItsRange() {
    let jitter = ColorJitter(brightness: 0.2, contrast: 1.5, saturation: 0.1, hue: 0.05)
    var orders: [String: Int] = [:]
    for seed in 0..<2400 {
      var source = RandomSource(seed: UInt64(seed))
      var order = ""
      for step in jitter.steps(from: &source) {
        switch step {
        case .brightness(let factor):
          order += "b"
          #expect((0.8...1.2).contains(factor), "seed \(seed)")
        case .contrast(let factor):
          order += "c"
          #expect((0...2.5).contains(factor), "seed \(seed)")
        case .saturation(let factor):
          order += "s"
          #expect((0.9...1.1).contains(factor), "seed \(seed)")
        case .hue(let turn):
          order += "h"
          #expect((-0.05...0.05).contains(turn), "seed \(seed)")
        }
      }
      orders[order, default: 0] += 1
    }
    // 24 orders, 100 each on average with a deviation of 10: five of them.
    #expect(orders.count == 24 && orders.values.allSatisfy { (50...150).contains($0) }, "\(orders)")
  }

  @Test func whatIsOffIsNotDrawn() {
    var source = RandomSource(seed: 3)
    #expect(ColorJitter(contrast: 0.5).steps(from: &source).count == 1)
    var (used, fresh) = (RandomSource(seed: 4), RandomSource(seed: 4))
    let drawn = draw(.none, from: &used)
    #expect(drawn.crop == nil && !drawn.isFlippedHorizontally && drawn.colorSteps.isEmpty)
    #expect(drawn.rotation == nil && drawn.blur == nil && drawn.erased == nil)
    #expect(used.next() == fresh.next())
  }

  @Test func flipsComeAsOftenAsSaid() {
    let policy = AugmentationPolicy(horizontalFlip: 0.5, verticalFlip: 0.2)
    let drawn = (0..<4000).map { seed in
      var source = RandomSource(seed: UInt64(seed))
      return draw(policy, from: &source)
    }
    // Deviations of 32 and 25: five of them.
    #expect(abs(drawn.count(where: \.isFlippedHorizontally) - 2000) < 160, "seeds 0..<4000")
    #expect(abs(drawn.count(where: \.isFlippedVertically) - 800) < 125, "seeds 0..<4000")
  }

  @Test func anglesAndBlursStayInTheirRanges() {
    let policy = AugmentationPolicy(
      rotation: 30,
      blur: RandomBlur(probability: 0.2, kernelSize: 5, sigma: 0.5...1.5)
    )
    let drawn = (0..<4000).map { seed in
      var source = RandomSource(seed: UInt64(seed))
      return draw(policy, from: &source)
    }
    let angles = drawn.compactMap(\.rotation)
    #expect(angles.count == 4000 && angles.allSatisfy { (-30...30).contains($0) })
    // A uniform number in −30...30 has a deviation of 17.3; the mean of 4,000 one of 0.27: five.
    #expect(abs(angles.reduce(0, +) / 4000) < 1.4, "seeds 0..<4000")
    let deviations = drawn.compactMap(\.blur)
    #expect(deviations.allSatisfy { (0.5...1.5).contains($0) })
    #expect(abs(deviations.count - 800) < 125, "seeds 0..<4000")
  }

  @Test func aBlurNeedsAnInputLargerThanHalfItsKernel() {
    let policy = AugmentationPolicy(blur: RandomBlur(probability: 1, kernelSize: 13))
    #expect(policy.fault == nil)
    #expect(policy.fault(forInputWidth: 7, height: 9) == nil)
    #expect(policy.fault(forInputWidth: 9, height: 6) != nil)
  }
}
