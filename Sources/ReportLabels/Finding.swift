/// One finding of a table: a disease, a sign or a state of the photograph that a report may name.
package struct Finding: Sendable, Equatable {
  /// What kind of statement a finding is; it decides what excludes what.
  package enum Kind: String, Sendable, CaseIterable {
    /// That nothing is wrong. Any finding but those of `quality` overrules it.
    case normal
    /// A disease or a diagnosis.
    case disease
    /// A sign at a structure, such as a large cup.
    case sign
    /// A spot on the retina. Lesions are denied in lists, also in lists with commas.
    case lesion
    /// A state of the photograph or the media; it goes with a normal fundus.
    case quality

    /// Whether it is something that a normal fundus hasn't.
    var isAbnormal: Bool { self != .normal && self != .quality }
  }

  /// A measured ratio that decides the finding, such as the cup-to-disc ratio.
  package struct Measure: Sendable, Equatable {
    /// How the ratio is written.
    package var names: [String]
    /// From this value on the finding is uncertain; below it is denied.
    package var uncertainFrom: Double
    /// From this value on the finding is present.
    package var presentFrom: Double
  }

  /// Words that name the finding at some places only, such as 前膜 at the macula.
  package struct Located: Sendable, Equatable {
    /// The words.
    package var names: [String]
    /// The places: the one that the sentence names last before the word must be one of them.
    package var places: [String]
  }

  /// The identifier: small letters, digits and hyphens.
  package var name: String
  /// The English name for people.
  package var english: String
  /// The Chinese name.
  package var chinese: String
  /// What kind of statement it is.
  package var kind: Kind
  /// How reports write it, the Chinese name included; alternatives are expanded.
  package var synonyms: [String]
  /// A ratio that decides it; nil for most.
  package var measure: Measure?
  /// Words that name it at its places only; nil for most.
  package var located: Located?

  /// Whether it states that nothing is wrong.
  package var isNormal: Bool { kind == .normal }

  /// Whether the other finding can't be true of the same eye.
  ///
  /// - Parameter other: another finding.
  /// - Returns: true between a normal fundus and anything wrong.
  package func excludes(_ other: Finding) -> Bool {
    isNormal && other.kind.isAbnormal || other.isNormal && kind.isAbnormal
  }
}
