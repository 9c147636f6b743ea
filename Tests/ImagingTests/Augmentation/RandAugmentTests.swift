import Imaging
import Randomness
import TestSupport
import Testing

@Suite struct RandAugmentTests {
  private typealias Recorded = RecordedAugmentations

  /// The operations that Pillow has no module of its own for are covered by `AugmentationReferenceTests`.
  @Test(arguments: ["autoContrast", "equalize", "invert", "posterize", "solarize", "sharpness"])
  func tonesEqualPillows(_ operation: String) {
    let cases = Recorded.shared.cases.filter {
      $0.operation == operation || operation == "solarize" && $0.operation == "solarizeAdd"
    }
    #expect(cases.count >= 6)
    for recorded in cases {
      let argument = recorded.parameters.first ?? 0
      let step: RandAugment.Step =
        switch recorded.operation {
        case "autoContrast": .autoContrast
        case "equalize": .equalize
        case "invert": .invert
        case "posterize": .posterize(Int(argument))
        case "solarize": .solarize(Int(argument))
        case "solarizeAdd": .solarizeAdd(Int(argument))
        default: .sharpness(argument)
        }
      var image = Recorded.image(recorded.image)
      image.apply(step, interpolation: .bilinear, fill: .black)
      #expect(mismatch(image, recorded) == nil)
    }
  }

  @Test(arguments: ["shearX", "shearY", "translateX", "translateY"], Interpolation.allCases)
  func shapesEqualPillows(_ operation: String, _ interpolation: Interpolation) {
    let cases = Recorded.cases("\(operation)-\(interpolation)")
    #expect(cases.count == 9)
    for recorded in cases {
      let share = recorded.parameters[0]
      let step: RandAugment.Step =
        switch operation {
        case "shearX": .shearX(share)
        case "shearY": .shearY(share)
        case "translateX": .translateX(share)
        default: .translateY(share)
        }
      var image = Recorded.image(recorded.image)
      let fill = Color8(red: 124, green: 116, blue: 104)
      image.apply(step, interpolation: interpolation, fill: fill)
      #expect(mismatch(image, recorded) == nil)
    }
  }

  /// The arguments that timm computes for magnitude 9 and for 8.3.
  @Test func argumentsEqualTimms() {
    func step(
      _ operation: RandAugment.Operation,
      _ magnitude: Double,
      _ isNegative: Bool = false
    )
      -> RandAugment.Step
    {
      RandAugment.step(operation, magnitude: magnitude, isNegative: isNegative)
    }
    #expect(step(.rotate, 9) == .rotate(27) && step(.rotate, 9, true) == .rotate(-27))
    #expect(step(.posterize, 9) == .posterize(1) && step(.posterize, 0) == .posterize(4))
    #expect(step(.posterize, 10) == .posterize(1) && step(.posterize, 7.4) == .posterize(2))
    #expect(step(.solarize, 9) == .solarize(26) && step(.solarize, 10) == .solarize(0))
    #expect(step(.solarize, 8.3) == .solarize(44) && step(.solarizeAdd, 9) == .solarizeAdd(99))
    #expect(step(.solarizeAdd, 8.3) == .solarizeAdd(91))
    #expect(step(.color, 9) == .color(1.81) && step(.color, 9, true) == .color(1 - 0.81))
    #expect(step(.sharpness, 10, true) == .sharpness(0.1) && step(.contrast, 0) == .contrast(1))
    #expect(step(.shearX, 9) == .shearX(0.27) && step(.shearY, 9, true) == .shearY(-0.27))
    #expect(step(.translateX, 9) == .translateX(0.405))
    #expect(step(.translateY, 9, true) == .translateY(-0.405))
    #expect(step(.equalize, 9) == .equalize && step(.brightness, 9) == .brightness(1.81))
  }

  @Test func operationsComeAsOftenAsSaid() {
    let augment = RandAugment()
    var (names, steps, bits) = ([String: Int](), 0, Set<Int>())
    for seed in 0..<6000 {
      var source = RandomSource(seed: UInt64(seed))
      for step in augment.steps(from: &source) {
        steps += 1
        names[String("\(step)".prefix { $0 != "(" }), default: 0] += 1
        if case .posterize(let kept) = step { bits.insert(kept) }
        if case .rotate(let angle) = step {
          #expect(abs(angle) <= 30 && abs(angle) > 20, "seed \(seed): \(angle)")
        }
      }
    }
    // 12,000 draws, half of them carried out: a deviation of 55; 400 of each of 15: one of 19.3.
    #expect(abs(steps - 6000) < 275, "\(steps) over seeds 0..<6000")
    #expect(names.count == 15 && names.values.allSatisfy { abs($0 - 400) < 97 }, "\(names)")
    #expect(bits.contains(1) && bits.isSubset(of: [1, 2]), "kept bits at a magnitude of 9 ± 0.5")
  }

  @Test func stepsDependOnTheStreamAlone() {
    let augment = RandAugment(operations: 5, probability: 1, magnitude: 4)
    var (first, second) = (RandomSource(seed: 9), RandomSource(seed: 9))
    #expect(augment.steps(from: &first) == augment.steps(from: &second))
    #expect(first.next() == second.next())
    var third = RandomSource(seed: 10)
    #expect(augment.steps(from: &third).count == 5)
    var (used, counted) = (RandomSource(seed: 9), RandomSource(seed: 9))
    _ = RandAugment(probability: 0).steps(from: &used)
    _ = RandAugment(probability: 1).steps(from: &counted)
    #expect(used.next() == counted.next(), "what is drawn does not depend on what is carried out")
  }
}
