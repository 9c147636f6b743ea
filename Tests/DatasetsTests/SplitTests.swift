import Datasets
import Foundation
import Randomness
import TestSupport
import Testing

/// A set of one table and made-up labels.
///
/// - Parameters:
///   - classes: how many classes there are.
///   - labels: the class of each sample; the samples are called `s000` and on.
///   - groups: the group of each sample; nil where the set has none.
///   - shift: where in the table the first sample stands.
/// - Returns: the set's only task.
/// - Throws: what reading the set throws.
func contents(
  classes: Int,
  labels: [Int],
  groups: [String]? = nil,
  shift: Int = 0
) throws -> TaskContents {
  let names = labels.indices.map { "s" + String(1000 + $0).dropFirst() }
  let rows = labels.indices.map { index in
    let sample = (index + shift) % labels.count
    return "\(names[sample]),\(labels[sample]),\(groups?[sample] ?? "")"
  }
  return try tableContents(
    "image,level,patient\n" + rows.joined(separator: "\n"),
    images: names,
    task: """
      kind: \(classes == 2 ? "binary" : "multiclass")
      column: level
      classes: [\((0..<classes).map { "c\($0)" }.joined(separator: ", "))]
      """,
    keys: groups == nil ? "" : "group: { column: patient }"
  )
}

/// A set of one table, with one task.
func tableContents(
  _ table: String,
  images: [String],
  task: String,
  keys: String = ""
) throws -> TaskContents {
  let folder = try TemporaryFolder()
  try folder.write(table, "labels.csv")
  for name in images { try folder.write(tinyPNG(name), "images/\(name).png") }
  let taskLines = task.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
  let text = """
    - name: made
      version: 1
      title: A set
      adapter: csv
      root: made
      image_column: image
      splits: { all: { table: labels.csv, images: images } }
      \(keys)
      tasks:
        only:
          title: The task
    \(taskLines)
      license: CC0-1.0
      source: { title: Nobody }
    """
  let dataset = try DatasetCatalog(text: text, file: URL(filePath: "/made.yaml"))["made"]
  return try dataset.open(root: folder.url).contents(of: dataset.task("only"))
}

@Suite("Splits")
struct SplitTests {
  @Test("Parts are disjoint, complete, of the asked size and stratified", arguments: [0, 1, 2])
  func shares(_ seed: UInt64) throws {
    let labels = (0..<200).map { $0 < 120 ? 0 : $0 < 180 ? 1 : 2 }
    let contents = try contents(classes: 3, labels: labels)
    let splits = try contents.splits(
      SplitOptions(validationShare: 0.25, testShare: 0.2, seed: seed)
    )
    #expect((splits.train + splits.validation + splits.test).sorted() == Array(0..<200))
    #expect(contents.classCounts(splits.test) == [24, 12, 4])
    #expect(contents.classCounts(splits.validation) == [24, 12, 4])
    #expect(splits.testOrigin == .made(share: 0.2, seed: seed))
    #expect(splits.warnings.isEmpty)
    for part in [splits.train, splits.validation, splits.test] { #expect(part == part.sorted()) }
  }

  @Test("The same samples for the same seed and any table order; others for another seed")
  func repeatable() throws {
    let labels = (0..<60).map { $0 % 3 }
    let first = try contents(classes: 3, labels: labels)
    let moved = try contents(classes: 3, labels: labels, shift: 17)
    let listing = try first.listing(of: first.splits())
    #expect(try moved.listing(of: moved.splits()) == listing)
    #expect(try first.checksum(of: first.splits()) == moved.checksum(of: moved.splits()))
    let other = try first.splits(SplitOptions(seed: 1))
    #expect(first.listing(of: other) != listing)
    #expect(listing.hasPrefix("train\tall/s0"))
    #expect(listing.split(separator: "\n").count == 60)
  }

  /// The samples were computed apart, from the SHA-256 of the ids.
  @Test("The split of a fixed set stays what it is")
  func pinned() throws {
    let contents = try contents(classes: 2, labels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    let splits = try contents.splits()
    let ids = { (indices: [Int]) in indices.map { contents.samples[$0].id } }
    #expect(ids(splits.test) == pinnedTest)
    #expect(ids(splits.validation) == pinnedValidation)
  }

  private let pinnedTest = ["all/s003", "all/s008"]
  private let pinnedValidation = ["all/s004", "all/s009"]

  @Test("Groups are never divided, classes still have their shares")
  func groups() throws {
    // Two eyes each, of the same or of neighbouring classes.
    let labels = (0..<120).map { ($0 / 2 + $0 % 2 * ($0 / 20 % 2)) % 3 }
    let groups = (0..<120).map { "p\($0 / 2)" }
    let contents = try contents(classes: 3, labels: labels, groups: groups)
    let splits = try contents.splits()
    let parts = [splits.train, splits.validation, splits.test]
    let groupsOf = parts.map { Set($0.map { contents.samples[$0].group }) }
    #expect(groupsOf.map(\.count).reduce(0, +) == 60)
    let shares = [0.64, 0.16, 0.2]
    for (part, share) in zip(parts, shares) {
      for (count, total) in zip(contents.classCounts(part), contents.classCounts(Array(0..<120))) {
        #expect(abs(Double(count) - share * Double(total)) <= 2.5, "\(share) \(count) \(total)")
      }
    }
  }

  @Test("A class with too few samples stays in train and is named")
  func rareClass() throws {
    let labels = Array(repeating: 0, count: 30) + Array(repeating: 1, count: 30) + [2, 2]
    let contents = try contents(classes: 3, labels: labels)
    let splits = try contents.splits()
    #expect(contents.classCounts(splits.train)[2] == 2)
    #expect(
      splits.warnings == [
        "‘only’: no sample of ‘c2’ in test (\(splits.test.count) samples)",
        "‘only’: no sample of ‘c2’ in validation (\(splits.validation.count) samples)",
      ]
    )
    let few = contents.fewShot(5, of: splits.train, seed: 0)
    #expect(few.classCounts == [5, 5, 2])
    #expect(few.warnings == ["‘only’: ‘c2’ has 2 training samples, fewer than 5 per class"])
  }

  @Test("Shares outside of (0, 1) and sets that are too small are refused")
  func impossible() throws {
    let contents = try contents(classes: 2, labels: [0, 1, 0, 1])
    for share in [0, 1, -0.2, 1.5, Double.nan] {
      #expect(throws: DatasetsError.self, "\(share)") {
        try contents.splits(SplitOptions(validationShare: share))
      }
    }
    #expect(throws: DatasetsError.self) { try contents.splits(SplitOptions(testShare: 0.01)) }
    #expect(throws: DatasetsError.self) { try contents.folds(5, of: [0, 1, 2, 3], seed: 0) }
    #expect(throws: DatasetsError.self) { try contents.folds(1, of: [0, 1, 2, 3], seed: 0) }
  }

  @Test("Folds are disjoint, complete, even and stratified", arguments: [2, 3, 5])
  func folds(_ count: Int) throws {
    let labels = (0..<90).map { $0 % 9 < 5 ? 0 : $0 % 9 < 8 ? 1 : 2 }
    let contents = try contents(classes: 3, labels: labels)
    let folds = try contents.folds(count, of: Array(0..<90), seed: 4)
    #expect(folds.flatMap(\.self).sorted() == Array(0..<90))
    for fold in folds {
      let expected = [50, 30, 10].map { Double($0) / Double(count) }
      for (found, expected) in zip(contents.classCounts(fold), expected) {
        #expect(abs(Double(found) - expected) < 1, "\(found) of \(expected)")
      }
    }
  }

  @Test("Few-shot subsets hold k of each class and are nested")
  func fewShot() throws {
    let labels = (0..<150).map { $0 % 5 }
    let contents = try contents(classes: 5, labels: labels)
    let train = try contents.splits().train
    var smaller: Set<Int> = []
    for shots in [1, 5, 10] {
      let subset = contents.fewShot(shots, of: train, seed: 3)
      #expect(subset.classCounts == Array(repeating: shots, count: 5) && subset.warnings.isEmpty)
      #expect(smaller.isSubset(of: subset.indices) && Set(subset.indices).isSubset(of: train))
      smaller = Set(subset.indices)
    }
    let other = contents.fewShot(5, of: train, seed: 4)
    #expect(other.indices != contents.fewShot(5, of: train, seed: 3).indices)
  }

  @Test("A multi-label set is divided by its rarest findings; few-shot has k of each and none")
  func multilabel() throws {
    var random = RandomSource(seed: 5)
    let rows = (0..<300).map { index in
      let bits = [0.5, 0.2, 0.05].map { random.nextUniform() < $0 ? 1 : 0 }
      return (name: "s\(1000 + index)", bits: bits)
    }
    let lines = rows.map { row in "\(row.name)," + row.bits.map(String.init).joined(separator: ",")
    }
    let contents = try tableContents(
      "image,A,B,C\n" + lines.joined(separator: "\n"),
      images: rows.map(\.name),
      task: "kind: multilabel\nclasses: [A, B, C]"
    )
    #expect(contents.labels == .findings(rows.map(\.bits)))
    let splits = try contents.splits()
    let totals = contents.classCounts(Array(0..<300))
    for (found, total) in zip(contents.classCounts(splits.test), totals) {
      #expect(abs(Double(found) - 0.2 * Double(total)) <= 2, "\(found) of \(total)")
    }
    let one = contents.fewShot(2, of: splits.train, seed: 0)
    let five = contents.fewShot(5, of: splits.train, seed: 0)
    #expect(Set(one.indices).isSubset(of: five.indices))
    #expect(one.classCounts.allSatisfy { $0 >= 2 } && five.classCounts.allSatisfy { $0 >= 5 })
    let bare = one.indices.filter { contents.labels.positives(at: $0).isEmpty }
    #expect(bare.count == 2)
  }
}
