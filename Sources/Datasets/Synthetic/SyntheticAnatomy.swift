import Randomness

/// How places on the retina and points of the picture relate.
///
/// Retinal places are in disc diameters from the disc's centre: x temporal, along the axis from the
/// disc to the fovea, y inferior. Picture points are in picture widths, x right, y down. The same
/// anatomy so serves both eyes and every picture size.
struct RetinaFrame {
  /// The disc's centre in the picture.
  let origin: SIMD2<Double>
  /// Picture widths per disc diameter.
  let scale: Double
  /// The temporal direction in the picture.
  let temporal: SIMD2<Double>
  /// The inferior direction in the picture.
  let inferior: SIMD2<Double>

  /// Where a retinal place lies in the picture.
  @inline(__always)
  func point(_ place: SIMD2<Double>) -> SIMD2<Double> {
    origin + scale * (place.x * temporal + place.y * inferior)
  }

  /// The retinal place that a picture point shows.
  @inline(__always)
  func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
    let offset = (point - origin) / scale
    return SIMD2(offset.dot(temporal), offset.dot(inferior))
  }

  /// A retinal direction as the picture shows it.
  @inline(__always)
  func direction(_ direction: SIMD2<Double>) -> SIMD2<Double> {
    direction.x * temporal + direction.y * inferior
  }
}

/// The centre of a pixel in picture widths.
///
/// - Parameters:
///   - index: the pixel's, row by row.
///   - size: the picture's width and height in pixels.
/// - Returns: the centre, right and down from the picture's upper left corner.
@inline(__always)
func pixelCentre(_ index: Int, _ size: Int) -> SIMD2<Double> {
  let row = index / size
  return SIMD2(Double(index - row * size) + 0.5, Double(row) + 0.5) / Double(size)
}

/// The camera's field of view in picture widths: a disc, perhaps cut at the top and the bottom.
struct FieldOfView {
  let centre: SIMD2<Double>
  let radius: Double
  /// Half the field's height.
  let halfHeight: Double

  /// How far inside the field a point lies, in picture widths; negative outside.
  @inline(__always)
  func depth(_ point: SIMD2<Double>) -> Double {
    let offset = point - centre
    return min(radius - offset.length, halfHeight - abs(offset.y))
  }
}

/// An ellipse on the retina.
struct RetinalEllipse {
  /// The centre in disc diameters.
  let centre: SIMD2<Double>
  /// The half axes: along `axis` and across it.
  let radii: SIMD2<Double>
  /// The direction of the first half axis.
  let axis: SIMD2<Double>

  /// The distance from the centre in half axes: 1 on the ellipse.
  @inline(__always)
  func radius(at place: SIMD2<Double>) -> Double {
    let offset = place - centre
    return SIMD2(offset.dot(axis) / radii.x, offset.dot(axis.perpendicular) / radii.y).length
  }
}

/// The disc, cup and fovea of one eye, and how the camera looks at them.
struct SyntheticAnatomy {
  let frame: RetinaFrame
  let field: FieldOfView
  /// The fovea: about two and a half disc diameters temporal of the disc.
  let fovea: SIMD2<Double>
  let disc: RetinalEllipse
  let cup: RetinalEllipse
  /// The crescent's outer rim, nil where there is none.
  let crescent: RetinalEllipse?

  /// Draws the anatomy of an eye.
  ///
  /// - Parameters:
  ///   - patient: the eye's patient.
  ///   - conditions: what the eye shows.
  ///   - eye: 0 for the right eye, 1 for the left.
  ///   - random: the eye's stream for anatomy.
  init(
    of patient: SyntheticPatient,
    _ conditions: SyntheticConditions,
    eye: Int,
    _ random: inout RandomSource
  ) {
    let fovea = SIMD2(2.5 + 0.12 * random.nextBell(), 0.05 * random.nextBell())
    self.fovea = fovea
    let tilt = (conditions.crescentWidth ?? 0) * 0.35
    let height = 0.5 * (1 + 0.05 * random.nextBell())
    let slimness = random.nextUniform(in: 0.87..<0.97) - tilt
    let axis = SyntheticArithmetic.direction((0.1 + tilt) * random.nextBell())
    let disc = RetinalEllipse(centre: .zero, radii: SIMD2(height * slimness, height), axis: axis)
    self.disc = disc
    let isLarge = conditions.cupToDiscRatio >= SyntheticConditions.largeCup
    let roundness = random.nextUniform(in: isLarge ? 0.85..<0.96 : 0.92..<1.06)
    let cupRadii = disc.radii * conditions.cupToDiscRatio * SIMD2(roundness, 1)
    // The cup stays inside the disc: its centre moves by less than the rim is wide.
    let room = disc.radii - cupRadii
    let drift = SIMD2(
      0.1 + 0.3 * random.nextUniform(),
      (isLarge ? 0.3 * random.nextUniform() : 0) + 0.06 * random.nextBell()
    )
    cup = RetinalEllipse(
      centre: axis * (room.x * drift.x) + axis.perpendicular * (room.y * min(drift.y, 0.4)),
      radii: cupRadii,
      axis: axis
    )
    let surround = random.nextUniform(in: -0.3..<0.5)
    crescent = conditions.crescentWidth.map { width in
      // Wide crescents may go round the whole disc.
      let ring = max(0, surround) * max(0, width - 0.2)
      return RetinalEllipse(
        centre: axis * (width * 0.5 + 0.012),
        radii: disc.radii + SIMD2(width * 0.5 + ring, width * 0.1 + ring),
        axis: axis
      )
    }
    (field, frame) = Self.view(of: patient, fovea: fovea, eye: eye, &random)
  }

  /// Points the camera: at the macula, between macula and disc, or, seldom, near the disc.
  private static func view(
    of patient: SyntheticPatient,
    fovea: SIMD2<Double>,
    eye: Int,
    _ random: inout RandomSource
  ) -> (FieldOfView, RetinaFrame) {
    let radius = random.nextUniform(in: 0.475..<0.497)
    let slack = 0.8 * (0.5 - radius)
    let field = FieldOfView(
      centre: SIMD2(
        0.5 + slack * (random.nextUniform() * 2 - 1),
        0.5 + slack * (random.nextUniform() * 2 - 1)
      ),
      radius: radius,
      halfHeight: radius * patient.fieldCut
    )
    let choice = random.nextUniform()
    let share = choice < 0.5 ? 0.92 : choice < 0.93 ? 0.6 : 0.3
    let aim =
      SIMD2(fovea.x * share, 0) + SIMD2(0.12 * random.nextBell(), 0.14 * random.nextBell())
    // The fovea lies some 6° below the disc's centre.
    let tilt = SyntheticArithmetic.direction(0.105 + 0.06 * random.nextBell())
    // A right eye's temporal side is on the picture's left.
    let side: Double = eye == 0 ? -1 : 1
    let temporal = SIMD2(side * tilt.x, tilt.y)
    let inferior = SIMD2(-side * tilt.y, tilt.x)
    let scale = radius / patient.fieldRadius
    let origin = field.centre - scale * (aim.x * temporal + aim.y * inferior)
    return (
      field,
      RetinaFrame(origin: origin, scale: scale, temporal: temporal, inferior: inferior)
    )
  }

  /// The direction of the nerve fibres at a place, which the arcades follow too.
  ///
  /// Temporal of the disc fibres run along y = k·√x·exp(−0.15 (x / fovea)²): they leave the disc
  /// upwards and downwards, bend round the macula and close in on the raphe; nasal of it they are
  /// straight.
  ///
  /// - Parameter place: in disc diameters.
  /// - Returns: a unit vector that points away from the disc.
  func fibreDirection(at place: SIMD2<Double>) -> SIMD2<Double> {
    guard place.x > 0 else { return place.normalized }
    let closing = 1 - 0.6 * (place.x / fovea.x) * (place.x / fovea.x)
    return SIMD2(2 * place.x, place.y * max(closing, -1)).normalized
  }

  /// The height of the fibre of a given `k` over the axis from disc to fovea; see
  /// `fibreDirection(at:)`.
  ///
  /// - Parameters:
  ///   - x: how far temporal of the disc's centre, at least 0.
  ///   - k: which fibre; the arcades lie near 1.45.
  /// - Returns: the height in disc diameters, at least 0.
  func fibreHeight(at x: Double, k: Double) -> Double {
    let share = x / fovea.x
    return k * x.squareRoot() * SyntheticArithmetic.exponential(-0.15 * share * share)
  }

  /// Whether a lesion may lie at a place: in the field, clear of its rim, and off the disc.
  ///
  /// - Parameters:
  ///   - place: the lesion's centre.
  ///   - margin: how far its rim must keep from the field's rim and the disc, in disc diameters.
  /// - Returns: whether the whole lesion is seen.
  func isOpen(_ place: SIMD2<Double>, margin: Double) -> Bool {
    field.depth(frame.point(place)) > (margin + 0.12) * frame.scale
      && place.length > 0.62 + margin
  }
}
