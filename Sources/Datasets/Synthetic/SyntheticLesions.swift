import Randomness

/// A lesion of the retina.
struct SyntheticLesion {
  /// The kinds of lesions; each belongs to one mask.
  enum Kind {
    case microaneurysm
    case dot
    case blot
    case flame
    case exudate
    case cottonWool
    case druse

    /// The mask that shows the lesion.
    var mask: SyntheticMask {
      switch self {
      case .microaneurysm: .microaneurysms
      case .dot, .blot, .flame: .haemorrhages
      case .exudate: .exudates
      case .cottonWool: .cottonWool
      case .druse: .drusen
      }
    }
  }

  let kind: Kind
  /// The outline before roughness, in disc diameters.
  let outline: RetinalEllipse
  /// How strong its colour is, 0 … 1.
  let strength: Double
  /// How ragged its outline is, in half axes.
  let roughness: Double
  /// Where in the noise its raggedness and its streaks come from.
  let noisePlace: SIMD2<Double>
}

/// Places the lesions of an eye.
struct SyntheticLesionPlacement {
  private let anatomy: SyntheticAnatomy
  private let contrast: Double
  private var random: RandomSource
  private var placed: [SyntheticLesion] = []

  /// Places all lesions of an eye.
  ///
  /// - Parameters:
  ///   - anatomy: the eye's anatomy.
  ///   - conditions: what the eye shows; each lesion that it calls for is there at least once.
  ///   - random: the eye's stream for lesions.
  /// - Returns: the lesions in the order in which they are drawn.
  static func lesions(
    of anatomy: SyntheticAnatomy,
    _ conditions: SyntheticConditions,
    _ random: RandomSource
  ) -> [SyntheticLesion] {
    var placement = Self(anatomy: anatomy, contrast: conditions.lesionContrast, random: random)
    let severity = conditions.severity
    switch conditions.grade {
    case .diabeticRetinopathy: placement.placeRetinopathy(severity)
    case .macularDegeneration: placement.placeMacularDegeneration(severity)
    case .glaucoma: placement.placeDiscHaemorrhage(severity)
    case .normal, .myopia: break
    }
    if conditions.hasAgeDrusen && conditions.grade != .macularDegeneration {
      placement.placeDrusen(count: 5 + placement.random.nextIndex(below: 8), large: 0, spread: 0.6)
    }
    return placement.placed
  }

  private init(anatomy: SyntheticAnatomy, contrast: Double, random: RandomSource) {
    self.anatomy = anatomy
    self.contrast = contrast
    self.random = random
  }

  // MARK: Diseases

  /// Microaneurysms from the start; haemorrhages, exudates and cotton-wool spots as it goes on.
  private mutating func placeRetinopathy(_ severity: Double) {
    for _ in 0..<4 + Int(severity * 22) { placeMicroaneurysm() }
    if severity > 0.22 {
      let count = 3 + Int((severity - 0.2) * (10 + 28 * random.nextUniform()))
      for _ in 0..<count {
        let choice = random.nextUniform()
        if choice < 0.4 { placeRound(.dot, around: pole, spread: 1.6, 0.026..<0.045) }
        if choice >= 0.4 && choice < 0.8 {
          placeRound(.blot, around: pole, spread: 1.5, 0.05..<0.13)
        }
        if choice >= 0.8 { placeFlame() }
      }
    }
    if severity > 0.25 && random.happens(0.65) {
      for _ in 0..<1 + random.nextIndex(below: severity > 0.6 ? 4 : 2) { placeExudates(severity) }
    }
    if severity > 0.4 && random.happens(0.55) {
      for _ in 0..<1 + random.nextIndex(below: 5) { placeCottonWool() }
    }
  }

  /// Drusen; in a wet eye also blood and exudates near the fovea.
  private mutating func placeMacularDegeneration(_ severity: Double) {
    placeDrusen(count: 16 + Int(severity * 60), large: 0.25 + 0.5 * severity, spread: 0.55)
    guard severity > 0.7 && random.happens(0.5) else { return }
    for _ in 0..<2 + random.nextIndex(below: 3) {
      placeRound(.blot, around: anatomy.fovea, spread: 0.35, 0.1..<0.24)
    }
    if random.happens(0.6) { placeExudates(severity) }
  }

  /// A flame at the disc's rim, in some eyes.
  private mutating func placeDiscHaemorrhage(_ severity: Double) {
    guard random.happens(0.14) else { return }
    let side = random.happens(0.5) ? 1.0 : -1.0
    let outwards = SyntheticArithmetic.direction(side * random.nextUniform(in: 0.5..<1.2))
    add(
      .flame,
      at: outwards * 0.58,
      radii: SIMD2(random.nextUniform(in: 0.1..<0.17), 0.035),
      axis: outwards,
      roughness: 0.3,
      strength: 0.9
    )
  }

  // MARK: Lesions

  /// The middle of the posterior pole, between disc and fovea.
  private var pole: SIMD2<Double> { SIMD2(anatomy.fovea.x * 0.75, anatomy.fovea.y) }

  /// A place for a lesion, normally distributed around `centre`, nil where none is found.
  private mutating func openPlace(
    around centre: SIMD2<Double>,
    spread: Double,
    margin: Double
  ) -> SIMD2<Double>? {
    for _ in 0..<60 {
      let place = centre + spread * SIMD2(random.nextBell(), random.nextBell())
      if anatomy.isOpen(place, margin: margin) { return place }
    }
    return nil
  }

  private mutating func add(
    _ kind: SyntheticLesion.Kind,
    at place: SIMD2<Double>,
    radii: SIMD2<Double>,
    axis: SIMD2<Double>,
    roughness: Double,
    strength: Double
  ) {
    placed.append(
      SyntheticLesion(
        kind: kind,
        outline: RetinalEllipse(centre: place, radii: radii, axis: axis),
        strength: strength * contrast,
        roughness: roughness,
        noisePlace: SIMD2(64 * random.nextUniform(), 64 * random.nextUniform())
      )
    )
  }

  private mutating func placeMicroaneurysm() {
    guard let place = openPlace(around: pole, spread: 1.25, margin: 0.05) else { return }
    let radius = random.nextUniform(in: 0.017..<0.03)
    add(
      .microaneurysm,
      at: place,
      radii: SIMD2(radius, radius),
      axis: SIMD2(1, 0),
      roughness: 0.1,
      strength: random.nextUniform(in: 0.65..<1)
    )
  }

  private mutating func placeRound(
    _ kind: SyntheticLesion.Kind,
    around centre: SIMD2<Double>,
    spread: Double,
    _ radii: Range<Double>
  ) {
    let share = random.nextUniform()
    let radius = radii.lowerBound + (radii.upperBound - radii.lowerBound) * share * share
    guard let place = openPlace(around: centre, spread: spread, margin: radius) else { return }
    add(
      kind,
      at: place,
      radii: radius * SIMD2(1, random.nextUniform(in: 0.65..<1)),
      axis: random.nextDirection(),
      roughness: kind == .dot ? 0.15 : 0.6,
      strength: random.nextUniform(in: 0.65..<1)
    )
  }

  private mutating func placeFlame() {
    guard let place = openPlace(around: SIMD2(0.6, 0), spread: 1.2, margin: 0.15) else { return }
    let length = random.nextUniform(in: 0.1..<0.24)
    add(
      .flame,
      at: place,
      radii: SIMD2(length, length * random.nextUniform(in: 0.2..<0.4)),
      axis: anatomy.fibreDirection(at: place),
      roughness: 0.5,
      strength: random.nextUniform(in: 0.6..<0.95)
    )
  }

  /// A cluster of hard exudates, or a ring of them around a leak.
  private mutating func placeExudates(_ severity: Double) {
    let away = random.nextDirection() * random.nextUniform(in: 0.25..<1.15)
    let isRing = random.happens(0.4)
    let spread = isRing ? random.nextUniform(in: 0.22..<0.45) : random.nextUniform(in: 0.1..<0.3)
    let start = random.nextUniform() * 2 * .pi
    let arc = random.nextUniform(in: 2.5..<6)
    let largest = random.nextUniform(in: 0.04..<0.085)
    for _ in 0..<8 + random.nextIndex(below: 14 + Int(severity * 26)) {
      var offset = spread * SIMD2(random.nextBell(), random.nextBell())
      if isRing {
        let angle = start + arc * random.nextUniform()
        offset = spread * (1 + 0.12 * random.nextBell()) * SyntheticArithmetic.direction(angle)
      }
      let place = anatomy.fovea + away + offset
      let share = random.nextUniform()
      let radius = 0.016 + (largest - 0.016) * share * share * share
      guard anatomy.isOpen(place, margin: radius) else { continue }
      add(
        .exudate,
        at: place,
        radii: radius * SIMD2(1, random.nextUniform(in: 0.5..<1)),
        axis: random.nextDirection(),
        roughness: 0.55,
        strength: random.nextUniform(in: 0.75..<1)
      )
    }
  }

  /// A cotton-wool spot, across the nerve fibres near an arcade.
  private mutating func placeCottonWool() {
    let side = random.happens(0.5) ? 1.0 : -1.0
    for _ in 0..<20 {
      let x = random.nextUniform(in: 0.2..<3.2)
      let height = anatomy.fibreHeight(at: x, k: 1.35 + 0.3 * random.nextBell())
      let place = SIMD2(x * (random.happens(0.15) ? -0.6 : 1), side * height)
      guard anatomy.isOpen(place, margin: 0.2) else { continue }
      let length = random.nextUniform(in: 0.12..<0.24)
      add(
        .cottonWool,
        at: place,
        radii: length * SIMD2(random.nextUniform(in: 0.5..<0.8), 1),
        axis: anatomy.fibreDirection(at: place),
        roughness: 0.55,
        strength: random.nextUniform(in: 0.7..<1)
      )
      return
    }
  }

  /// Drusen around the fovea.
  ///
  /// - Parameters:
  ///   - count: how many to try.
  ///   - large: the share of large, soft ones.
  ///   - spread: their distribution's deviation in disc diameters.
  private mutating func placeDrusen(count: Int, large: Double, spread: Double) {
    for _ in 0..<count {
      let isLarge = random.happens(large)
      let radius = random.nextUniform(in: isLarge ? 0.04..<0.085 : 0.02..<0.036)
      guard let place = openPlace(around: anatomy.fovea, spread: spread, margin: radius) else {
        continue
      }
      add(
        .druse,
        at: place,
        radii: radius * SIMD2(1, random.nextUniform(in: 0.8..<1)),
        axis: random.nextDirection(),
        roughness: 0.2,
        strength: random.nextUniform(in: 0.6..<1)
      )
    }
  }
}
