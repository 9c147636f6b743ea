/// The pairs of a collection by what they are used for.
package struct PairSplits: Sendable, Equatable {
  /// Indices in `PairCollection.pairs`, in rising order.
  package let train: [Int]
  /// As `train`; disjoint from it.
  package let validation: [Int]
  /// As `train`, disjoint from the others; empty where the collection names none.
  package let test: [Int]
  /// Where `validation` comes from.
  package let validationOrigin: TaskSplits.Origin
}

extension PairCollection {
  /// The collection's own splits, and a share of whole groups for validation where it names none.
  ///
  /// Pairs without a split train. Which groups validate depends on their names and the seed alone, not
  /// on the order of a table or the machine; a pair without a group is one of its own.
  ///
  /// - Parameters:
  ///   - validationShare: of the training pairs; between 0 and 1, both excluded.
  ///   - seed: another one gives other groups.
  /// - Returns: three disjoint lists that together hold all pairs.
  /// - Throws: `DatasetsError` where the share is outside of (0, 1), or training or validation would
  ///   be empty.
  package func splits(validationShare: Double = 0.1, seed: UInt64 = 0) throws -> PairSplits {
    let training = pairs.indices.filter { pairs[$0].split == "train" || pairs[$0].split == nil }
    let validation = indices(ofSplit: "validation")
    let test = indices(ofSplit: "test")
    guard validation.isEmpty else {
      guard !training.isEmpty else {
        throw impossible("no pair trains: all are of validation or test")
      }
      return PairSplits(
        train: training,
        validation: validation,
        test: test,
        validationOrigin: .makers
      )
    }
    guard validationShare > 0, validationShare < 1 else {
      throw impossible("the validation share is \(validationShare), expected between 0 and 1")
    }
    let taken = groups(training, share: validationShare, seed: seed)
    let made = training.filter { taken.contains(groupName($0)) }
    guard !made.isEmpty, made.count < training.count else {
      throw impossible(
        "\(training.count) pairs can't be divided into train and validation (share "
          + "\(validationShare)) without breaking a group; take another share or more pairs"
      )
    }
    return PairSplits(
      train: training.filter { !taken.contains(groupName($0)) },
      validation: made,
      test: test,
      validationOrigin: .made(share: validationShare, seed: seed)
    )
  }

  /// Whole groups in random order until they hold the share, rounded, and one pair at least.
  private func groups(_ indices: [Int], share: Double, seed: UInt64) -> Set<String> {
    let order = SampleOrder(seed: seed, purpose: .validation)
    let members = Dictionary(grouping: indices, by: groupName)
    let ranked = members.keys.map { (name: $0, rank: order.rank(of: $0)) }
      .sorted { $0.rank < $1.rank }
    let wanted = max(1, Int((Double(indices.count) * share).rounded()))
    var taken: Set<String> = []
    var count = 0
    for (name, _) in ranked where count < wanted {
      taken.insert(name)
      count += members[name]?.count ?? 0
    }
    return taken
  }

  /// The group's name, apart from all ids.
  private func groupName(_ index: Int) -> String {
    pairs[index].group.map { "group \($0)" } ?? "pair \(pairs[index].id)"
  }

  private func impossible(_ detail: String) -> DatasetsError {
    DatasetsError(.impossibleSplit(detail: detail), path: name)
  }
}
