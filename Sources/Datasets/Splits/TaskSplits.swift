import Foundation

/// How the splits that the makers didn't fix are made.
package struct SplitOptions: Sendable, Equatable {
  /// The share of train that becomes validation where the set has none.
  package var validationShare: Double
  /// The share of the set that becomes test where the set has none.
  package var testShare: Double
  /// Another seed gives other samples.
  package var seed: UInt64

  /// States the options.
  ///
  /// - Parameters:
  ///   - validationShare: between 0 and 1, both excluded.
  ///   - testShare: between 0 and 1, both excluded.
  ///   - seed: of the random order.
  package init(validationShare: Double = 0.2, testShare: Double = 0.2, seed: UInt64 = 0) {
    self.validationShare = validationShare
    self.testShare = testShare
    self.seed = seed
  }
}

/// The samples of a task by what they are used for.
package struct TaskSplits: Sendable, Equatable {
  /// Where a split comes from.
  package enum Origin: Sendable, Equatable {
    /// The makers of the set fixed it.
    case makers
    /// A stratified and group-respecting share.
    case made(share: Double, seed: UInt64)
    /// The set has nothing to make it from.
    case none
  }

  /// Indices in `TaskContents.samples`, in rising order; empty for a set of test images only.
  package let train: [Int]
  /// As `train`; disjoint from it.
  package let validation: [Int]
  /// As `train`; disjoint from the others.
  package let test: [Int]
  /// Where `validation` comes from.
  package let validationOrigin: Origin
  /// Where `test` comes from.
  package let testOrigin: Origin
  /// One line for each class that a split lacks.
  package let warnings: [String]
}

extension TaskContents {
  /// The makers' splits, and stratified, group-respecting shares of train where they made none.
  ///
  /// Without a test split, a share of train (or of `all`) becomes test; without a validation split,
  /// a share of what is left. Which samples those are depends on ids, groups, labels and the seed,
  /// not on the order of a table or the machine.
  ///
  /// - Parameter options: shares and seed.
  /// - Returns: three disjoint lists that together hold all samples of the task.
  /// - Throws: `DatasetsError` where a share is outside of (0, 1) or leaves a split empty.
  package func splits(_ options: SplitOptions = SplitOptions()) throws -> TaskSplits {
    var train = indices(ofSplit: "train") + indices(ofSplit: "all")
    var validation = indices(ofSplit: "validation")
    var test = indices(ofSplit: "test")
    var origins = (validation: TaskSplits.Origin.makers, test: TaskSplits.Origin.makers)
    if test.isEmpty {
      (test, train) = try divide(train, share: options.testShare, options.seed, .test)
      origins.test = .made(share: options.testShare, seed: options.seed)
    }
    if validation.isEmpty, train.isEmpty {
      origins.validation = .none
    } else if validation.isEmpty {
      (validation, train) = try divide(
        train,
        share: options.validationShare,
        options.seed,
        .validation
      )
      origins.validation = .made(share: options.validationShare, seed: options.seed)
    }
    return TaskSplits(
      train: train,
      validation: validation,
      test: test,
      validationOrigin: origins.validation,
      testOrigin: origins.test,
      warnings: absences(["train": train, "validation": validation, "test": test])
    )
  }

  /// Divides samples into parts of equal size for cross-validation, stratified and group-respecting.
  ///
  /// - Parameters:
  ///   - count: how many parts, at least 2.
  ///   - indices: the samples to divide.
  ///   - seed: of the random order.
  /// - Returns: `count` disjoint lists in rising order that together hold `indices`.
  /// - Throws: `DatasetsError` where there are fewer samples or groups than parts.
  package func folds(_ count: Int, of indices: [Int], seed: UInt64) throws -> [[Int]] {
    let equal = Array(repeating: 1 / Double(max(count, 1)), count: max(count, 1))
    let parts = Stratification(shares: equal, order: SampleOrder(seed: seed, purpose: .folds))
      .parts(indices, of: self)
    guard count >= 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw DatasetsError(
        .impossibleSplit(
          detail: "\(indices.count) samples can't make \(count) folds of whole groups; "
            + "ask for 2 or more and for no more than there are groups"
        ),
        path: dataset.name
      )
    }
    return parts
  }

  /// A text that says where each sample is.
  ///
  /// - Parameter splits: of this task.
  /// - Returns: a line per sample: split, tab, id.
  package func listing(of splits: TaskSplits) -> String {
    let named = [
      ("train", splits.train), ("validation", splits.validation), ("test", splits.test),
    ]
    return named.map { name, indices in
      indices.map { "\(name)\t\(samples[$0].id)\n" }.joined()
    }.joined()
  }

  /// The SHA-256 of `listing(of:)`: equal where two runs used the same samples alike.
  ///
  /// - Parameter splits: of this task.
  /// - Returns: 64 hexadecimal digits.
  package func checksum(of splits: TaskSplits) -> String {
    hexadecimalSHA256(Data(listing(of: splits).utf8))
  }

  private func divide(
    _ indices: [Int],
    share: Double,
    _ seed: UInt64,
    _ purpose: SampleOrder.Purpose
  ) throws -> (taken: [Int], left: [Int]) {
    guard share > 0, share < 1 else {
      let detail = "the \(purpose.rawValue) share is \(share), expected between 0 and 1"
      throw DatasetsError(.impossibleSplit(detail: detail), path: dataset.name)
    }
    let parts = Stratification(
      shares: [1 - share, share],
      order: SampleOrder(seed: seed, purpose: purpose)
    ).parts(indices, of: self)
    guard !parts[0].isEmpty, !parts[1].isEmpty else {
      throw DatasetsError(
        .impossibleSplit(
          detail: "\(indices.count) samples can't be divided into train and \(purpose.rawValue) "
            + "(share \(share)) without an empty part; take another share or more samples"
        ),
        path: dataset.name
      )
    }
    return (parts[1], parts[0])
  }

  private func absences(_ splits: [String: [Int]]) -> [String] {
    splits.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.flatMap { name, indices in
      zip(task.classes, classCounts(indices)).filter { $0.1 == 0 }.map { label, _ in
        "‘\(task.name)’: no sample of ‘\(label)’ in \(name) (\(indices.count) samples)"
      }
    }
  }
}
