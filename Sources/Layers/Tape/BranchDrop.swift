/// How the branches of a residual network are dropped while training.
package struct BranchDrop {
  /// What is dropped of one branch.
  package enum Kind: Equatable, Sendable {
    /// Single numbers (Srivastava et al. 2014), as BERT's hidden dropout.
    case elements(rate: Float)
    /// The branch of whole samples (Huang et al. 2016), "drop path".
    case samples(rate: Float)
  }

  private var kinds: [ObjectIdentifier: Kind] = [:]

  /// Makes a rule that drops nothing.
  package init() {}

  /// What is dropped of the branch that a linear map ends; nil for nothing.
  package subscript(layer: Linear) -> Kind? {
    get { kinds[ObjectIdentifier(layer)] }
    set { kinds[ObjectIdentifier(layer)] = newValue }
  }
}
