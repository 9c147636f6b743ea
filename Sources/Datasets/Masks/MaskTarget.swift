package import Imaging

/// The masks of one photograph of H × W pixels for a task of K classes.
package struct MaskTarget: Sendable, Equatable {
  /// The value of pixels that are left out of losses and scores.
  package static let ignored: UInt8 = 255

  /// How the masks are stored.
  package enum Layout: Sendable, Equatable {
    /// `H × W` labels: 0 the background, 1…K the classes, 255 ignored; of the modes binary and labels.
    case labels([UInt8])
    /// K planes of `H × W` values: 0, 1, or 255 where this class is ignored; of the mode multilabel.
    case planes([[UInt8]])
  }

  /// The photograph's width W.
  package let width: Int
  /// The photograph's height H.
  package let height: Int
  /// K: how many classes there are.
  package let classCount: Int
  /// Whether each class lies inside the one before it.
  package let isNested: Bool
  /// The masks.
  package let layout: Layout

  /// The region of one class.
  ///
  /// Where classes are nested, those inside it belong to it: the cup to the disc.
  ///
  /// - Parameter index: of the class, in `0..<K`.
  /// - Returns: `H × W` values: 1 inside, 0 outside, 255 ignored.
  package func region(ofClass index: Int) -> [UInt8] {
    precondition(index >= 0 && index < classCount, "class \(index) of \(classCount)")
    switch layout {
    case .planes(let planes): return planes[index]
    case .labels(let labels):
      let label = UInt8(index + 1)
      let isNested = isNested
      return labels.map { value in
        if value == Self.ignored { return value }
        return value == label || (isNested && value > label) ? 1 : 0
      }
    }
  }
}

/// A photograph with its masks.
package struct SegmentationExample: Sendable, Equatable {
  /// The sample.
  package let id: Sample.ID
  /// The photograph, H × W.
  package let image: ImageBuffer
  /// Its masks.
  package let target: MaskTarget
  /// `H × W` values: 1 inside the camera's field of view, 0 outside; nil where the set has none.
  package let field: [UInt8]?
}
