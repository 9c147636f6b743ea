import Randomness

/// A vessel of the retina: a line of nodes from its root to its tip.
struct SyntheticVessel {
  /// A place on the vessel and its width there, both in disc diameters.
  struct Node {
    let place: SIMD2<Double>
    let width: Double
  }

  let isArtery: Bool
  let nodes: [Node]
}

/// Grows the arteries and veins of an eye from its disc.
///
/// Four pairs of trunks leave the disc: the temporal ones bend round the macula as the nerve fibres
/// do, the nasal ones run straight. They branch by Murray's law (the cubes of the widths add up),
/// twigs turn to the macula or to the periphery, never enter the fovea, and end before another twig
/// of their kind; arteries and veins cross.
///
/// Source: Murray, "The physiological principle of minimum work", PNAS 12, 1926.
struct SyntheticVesselTree {
  /// Where a vessel is going.
  private enum Goal {
    /// Along the arcade of this k; see `SyntheticAnatomy.fibreDirection(at:)`. `side` is the sign of
    /// y.
    case arcade(k: Double, side: Double)
    case direction(SIMD2<Double>)
    /// To this place near the macula, ending short of the fovea.
    case macula(SIMD2<Double>)
  }

  /// A vessel that has still to grow.
  private struct Bud {
    let isArtery: Bool
    let place: SIMD2<Double>
    let heading: SIMD2<Double>
    let width: Double
    let goal: Goal
    /// 0 for a trunk, one more for each branching.
    let order: Int
    /// The vessel that it comes from; −1 for the disc.
    let parent: Int
  }

  private static let step = 0.055
  private static let thinnest = 0.011

  private let anatomy: SyntheticAnatomy
  private let tortuosity: Double
  private var random: RandomSource
  private var buds: [Bud] = []
  private var nextBud = 0
  private var grown: [SyntheticVessel] = []
  private var occupied = SyntheticVesselGrid()

  /// Grows all vessels of an eye.
  ///
  /// - Parameters:
  ///   - anatomy: the eye's anatomy.
  ///   - patient: whose vessels' width and tortuosity are used.
  ///   - random: the eye's stream for vessels.
  /// - Returns: the vessels, wider ones before their branches.
  static func vessels(
    of anatomy: SyntheticAnatomy,
    _ patient: SyntheticPatient,
    _ random: RandomSource
  ) -> [SyntheticVessel] {
    var tree = Self(anatomy: anatomy, tortuosity: patient.tortuosity, random: random)
    tree.plantTrunks(width: patient.vesselWidth)
    while tree.nextBud < tree.buds.count && tree.grown.count < 220 {
      tree.nextBud += 1
      tree.grow(tree.buds[tree.nextBud - 1])
    }
    return tree.grown
  }

  private init(anatomy: SyntheticAnatomy, tortuosity: Double, random: RandomSource) {
    self.anatomy = anatomy
    self.tortuosity = tortuosity
    self.random = random
  }

  /// Plants the trunks, the small nasal vessels and the twigs between disc and macula.
  private mutating func plantTrunks(width: Double) {
    // Vessels leave the cup on its nasal side, the more so the larger it is.
    let hilus = anatomy.cup.centre - anatomy.disc.axis * (0.08 + 0.55 * anatomy.cup.radii.x)
    for side in [-1.0, 1.0] {
      let arcade = 1.42 + 0.1 * random.nextBell()
      let inner = random.happens(0.6) ? -1.0 : 1.0
      for isArtery in [false, true] {
        let full = width * (isArtery ? 0.066 : 0.088) * (1 + 0.06 * random.nextBell())
        let shift = isArtery ? SIMD2(-0.03, 0.02 * side) : SIMD2(0.03, 0.02 * side)
        let root = hilus + shift + SIMD2(0, 0.02 * random.nextBell())
        let spread = isArtery ? inner * random.nextUniform(in: 0.1..<0.26) : 0
        plant(
          isArtery,
          at: root,
          towards: SIMD2(-0.15 + 0.1 * random.nextBell(), side),
          full,
          .arcade(k: arcade + spread, side: side)
        )
        let angle = random.nextUniform(in: 0.55..<1.05)
        let nasal = SyntheticArithmetic.direction(angle) * SIMD2(-1, side)
        plant(
          isArtery,
          at: root,
          towards: SIMD2(-0.5, side),
          full * random.nextUniform(in: 0.42..<0.66),
          .direction(nasal)
        )
      }
    }
    for twig in 0..<5 {
      let towardsMacula = twig < 2
      let spread = 0.55 * random.nextBell()
      let heading =
        towardsMacula ? SIMD2(1, spread) : SIMD2(-1, 0.8 * spread)
      let goal: Goal =
        towardsMacula
        ? .macula(anatomy.fovea + SIMD2(-0.2, 0.9 * spread)) : .direction(heading.normalized)
      plant(
        random.happens(0.5),
        at: hilus + 0.12 * heading.normalized,
        towards: heading,
        width * random.nextUniform(in: 0.018..<0.03),
        goal
      )
    }
  }

  private mutating func plant(
    _ isArtery: Bool,
    at place: SIMD2<Double>,
    towards heading: SIMD2<Double>,
    _ width: Double,
    _ goal: Goal
  ) {
    buds.append(
      Bud(
        isArtery: isArtery,
        place: place,
        heading: heading.normalized,
        width: width,
        goal: goal,
        order: 0,
        parent: -1
      )
    )
  }

  /// Grows one vessel to its tip and puts its branches among the buds.
  private mutating func grow(_ bud: Bud) {
    let number = grown.count
    var place = bud.place
    var heading = bud.heading
    var width = bud.width
    var nodes = [SyntheticVessel.Node(place: place, width: width)]
    var phase = random.nextUniform() * 2 * .pi
    let frequency = random.nextUniform(in: 2.2..<4.2)
    var drift = 0.0
    var untilBranch = nextInterval(order: bud.order) * 0.8
    var branchSide = random.happens(0.5) ? 1.0 : -1.0
    for stepNumber in 0..<140 {
      guard let target = target(of: bud, at: place, heading: heading) else { break }
      phase += frequency * Self.step
      drift = 0.92 * drift + 0.05 * random.nextBell()
      let wave = tortuosity * (bud.isArtery ? 0.8 : 1.1)
      let wander = wave * (0.16 * SyntheticArithmetic.sine(phase) + drift)
      let grip = bud.order == 0 ? 0.3 : 0.16
      heading = (heading * (1 - grip) + target.rotated(by: wander) * grip / 0.7).normalized
      place += heading * Self.step
      width *= 1 - Self.step * (bud.order == 0 ? 0.08 : 0.2)
      if width < Self.thinnest { break }
      if anatomy.field.depth(anatomy.frame.point(place)) < -0.02 { break }
      // A twig ends before another vessel of its kind; it may leave its parent first.
      let isFree = occupied.isFree(place, bud.isArtery, number, bud.parent, stepNumber)
      if bud.order > 0 && !isFree { break }
      // The finest ones keep apart from every other.
      if bud.order > 1 && !occupied.isFree(place, !bud.isArtery, number, bud.parent, stepNumber) {
        break
      }
      occupied.mark(place, bud.isArtery, number)
      nodes.append(SyntheticVessel.Node(place: place, width: width))
      untilBranch -= Self.step
      if untilBranch <= 0 && bud.order < 3 && anatomy.disc.radius(at: place) > 1.25 {
        untilBranch = nextInterval(order: bud.order)
        branchSide = random.happens(0.75) ? -branchSide : branchSide
        width = branch(bud, number, at: place, heading: heading, width: width, side: branchSide)
      }
    }
    grown.append(SyntheticVessel(isArtery: bud.isArtery, nodes: Self.fading(nodes)))
  }

  /// Narrows a vessel's last steps: its tip sinks into the retina.
  private static func fading(_ nodes: [SyntheticVessel.Node]) -> [SyntheticVessel.Node] {
    var nodes = nodes
    let steps = min(9, nodes.count - 1)
    for back in 0..<steps {
      let node = nodes[nodes.count - 1 - back]
      let share = 0.3 + 0.7 * Double(back) / Double(steps)
      nodes[nodes.count - 1 - back] = .init(place: node.place, width: node.width * share)
    }
    return nodes
  }

  /// How far a vessel runs to its next branching, in disc diameters.
  private mutating func nextInterval(order: Int) -> Double {
    random.nextUniform(in: 0.35..<0.85) * (order == 0 ? 0.85 : 1.1)
  }

  /// Puts a branch among the buds.
  ///
  /// - Returns: the width that the vessel goes on with.
  private mutating func branch(
    _ bud: Bud,
    _ number: Int,
    at place: SIMD2<Double>,
    heading: SIMD2<Double>,
    width: Double,
    side: Double
  ) -> Double {
    let isEven = random.happens(bud.order == 0 ? 0.25 : 0.5)
    let share =
      isEven ? random.nextUniform(in: 0.7..<0.85) : random.nextUniform(in: 0.35..<0.6)
    let childWidth = max(width * share, Self.thinnest * 1.25)
    let cube = min(share * share * share, 0.62)
    // The third root of 1 − cube, within 0.5 %.
    let rest = 1 - cube / 3 - cube * cube / 9 - 0.075 * cube * cube * cube
    guard childWidth < width * 0.95 else { return width }
    let turn = side * random.nextUniform(in: 0.5..<1.0) * (isEven ? 0.8 : 1)
    let direction = heading.rotated(by: turn)
    buds.append(
      Bud(
        isArtery: bud.isArtery,
        place: place,
        heading: direction,
        width: childWidth,
        goal: branchGoal(from: place, direction),
        order: bud.order + 1,
        parent: number
      )
    )
    return width * rest
  }

  /// Where a branch that starts in this direction is going: to the macula, or outwards.
  private mutating func branchGoal(from place: SIMD2<Double>, _ direction: SIMD2<Double>) -> Goal {
    let toFovea = anatomy.fovea - place
    let isNear = place.x > 0.4 && toFovea.length < 2.8
    if isNear && toFovea.normalized.dot(direction) > 0.1 {
      let miss = SIMD2(0.35 * random.nextBell(), 0.25 * random.nextBell())
      return .macula(anatomy.fovea + miss)
    }
    let outwards = (place - SIMD2(place.x > 0 ? 1.1 : 0, 0)).normalized
    return .direction((0.55 * outwards + 0.6 * direction).normalized)
  }

  /// The direction in which a vessel should go on, nil where it ends.
  private func target(
    of bud: Bud,
    at place: SIMD2<Double>,
    heading: SIMD2<Double>
  ) -> SIMD2<Double>? {
    let fromFovea = (place - anatomy.fovea).length
    if fromFovea < 0.3 { return nil }
    switch bud.goal {
    case .direction(let direction):
      return direction
    case .macula(let goal):
      let way = goal - place
      if way.length < 0.22 || fromFovea < 0.42 { return nil }
      return (way.normalized + 0.4 * heading).normalized
    case .arcade(let k, let side):
      let wanted = anatomy.fibreHeight(at: max(place.x, 0), k: k)
      if place.x < 0.02 || place.y * side < 0.1 { return SIMD2(0.18, side).normalized }
      let short = min(max(1.3 * (wanted - place.y * side), -0.7), 0.7)
      return (anatomy.fibreDirection(at: place) + SIMD2(0, side * short)).normalized
    }
  }
}
