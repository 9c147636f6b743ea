/// What a synthetic photograph shows: the labels of the multi-label task.
package enum SyntheticFinding: String, Sendable, CaseIterable, Codable {
  /// None of the others but, perhaps, `blur`.
  case normal
  case microaneurysm
  /// Dot, blot or flame haemorrhages; microaneurysms don't count.
  case haemorrhage
  case hardExudate = "hard-exudate"
  case cottonWoolSpot = "cotton-wool-spot"
  case drusen
  /// A vertical cup-to-disc ratio of at least 0.6.
  case largeCup = "large-cup"
  /// Pale atrophy beside the disc, on its temporal side or around it.
  case myopicCrescent = "myopic-crescent"
  /// A fundus through which the choroid's vessels show.
  case tessellation
  /// A photograph out of focus or behind cloudy media. It says nothing of the retina.
  case blur
}

/// The disease of a synthetic eye: the classes of the multi-class task, one for each eye.
///
/// Findings cross the classes: drusen come with age in any of them, a torn vessel bleeds on the disc
/// in glaucoma, and old eyes are tessellated without being myopic.
package enum SyntheticGrade: String, Sendable, CaseIterable, Codable {
  case normal
  case diabeticRetinopathy = "diabetic-retinopathy"
  case macularDegeneration = "macular-degeneration"
  case glaucoma
  case myopia
}

/// The structures and lesions that a synthetic sample has a pixel mask of.
package enum SyntheticMask: String, Sendable, CaseIterable, Codable, Comparable {
  /// The camera's field of view.
  case field
  /// The optic disc, its cup included.
  case disc
  /// The cup, a part of the disc.
  case cup
  /// Arteries and veins, as far as they cover half a pixel.
  case vessels
  case microaneurysms
  /// Haemorrhages of every kind.
  case haemorrhages
  case exudates
  case cottonWool = "cotton-wool"
  case drusen
  /// Peripapillary atrophy, the disc left out.
  case crescent

  package static func < (left: SyntheticMask, right: SyntheticMask) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The finding that is present exactly where this mask isn't empty; nil for what every eye has.
  package var finding: SyntheticFinding? {
    switch self {
    case .field, .disc, .cup, .vessels: nil
    case .microaneurysms: .microaneurysm
    case .haemorrhages: .haemorrhage
    case .exudates: .hardExudate
    case .cottonWool: .cottonWoolSpot
    case .drusen: .drusen
    case .crescent: .myopicCrescent
    }
  }
}

/// Which eye a photograph shows.
package enum SyntheticEye: String, Sendable, CaseIterable, Codable {
  case right
  case left

  /// The mark that a report opens with.
  package var mark: String { self == .right ? "右眼：" : "左眼：" }
}

/// The share of the collection that a patient belongs to.
package enum SyntheticSplit: String, Sendable, CaseIterable, Codable {
  case train
  case validation
  case test
}
