import Randomness

/// What the two eyes of a synthetic patient share: disease, pigment, camera.
struct SyntheticPatient {
  /// The disease that each eye shows with a probability of `expression`.
  var disease: SyntheticGrade
  /// How far the disease has gone, 0 … 1.
  var severity: Double
  /// From 0, a child's bright reflexes, to 1, an old person's dull ones.
  var age: Double
  /// The fundus's own colour in display values.
  var ground: SIMD4<Float>
  /// The camera's colour balance, per channel.
  var colourBalance: SIMD4<Float>
  /// The radius of the camera's field in disc diameters.
  var fieldRadius: Double
  /// Half the height of the field in radii: 1 is round, less is cut at the top and the bottom.
  var fieldCut: Double
  /// Whether the camera marks the upper right rim of the field with a notch.
  var hasNotch: Bool
  /// How wide and how tortuous the vessels are, about 1.
  var vesselWidth: Double
  var tortuosity: Double
  /// Whether the choroid shows through, myopia aside.
  var hasThinPigment: Bool

  /// How likely an eye is to show its patient's disease.
  static let expression = 0.88

  /// The share of patients without a disease, where nobody asks for another.
  static let healthy = 0.22

  /// How often each disease is a patient's.
  private static let diseases: [(SyntheticGrade, Double)] = [
    (.diabeticRetinopathy, 0.30), (.macularDegeneration, 0.16), (.glaucoma, 0.16), (.myopia, 0.16),
  ]

  /// How often a patient is healthy, or has each disease; diseases keep their proportions.
  private static func shares(healthy: Double) -> [(SyntheticGrade, Double)] {
    // Exactly 1 for the usual share.
    let factor = (1 - healthy) / (1 - Self.healthy)
    return [(.normal, healthy)] + diseases.map { ($0, $1 * factor) }
  }

  /// The grounds of real photographs: orange, red, red-orange, brown, yellow-brown, pink, dark
  /// brown, and a saturated orange.
  private static let grounds: [SIMD4<Float>] = [
    [0.74, 0.36, 0.15, 0], [0.80, 0.33, 0.22, 0], [0.72, 0.31, 0.12, 0], [0.58, 0.29, 0.17, 0],
    [0.70, 0.37, 0.09, 0], [0.74, 0.41, 0.27, 0], [0.50, 0.22, 0.12, 0], [0.76, 0.33, 0.06, 0],
  ]

  /// Draws a patient.
  ///
  /// - Parameters:
  ///   - seed: the collection's seed.
  ///   - number: the patient's number.
  ///   - healthy: how often a patient has no disease, 0 … 1.
  init(seed: UInt64, number: Int, healthy: Double) {
    var random = RandomSource(seed: seed, patient: number, eye: nil, for: .traits)
    var share = random.nextUniform()
    disease = .normal
    for (candidate, probability) in Self.shares(healthy: healthy) {
      if share >= 0 && share < probability { disease = candidate }
      share -= probability
    }
    severity = random.nextUniform()
    let youth = random.nextUniform()
    age = disease == .macularDegeneration ? 0.6 + 0.4 * youth : youth
    let first = random.pick(Self.grounds)
    let second = random.pick(Self.grounds)
    ground = first + (second - first) * Float(random.nextUniform() * 0.5)
    colourBalance = [
      1, Float(random.nextUniform(in: 0.92..<1.06)), Float(random.nextUniform(in: 0.7..<1.15)), 1,
    ]
    fieldRadius = random.nextUniform(in: 3.15..<3.9)
    fieldCut = random.happens(0.35) ? random.nextUniform(in: 0.8..<0.93) : 1
    hasNotch = random.happens(0.3)
    vesselWidth = random.nextUniform(in: 0.88..<1.2)
    tortuosity = random.nextUniform(in: 0.5..<1.3) + (random.happens(0.1) ? 0.7 : 0)
    hasThinPigment = random.happens(0.08 + 0.16 * age)
  }
}

/// What one eye shows, drawn from its patient's disease.
struct SyntheticConditions {
  /// The disease that this eye shows.
  var grade: SyntheticGrade
  /// How far it has gone in this eye, 0 … 1.
  var severity: Double
  /// The vertical cup-to-disc ratio; at least 0.6 in glaucoma, and seldom so without.
  var cupToDiscRatio: Double
  /// How wide the crescent beside the disc is, in disc diameters; nil where there is none.
  var crescentWidth: Double?
  /// How much of the choroid shows, 0 … 1; what is at least `tessellated` is a finding.
  var tessellation: Double
  /// Whether a few small drusen have come with age, the disease aside.
  var hasAgeDrusen: Bool
  /// The blur's deviation as a share of the picture's width.
  var blur: Double
  /// Whether the blur is strong enough to be a finding.
  var isBlurred: Bool
  /// How much of a milky veil lies over the photograph, 0 … 1.
  var haze: Double
  /// How much weaker than textbook lesions the eye's own are, 0.35 … 1.1.
  var lesionContrast: Double

  /// From how much `tessellation` on it is a finding.
  static let tessellated = 0.45
  /// From which vertical cup-to-disc ratio on a cup is large.
  static let largeCup = 0.6

  /// Draws the conditions of an eye.
  ///
  /// - Parameters:
  ///   - patient: the eye's patient.
  ///   - seed: the collection's seed.
  ///   - number: the patient's number.
  ///   - eye: 0 for the right eye, 1 for the left.
  ///   - difficulty: from 0, clear, to 1, hard: fainter lesions, cups nearer to the limit.
  init(of patient: SyntheticPatient, seed: UInt64, number: Int, eye: Int, difficulty: Double) {
    var random = RandomSource(seed: seed, patient: number, eye: eye, for: .conditions)
    grade = random.happens(SyntheticPatient.expression) ? patient.disease : .normal
    severity = min(max(patient.severity + 0.1 * random.nextBell(), 0.02), 1)
    let spread = random.nextBell()
    let isLarge = grade == .glaucoma || random.happens(0.03)
    cupToDiscRatio =
      isLarge
      ? min(max(0.78 - 0.08 * difficulty + 0.07 * spread, 0.62), 0.92)
      : min(max(0.33 + 0.06 * difficulty + 0.09 * spread, 0.14), 0.56)
    let width = 0.15 + 0.38 * severity + 0.05 * random.nextUniform()
    let hasCrescent = random.happens(grade == .myopia ? 0.92 : grade == .glaucoma ? 0.08 : 0.02)
    crescentWidth = hasCrescent ? (grade == .myopia ? width : 0.12 + 0.2 * width) : nil
    let thinness = random.nextUniform()
    // A myopic eye shows a crescent, a tessellated ground or both.
    let isStretched = random.happens(0.8) || !hasCrescent
    let isThin = patient.hasThinPigment || (grade == .myopia && isStretched)
    tessellation = isThin ? 0.5 + 0.5 * thinness : 0.3 * thinness * thinness
    hasAgeDrusen = random.happens(max(0, patient.age - 0.45) * 0.35)
    isBlurred = random.happens(0.09)
    let defocus = random.nextUniform()
    blur = isBlurred ? 0.0065 + 0.006 * defocus : 0.0008 + 0.0024 * defocus * defocus
    let veil = random.nextUniform()
    haze = isBlurred ? 0.08 + 0.3 * veil : 0.1 * veil * veil * (0.3 + patient.age)
    lesionContrast = min(max(1.08 - 0.45 * difficulty + 0.12 * random.nextBell(), 0.35), 1.1)
  }
}
