package import Foundation

/// Where the masks of one photograph come from; nothing is decoded yet.
package struct SampleMasks: Sendable, Equatable {
  /// The masks.
  package let source: MaskSource
  /// The camera's field of view.
  package let field: FieldOfViewSource
}

/// Where the masks of one photograph come from, for a task of K classes.
package enum MaskSource: Sendable, Equatable {
  /// One file with all classes.
  case file(URL)
  /// K files; nil where the photograph shows none of that class.
  case files([URL?])
  /// K lists of boxes; the mask is the union of the ellipses inscribed in them.
  case boxes([[MaskBox]])
  /// K structures that the program draws with the photograph.
  case drawn([SyntheticMask])

  /// Whether each of K classes may have pixels, as far as that is known without decoding.
  func presence(_ count: Int) -> [Int] {
    switch self {
    case .file, .drawn: Array(repeating: 1, count: count)
    case .files(let urls): urls.map { $0 == nil ? 0 : 1 }
    case .boxes(let lists): lists.map { $0.isEmpty ? 0 : 1 }
    }
  }
}

/// Where the camera's field of view in one photograph comes from.
package enum FieldOfViewSource: Sendable, Equatable {
  /// The whole photograph counts.
  case whole
  /// Who needs one computes it from the photograph.
  case computed
  /// A mask file: whatever isn't 0 lies inside.
  case file(URL)
  /// The program draws it with the photograph.
  case drawn
}
