/// How the masks of a task look once they are read.
package enum MaskMode: String, Sendable, CaseIterable, Codable {
  /// One class against the background.
  case binary
  /// A label per pixel: the background or one of K classes.
  case labels
  /// K masks; a pixel may lie in several of them, or in none.
  case multilabel
}

/// One thing that is outlined in the photographs of a set: a task of the kind `masks`.
package struct MaskTaskDescription: Sendable, Equatable {
  /// The name, such as `vessels`; no task of labels in the entry shares it.
  package var name: String
  /// One line for people.
  package var title: String
  /// How masks look.
  package var mode: MaskMode
  /// K class names in the order of the labels 1…K; the background isn't one.
  package var classes: [String]
  /// Whether each class lies inside the one before it, as the cup inside the disc.
  package var isNested: Bool
  /// Where masks come from.
  package var places: MaskPlaces
  /// What the values of mask files mean.
  package var values: MaskValues
  /// What a mask that isn't there means.
  package var missing: MissingMask
  /// Where the camera's field of view is known from.
  package var field: FieldOfViewRule

  /// What a reader of a score must know of how these masks were made; nil for drawn outlines.
  package var approximation: String? {
    guard case .boxes(let table, _) = places else { return nil }
    return "‘\(name)’: the masks are ellipses inscribed in the boxes of \(table), an approximation "
      + "of the outlines"
  }
}

/// Where a task's masks come from.
///
/// Paths are templates, see `MaskPathTemplate`, and start from the split's folder of masks.
package enum MaskPlaces: Sendable, Equatable {
  /// One file per photograph with all classes.
  case file(MaskPathTemplate)
  /// One file per photograph and class: K templates.
  case files([MaskPathTemplate])
  /// Ellipses inscribed in the boxes of a table below the root; K names in its column `class`.
  case boxes(table: String, names: [String])
  /// The program draws them: K structures.
  case drawn([SyntheticMask])
}

/// What the values of mask files mean.
package struct MaskValues: Sendable, Equatable {
  /// From grey levels to labels; nil where whatever isn't 0 in some channel is 1.
  ///
  /// Label 0 is the background; the classes are 1…K in a file of all classes, 1 in a file of one.
  package var labels: [UInt8: UInt8]?
  /// The grey level of pixels that nobody judged, or nobody should.
  package var ignored: UInt8?

  /// States the meaning.
  ///
  /// - Parameters:
  ///   - labels: from grey levels to labels; nil for 1 wherever some channel isn't 0.
  ///   - ignored: the grey level that is left out of losses and scores.
  package init(labels: [UInt8: UInt8]? = nil, ignored: UInt8? = nil) {
    self.labels = labels
    self.ignored = ignored
  }
}

/// What it means that a class has no mask file for a photograph.
package enum MissingMask: String, Sendable, CaseIterable, Codable {
  /// The set is incomplete: the photograph is left out, by name.
  case error
  /// The photograph shows none of it: the mask is empty.
  case absent
}

/// Where the camera's field of view is known from.
package enum FieldOfViewRule: Sendable, Equatable {
  /// The whole photograph counts.
  case none
  /// The set has no masks of it; who needs one computes it from the photograph.
  case computed
  /// A mask file, from the split's folder of masks: whatever isn't 0 lies inside.
  case file(MaskPathTemplate)
  /// The program draws it.
  case drawn
}
