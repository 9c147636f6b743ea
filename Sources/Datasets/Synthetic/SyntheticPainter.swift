import Randomness

/// Paints the retina of an eye, evenly lit and in focus.
///
/// The ground's colour is multiplied by what the pigments let through and mixed with what lies on
/// it; blood attenuates each channel by Beer and Lambert's law.
struct SyntheticPainter {
  let scene: SyntheticScene
  let size: Int
  private let noise: SyntheticNoise
  let layers: SyntheticLayers
  /// Where this eye's texture begins in the noise.
  private let shift: SIMD2<Float>
  private let sheen: Float
  private let fovealReflex: Float
  private let maculaDepth: Float
  /// The lost nerve fibres of a glaucomatous eye: their middle and half their width in the arcades'
  /// k, negative above; see `SyntheticAnatomy.fibreHeight(at:k:)`.
  private let lostFibres: (middle: Double, halfWidth: Double)?

  /// How far from its centre the disc, its crescent and their light reach, in disc diameters.
  static let discReach = 1.6

  /// How blood absorbs red, green and blue.
  private static let arterialBlood: SIMD4<Float> = [0.13, 0.72, 0.46, 0]
  private static let venousBlood: SIMD4<Float> = [0.36, 1.02, 0.52, 0]
  private static let spiltBlood: SIMD4<Float> = [0.42, 1.45, 0.95, 0]
  private static let foveaPigment: SIMD4<Float> = [0.55, 0.85, 1.0, 0]

  private static let exudate: SIMD4<Float> = [1.02, 0.90, 0.42, 0]
  private static let cottonWool: SIMD4<Float> = [0.96, 0.87, 0.68, 0]
  private static let druse: SIMD4<Float> = [0.98, 0.76, 0.36, 0]
  private static let sclera: SIMD4<Float> = [0.95, 0.77, 0.51, 0]
  private static let rim: SIMD4<Float> = [0.97, 0.54, 0.33, 0]
  private static let cup: SIMD4<Float> = [1.02, 0.88, 0.60, 0]

  /// Prepares an eye: grows its vessels and draws its layers.
  ///
  /// - Parameters:
  ///   - scene: the eye.
  ///   - size: the picture's width and height in pixels.
  ///   - vessels: the eye's stream for vessels.
  ///   - texture: the eye's stream for textures.
  init(
    _ scene: SyntheticScene,
    size: Int,
    vessels: RandomSource,
    texture: RandomSource
  ) {
    var random = texture
    self.scene = scene
    self.size = size
    noise = SyntheticNoise(&random)
    shift = SIMD2(Float(64 * random.nextUniform()), Float(64 * random.nextUniform()))
    let youth = max(0, 1 - 1.3 * scene.patient.age)
    sheen = Float(youth * random.nextUniform(in: 0.4..<1))
    fovealReflex = random.happens(0.75) ? Float(youth * random.nextUniform(in: 0.2..<0.8)) : 0
    maculaDepth = Float(random.nextUniform(in: 0.22..<0.5))
    let side = random.happens(0.4) ? -1.0 : 1.0
    let middle = side * random.nextUniform(in: 0.75..<1.35)
    let halfWidth = 0.08 + 0.2 * scene.conditions.severity
    lostFibres = scene.conditions.grade == .glaucoma ? (middle, halfWidth) : nil
    layers = SyntheticLayers(
      of: scene,
      size: size,
      vessels: SyntheticVesselTree.vessels(of: scene.anatomy, scene.patient, vessels),
      noise: noise,
      &random
    )
  }

  /// Paints the retina.
  ///
  /// - Returns: `size × size` pixels of red, green, blue and nothing, in display values of about
  ///   0 … 1; black far outside the field.
  func paint() -> [SIMD4<Float>] {
    var pixels = [SIMD4<Float>](repeating: .zero, count: size * size)
    // Beyond the field's rim as far as its blur reaches into it.
    let beyond = -(3 * scene.conditions.blur + 2 / Double(size))
    for index in pixels.indices {
      let point = pixelCentre(index, size)
      guard scene.anatomy.field.depth(point) > beyond else { continue }
      pixels[index] = colour(at: scene.anatomy.frame.place(point), index)
    }
    return pixels
  }

  /// The colour of one place.
  @inline(__always)
  private func colour(at place: SIMD2<Double>, _ index: Int) -> SIMD4<Float> {
    let fromFovea = Float((place - scene.anatomy.fovea).length)
    var colour = ground(at: place, fromFovea, choroid(index))
    colour = withDisc(colour, at: place)
    colour = mix(colour, Self.druse, 0.55 * layers.drusen.values[index])
    colour = mix(colour, Self.exudate, 0.92 * layers.exudates.values[index])
    let wool = layers.cottonWool.values[index]
    colour = mix(colour, Self.cottonWool, 0.78 * wool)
    let arteries = layers.arteries.values[index]
    let veins = layers.veins.values[index] * (1 - 0.5 * arteries)
    let vessels = Self.arterialBlood * arteries + Self.venousBlood * veins
    let density = vessels * (1 - 0.7 * wool) + Self.spiltBlood * layers.blood.values[index]
    if density[1] > 0 { colour *= SyntheticArithmetic.exponential(-density) }
    let reflex = layers.reflexes.values[index] * (1 - wool)
    colour += (SIMD4<Float>(0.16, 0.10, 0.08, 0) * reflex) * colour[0]
    return colour
  }

  /// How much of the choroid's vessels lies under a pixel, 0 … 1.
  @inline(__always)
  private func choroid(_ index: Int) -> Float {
    let ratio = Float(layers.choroid.size) / Float(size)
    return layers.choroid.value(
      atX: (Float(index % size) + 0.5) * ratio,
      (Float(index / size) + 0.5) * ratio
    )
  }

  /// The ground: pigment, choroid, nerve fibres and macula.
  @inline(__always)
  private func ground(
    at place: SIMD2<Double>,
    _ fromFovea: Float,
    _ choroid: Float
  ) -> SIMD4<Float> {
    let (x, y) = (Float(place.x), Float(place.y))
    let base = scene.patient.ground
    let broad = noise.fractal(x * 0.55 + shift.x, y * 0.55 + shift.y, octaves: 2)
    let fine = noise.fractal(x * 5 + shift.y, y * 5 + shift.x, octaves: 3)
    var colour = base * (1 + SIMD4<Float>(0.05, 0.09, 0.10, 0) * broad)
    colour *= 1 + SIMD4<Float>(0.018, 0.032, 0.03, 0) * fine
    // The pigment of the macula hides the choroid.
    let bare = SyntheticArithmetic.smoothStep(0.35, 1.5, fromFovea)
    let patchy = 0.8 + 0.35 * broad
    let shown = Float(scene.conditions.tessellation) * (0.25 + 0.75 * bare) * patchy
    let between = SIMD4<Float>(0.30, 0.38, 0.34, 0) * (shown * (1 - choroid))
    let vessel = SIMD4<Float>(0.08, 0.06, -0.12, 0) * (shown * choroid)
    colour *= 1 - between + vessel
    colour += fibreSheen(at: place, x, y)
    if lostFibres != nil { colour *= 1 - SIMD4<Float>(0.10, 0.17, 0.15, 0) * fibreLoss(at: place) }
    return withMacula(colour, fromFovea, fine)
  }

  /// The silvery streaks of the nerve fibres around the disc and along the arcades.
  @inline(__always)
  private func fibreSheen(at place: SIMD2<Double>, _ x: Float, _ y: Float) -> SIMD4<Float> {
    guard sheen > 0.02 else { return .zero }
    let distance = (x * x + y * y).squareRoot()
    let fade = SyntheticArithmetic.exponential(SIMD4(repeating: -0.75 * max(distance - 0.4, 0)))[0]
    guard fade > 0.04 else { return .zero }
    // A fibre keeps the direction in which it left the disc, bent back over the macula.
    let bend = x > 0 ? 1 + 0.35 * x * x / max(distance, 0.3) : 1
    let length = max((x * x + y * y * bend * bend).squareRoot(), 1e-3)
    let (across, along) = (y * bend / length, x / length)
    let streak = noise.fractal(
      across * 26 + shift.x + distance * 0.9,
      along * 26 + shift.y,
      octaves: 2
    )
    // Thickest above and below, thin towards the macula.
    let thickness = across * across
    let strength = sheen * fade * (0.2 + 0.8 * thickness) * (0.6 + 0.35 * streak)
    return SIMD4<Float>(0.16, 0.20, 0.18, 0) * max(strength, 0)
  }

  /// How much of the nerve fibre layer is lost at a place, 0 … 1: a wedge that leaves the disc and
  /// bends round the macula.
  private func fibreLoss(at place: SIMD2<Double>) -> Float {
    guard let lostFibres, place.x > 0.2, place.x < 3.4, place.y * lostFibres.middle > 0 else {
      return 0
    }
    let unit = scene.anatomy.fibreHeight(at: place.x, k: 1)
    let miss = abs(place.y / unit - lostFibres.middle)
    let inside = 1 - SyntheticArithmetic.smoothStep(0.55, 1.15, miss / lostFibres.halfWidth)
    let begun = SyntheticArithmetic.smoothStep(0.2, 0.6, place.x)
    let faded = 1 - SyntheticArithmetic.smoothStep(1.6, 3.4, place.x)
    return Float(inside * begun * faded * scene.conditions.lesionContrast)
  }

  /// Darkens the macula and sets the fovea's reflexes.
  @inline(__always)
  private func withMacula(
    _ ground: SIMD4<Float>,
    _ fromFovea: Float,
    _ fine: Float
  ) -> SIMD4<Float> {
    guard fromFovea < 1.6 else { return ground }
    let square = fromFovea * fromFovea
    let depths = SyntheticArithmetic.exponential(
      [-square / 0.34, -square / 0.035, -square / 0.0022, 0]
    )
    let pigment = maculaDepth * depths[0] + 0.32 * maculaDepth * depths[1]
    var colour = ground * SyntheticArithmetic.exponential(Self.foveaPigment * -pigment)
    colour += SIMD4<Float>(0.30, 0.24, 0.16, 0) * (fovealReflex * depths[2])
    let ring = (fromFovea - 0.62) / 0.1
    if abs(ring) < 3 {
      let glow = SyntheticArithmetic.exponential(SIMD4(repeating: -ring * ring))[0]
      colour += SIMD4<Float>(0.035, 0.045, 0.04, 0) * (fovealReflex * glow)
    }
    if scene.conditions.grade == .macularDegeneration {
      // Clumps of pigment and bare patches between drusen.
      colour *= 1 + SIMD4<Float>(0.10, 0.15, 0.15, 0) * (fine * depths[0])
    }
    return colour
  }

  /// Puts the disc, its cup and the crescent over the ground.
  @inline(__always)
  private func withDisc(_ ground: SIMD4<Float>, at place: SIMD2<Double>) -> SIMD4<Float> {
    let anatomy = scene.anatomy
    guard place.length < Self.discReach else { return ground }
    var colour = ground
    let (x, y) = (Float(place.x) * 4 + shift.x, Float(place.y) * 4 + shift.y)
    let texture = noise.fractal(x, y, octaves: 2)
    let radius = Float(anatomy.disc.radius(at: place)) + 0.022 * texture
    // Light from the disc spreads into the retina around it.
    let halo = SyntheticArithmetic.exponential(SIMD4(repeating: -3.2 * max(radius - 1, 0)))[0]
    colour = mix(colour, Self.rim, 0.16 * halo)
    if let crescent = anatomy.crescent {
      let outer = Float(crescent.radius(at: place)) + 0.035 * texture
      let bare = 1 - SyntheticArithmetic.smoothStep(0.93, 1.04, outer)
      colour = mix(colour, Self.sclera, bare * (0.66 + 0.12 * texture))
      // Pigment heaps up along the crescent's outer rim.
      let heap = max(0, 1 - abs(outer - 1.05) / 0.09) * max(0, 0.3 + texture)
      colour *= 1 - SIMD4<Float>(0.24, 0.32, 0.3, 0) * heap
    }
    let edge: Float = 0.075
    let inside = 1 - SyntheticArithmetic.smoothStep(1 - edge, 1 + edge, radius)
    guard inside > 0 else { return colour }
    // The nasal rim is the reddest, the temporal one the palest.
    let temporal = Float(place.dot(anatomy.disc.axis) / anatomy.disc.radii.x)
    let tissue = mix(Self.rim, Self.cup, 0.10 + 0.16 * temporal + 0.05 * texture)
    let depth = 1 - SyntheticArithmetic.smoothStep(0.72, 1.12, Float(anatomy.cup.radius(at: place)))
    let disc = mix(tissue, Self.cup, 0.9 * depth)
    return mix(colour, mix(disc, scene.patient.ground * 1.5, 0.22), inside)
  }

  @inline(__always)
  private func mix(_ low: SIMD4<Float>, _ high: SIMD4<Float>, _ share: Float) -> SIMD4<Float> {
    low + (high - low) * share
  }
}
