/// A prefix tree over the Unicode scalars of a vocabulary's tokens.
///
/// One walk finds the longest token that starts a word, in one step per scalar, where the published
/// algorithm tries every shorter prefix of the rest of the word in turn. The edges of all nodes lie
/// in one open-addressing hash table (key: node and scalar), at most half full: 1 MB for the 21,128
/// tokens of BERT-base-Chinese.
///
/// Tokens are compared scalar by scalar, never as `String`s, which take canonically equivalent
/// sequences (`é` and `e` + U+0301) for equal.
struct TokenTrie: Sendable {
  /// The node of the empty prefix.
  static let root: Int32 = 0
  /// Stands for an absent node and for an absent token.
  static let none: Int32 = -1

  /// One edge; a `child` of ``none`` marks a free slot.
  private struct Edge: Sendable {
    var parent = TokenTrie.none
    var scalar: UInt32 = 0
    var child = TokenTrie.none
  }

  private var edges: [Edge]
  private let shift: UInt64
  /// The id of the token that ends at each node, or ``none``.
  private var tokens: [Int32] = [none]

  /// An empty tree.
  ///
  /// - Parameter scalarCount: an upper bound of the scalars of all tokens that will be inserted.
  init(scalarCount: Int) {
    var bits = 4
    while (1 << bits) < 2 * (scalarCount + 1) { bits += 1 }
    edges = [Edge](repeating: Edge(), count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  /// Adds a token.
  ///
  /// - Parameters:
  ///   - token: its scalars, at least one.
  ///   - id: its id, at least 0.
  /// - Returns: the id of an equal token that is there already (nothing is changed then), else nil.
  mutating func insert(_ token: String.UnicodeScalarView, id: Int32) -> Int32? {
    var node = Self.root
    for scalar in token {
      let slot = slot(of: node, scalar.value)
      if edges[slot].child == Self.none {
        precondition(2 * tokens.count < edges.count, "more scalars than TokenTrie was made for")
        edges[slot] = Edge(parent: node, scalar: scalar.value, child: Int32(tokens.count))
        tokens.append(Self.none)
      }
      node = edges[slot].child
    }
    guard tokens[Int(node)] == Self.none else { return tokens[Int(node)] }
    tokens[Int(node)] = id
    return nil
  }

  /// The node that `scalar` leads to from `node`, or ``none``.
  @inline(__always)
  func child(of node: Int32, _ scalar: UInt32) -> Int32 {
    edges[slot(of: node, scalar)].child
  }

  /// The id of the token that ends at `node`, or ``none``.
  @inline(__always)
  func token(at node: Int32) -> Int32 { tokens[Int(node)] }

  /// The node that a whole string leads to from the root, or ``none``.
  func node(of string: String.UnicodeScalarView) -> Int32 {
    var node = Self.root
    for scalar in string {
      node = child(of: node, scalar.value)
      if node == Self.none { break }
    }
    return node
  }

  /// The slot that holds the edge, or the free one where it belongs.
  @inline(__always)
  private func slot(of node: Int32, _ scalar: UInt32) -> Int {
    // Fibonacci hashing: the top bits of a product with 2⁶⁴/φ.
    let key = UInt64(UInt32(bitPattern: node)) << 21 | UInt64(scalar)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while edges[slot].child != Self.none {
      if edges[slot].scalar == scalar && edges[slot].parent == node { break }
      slot = (slot + 1) & (edges.count - 1)
    }
    return slot
  }
}
