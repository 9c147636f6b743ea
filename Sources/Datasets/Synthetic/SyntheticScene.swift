import Randomness

/// One eye before its camera: all that is drawn of it, whatever the picture's size.
struct SyntheticScene {
  let patient: SyntheticPatient
  let conditions: SyntheticConditions
  let anatomy: SyntheticAnatomy
  let lesions: [SyntheticLesion]

  /// Draws an eye.
  ///
  /// - Parameters:
  ///   - seed: the collection's seed.
  ///   - number: the patient's number.
  ///   - eye: 0 for the right eye, 1 for the left.
  ///   - difficulty: from 0, clear, to 1, hard.
  ///   - healthy: how often a patient has no disease.
  init(seed: UInt64, number: Int, eye: Int, difficulty: Double, healthy: Double) {
    patient = SyntheticPatient(seed: seed, number: number, healthy: healthy)
    conditions = SyntheticConditions(
      of: patient,
      seed: seed,
      number: number,
      eye: eye,
      difficulty: difficulty
    )
    var random = RandomSource(seed: seed, patient: number, eye: eye, for: .anatomy)
    anatomy = SyntheticAnatomy(of: patient, conditions, eye: eye, &random)
    lesions = SyntheticLesionPlacement.lesions(
      of: anatomy,
      conditions,
      RandomSource(seed: seed, patient: number, eye: eye, for: .lesions)
    )
  }

  /// What the photograph shows, read off what was drawn.
  var findings: Set<SyntheticFinding> {
    var findings = Set(lesions.compactMap { $0.kind.mask.finding })
    if conditions.cupToDiscRatio >= SyntheticConditions.largeCup { findings.insert(.largeCup) }
    if anatomy.crescent != nil { findings.insert(.myopicCrescent) }
    if conditions.tessellation >= SyntheticConditions.tessellated { findings.insert(.tessellation) }
    if findings.isEmpty { findings.insert(.normal) }
    if conditions.isBlurred { findings.insert(.blur) }
    return findings
  }
}
