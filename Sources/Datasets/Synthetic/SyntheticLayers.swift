import Randomness

/// The vessels and lesions of an eye, each drawn into a plane of its own.
struct SyntheticLayers {
  /// The blood in arteries and in veins, 0 … 1.
  var arteries: SyntheticPlane
  var veins: SyntheticPlane
  /// The light that the vessels' walls reflect, 0 … 1.
  var reflexes: SyntheticPlane
  /// The choroid's vessels, 0 … 1, at half the resolution.
  var choroid: SyntheticPlane
  /// The blood in haemorrhages and microaneurysms, 0 … 1.
  var blood: SyntheticPlane
  var exudates: SyntheticPlane
  var cottonWool: SyntheticPlane
  var drusen: SyntheticPlane
  /// Masks of what is drawn here; those of disc, cup, crescent and field follow from the anatomy.
  var masks: [SyntheticMask: [UInt8]] = [:]

  private let frame: RetinaFrame
  private let size: Int
  private let pixelsPerDisc: Float

  /// Draws an eye's vessels and lesions.
  ///
  /// - Parameters:
  ///   - scene: the eye.
  ///   - size: the picture's width and height in pixels.
  ///   - vessels: what `SyntheticVesselTree` grew.
  ///   - noise: what lesions' outlines are roughened with.
  ///   - random: the eye's stream for textures.
  init(
    of scene: SyntheticScene,
    size: Int,
    vessels: [SyntheticVessel],
    noise: SyntheticNoise,
    _ random: inout RandomSource
  ) {
    let empty = SyntheticPlane(size: size)
    (arteries, veins, reflexes) = (empty, empty, empty)
    choroid = SyntheticPlane(size: (size + 1) / 2)
    (blood, exudates, cottonWool, drusen) = (empty, empty, empty, empty)
    frame = scene.anatomy.frame
    self.size = size
    pixelsPerDisc = Float(frame.scale * Double(size))
    drawChoroid(scene.conditions.tessellation, scene.anatomy, &random)
    for vessel in vessels { draw(vessel, shine: Float(1 - 0.6 * scene.patient.age)) }
    drawVesselMask()
    for lesion in scene.lesions { draw(lesion, noise) }
  }

  /// A retinal place in pixels.
  @inline(__always)
  private func pixel(_ place: SIMD2<Double>) -> SIMD2<Float> {
    SIMD2<Float>(frame.point(place) * Double(size))
  }

  // MARK: Vessels

  private mutating func draw(_ vessel: SyntheticVessel, shine: Float) {
    for (start, end) in zip(vessel.nodes, vessel.nodes.dropFirst()) {
      let width = Float(start.width + end.width) * 0.5 * pixelsPerDisc
      let (from, to) = (pixel(start.place), pixel(end.place))
      let softness = max(0.6, 0.12 * width)
      // Thin vessels hold less blood and let more of the ground through.
      let depth = Float(min(0.34 + (start.width + end.width) * 6.5, 1))
      if vessel.isArtery {
        arteries.stroke(from: from, to: to, width: width, strength: depth, softness: softness)
      } else {
        veins.stroke(from: from, to: to, width: width, strength: depth, softness: softness)
      }
      if width > 1.6 {
        let strength = min((width - 1.6) * 0.5, 1) * (vessel.isArtery ? 1 : 0.4) * shine
        reflexes.stroke(
          from: from,
          to: to,
          width: width * 0.26,
          strength: strength,
          softness: softness
        )
      }
    }
  }

  private mutating func drawVesselMask() {
    masks[.vessels] = zip(arteries.values, veins.values).map { max($0, $1) > 0.25 ? 255 : 0 }
  }

  /// Draws the choroid's broad vessels, a mesh that runs from the posterior pole outwards, at half
  /// the picture's resolution.
  private mutating func drawChoroid(
    _ tessellation: Double,
    _ anatomy: SyntheticAnatomy,
    _ random: inout RandomSource
  ) {
    guard tessellation > 0.06 else { return }
    let ratio = Float(choroid.size) / Float(size)
    let pixelsPerDisc = pixelsPerDisc * ratio
    let middle = SIMD2(1.2, 0.0)
    for _ in 0..<170 {
      let outwards = random.nextDirection()
      var place = middle + outwards * (0.1 + 3.8 * random.nextUniform().squareRoot())
      var heading = outwards.rotated(by: 0.5 * random.nextBell())
      let width = Float(random.nextUniform(in: 0.07..<0.15)) * pixelsPerDisc
      let strength = Float(random.nextUniform(in: 0.5..<1))
      let steps = 8 + random.nextIndex(below: 14)
      var bend = 0.0
      for step in 0..<steps {
        bend = 0.8 * bend + 0.1 * random.nextBell()
        let away = (place - middle).normalized
        heading = (heading.rotated(by: bend) + 0.08 * away).normalized
        let next = place + 0.11 * heading
        // Vessels rise out of the depth and sink back into it.
        let end = Float(min(step + 1, steps - step)) / 4
        choroid.stroke(
          from: pixel(place) * ratio,
          to: pixel(next) * ratio,
          width: width,
          strength: strength * min(end, 1),
          softness: max(0.8, 0.75 * width)
        )
        place = next
      }
    }
  }

  // MARK: Lesions

  private mutating func draw(_ lesion: SyntheticLesion, _ noise: SyntheticNoise) {
    let kind = lesion.kind.mask
    var mask = masks[kind] ?? [UInt8](repeating: 0, count: size * size)
    masks[kind] = nil
    switch lesion.kind {
    case .microaneurysm, .dot, .blot, .flame:
      draw(lesion, noise, softness: 0.22, into: &blood, &mask)
    case .exudate: draw(lesion, noise, softness: 0.2, into: &exudates, &mask)
    case .cottonWool: draw(lesion, noise, softness: 0.6, into: &cottonWool, &mask)
    case .druse: draw(lesion, noise, softness: 0.45, into: &drusen, &mask)
    }
    masks[kind] = mask
  }

  /// Draws one lesion: an ellipse with a ragged and soft rim, streaked along its axis in a flame.
  ///
  /// - Parameters:
  ///   - lesion: the lesion.
  ///   - noise: what makes its rim ragged.
  ///   - softness: how far its rim is spread, in half axes.
  ///   - plane: what it is drawn into; the strongest lesion at each pixel stays.
  ///   - mask: 255 inside the ragged outline, and at the lesion's centre however small it is.
  private func draw(
    _ lesion: SyntheticLesion,
    _ noise: SyntheticNoise,
    softness: Float,
    into plane: inout SyntheticPlane,
    _ mask: inout [UInt8]
  ) {
    let centre = pixel(lesion.outline.centre)
    let axis = SIMD2<Float>(frame.direction(lesion.outline.axis))
    let wanted = SIMD2<Float>(lesion.outline.radii) * pixelsPerDisc
    // What is smaller than a lens resolves is drawn larger and fainter.
    let radii = SIMD2(max(wanted.x, 0.85), max(wanted.y, 0.85))
    let faded = max((wanted.x * wanted.y / (radii.x * radii.y)).squareRoot(), 0.45)
    let strength = Float(lesion.strength) * faded
    let rim = max(softness, 0.55 / min(radii.x, radii.y))
    let roughness = Float(lesion.roughness)
    let origin = SIMD2<Float>(lesion.noisePlace)
    let isFlame = lesion.kind == .flame
    let reach = max(radii.x, radii.y) * (1 + rim + 0.8 * roughness)
    let (columns, rows) = SyntheticPlane.columnsAndRows(
      of: size,
      from: centre - reach,
      to: centre + reach
    )
    for row in rows {
      for column in columns {
        let offset = SIMD2(Float(column) + 0.5, Float(row) + 0.5) - centre
        let along = (offset.x * axis.x + offset.y * axis.y) / radii.x
        let across = (offset.y * axis.x - offset.x * axis.y) / radii.y
        let raggedness =
          isFlame
          ? noise.value(origin.x + along * 0.6, origin.y + across * 3.2)
          : noise.fractal(origin.x + along * 1.4, origin.y + across * 1.4, octaves: 2)
        let radius = (along * along + across * across).squareRoot() + roughness * 0.6 * raggedness
        guard radius < 1 + rim else { continue }
        let index = row * size + column
        if radius < 1 { mask[index] = 255 }
        let body = 1 - SyntheticArithmetic.smoothStep(1 - rim, 1 + rim, radius)
        let streak = isFlame ? 0.75 + 0.35 * raggedness : 0.9 + 0.1 * raggedness
        plane.values[index] = max(plane.values[index], strength * body * streak)
      }
    }
    let (column, row) = (Int(centre.x), Int(centre.y))
    if centre.x >= 0 && centre.y >= 0 && column < size && row < size {
      mask[row * size + column] = 255
    }
  }
}
