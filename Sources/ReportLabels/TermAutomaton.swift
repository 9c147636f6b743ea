/// Finds all occurrences of many texts in one pass (Aho and Corasick 1975, doi:10.1145/360825.360855).
///
/// A state is a prefix of a text. The root's transitions are a full table, since most characters of a
/// report begin nothing; other states have few, kept side by side and looked through in turn.
package struct TermAutomaton: Sendable {
  /// The transitions of state s are those from `firstEdge[s]` up to `firstEdge[s + 1]`.
  private var firstEdge: [Int32] = []
  private var edgeCharacters: [UInt16] = []
  private var edgeTargets: [Int32] = []
  /// The root's transition for each character of the basic plane; 0 stays at the root.
  private var rootTargets: [Int32]
  /// The state of the longest proper suffix that is a prefix of a text.
  private var failure: [Int32]
  /// The text that ends in a state; −1 for none.
  private var pattern: [Int32]
  /// The nearest state along `failure` in which a text ends, the state itself included; 0 for none.
  private var output: [Int32]
  /// The texts' lengths.
  private var lengths: [Int]

  /// Builds the automaton.
  ///
  /// - Parameter patterns: different texts, none empty.
  /// - Complexity: O(total length).
  package init(_ patterns: [[UInt16]]) {
    var children: [[UInt16: Int32]] = [[:]]
    pattern = [-1]
    lengths = patterns.map(\.count)
    for (index, text) in patterns.enumerated() {
      var state: Int32 = 0
      for character in text {
        if let next = children[Int(state)][character] {
          state = next
        } else {
          let next = Int32(children.count)
          children[Int(state)][character] = next
          children.append([:])
          pattern.append(-1)
          state = next
        }
      }
      precondition(state != 0 && pattern[Int(state)] < 0, "texts must differ and not be empty")
      pattern[Int(state)] = Int32(index)
    }
    failure = Array(repeating: 0, count: children.count)
    output = Array(repeating: 0, count: children.count)
    rootTargets = Array(repeating: 0, count: 0x10000)
    for (character, target) in children[0] { rootTargets[Int(character)] = target }
    link(children)
    for edges in children {
      firstEdge.append(Int32(edgeTargets.count))
      for (character, target) in edges.sorted(by: { $0.key < $1.key }) {
        edgeCharacters.append(character)
        edgeTargets.append(target)
      }
    }
    firstEdge.append(Int32(edgeTargets.count))
  }

  /// Sets failures and outputs, breadth first.
  private mutating func link(_ children: [[UInt16: Int32]]) {
    var queue = Array(children[0].values)
    var position = 0
    while position < queue.count {
      let state = Int(queue[position])
      position += 1
      output[state] = pattern[state] >= 0 ? Int32(state) : output[Int(failure[state])]
      for (character, child) in children[state] {
        var suffix = failure[state]
        while suffix != 0, children[Int(suffix)][character] == nil { suffix = failure[Int(suffix)] }
        failure[Int(child)] = children[Int(suffix)][character] ?? 0
        queue.append(child)
      }
    }
  }

  /// The state after one more character.
  @inline(__always)
  private func next(_ state: Int32, _ character: UInt16) -> Int32 {
    var state = Int(state)
    while state != 0 {
      for edge in Int(firstEdge[state])..<Int(firstEdge[state + 1])
      where edgeCharacters[edge] == character {
        return edgeTargets[edge]
      }
      state = Int(failure[state])
    }
    return rootTargets[Int(character)]
  }

  /// Calls a closure for each occurrence, in the order of their ends, longer ones first.
  ///
  /// - Parameters:
  ///   - text: the folded text.
  ///   - body: told the pattern's index and the occurrence's place.
  /// - Complexity: O(length + occurrences).
  @inline(__always)
  package func forEachMatch(
    in text: [UInt16],
    _ body: (_ pattern: Int, _ range: Range<Int>) -> Void
  ) {
    var state: Int32 = 0
    for index in text.indices {
      state = next(state, text[index])
      var found = output[Int(state)]
      while found != 0 {
        let match = Int(pattern[Int(found)])
        body(match, (index + 1 - lengths[match])..<(index + 1))
        found = output[Int(failure[Int(found)])]
      }
    }
  }
}
