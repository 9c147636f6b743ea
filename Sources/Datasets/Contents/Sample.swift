package import Foundation

/// Where a sample's picture comes from.
package enum ImageSource: Sendable, Hashable {
  /// A file of some image format.
  case file(URL)
  /// The picture of this number that the program draws, from the data set's generator.
  case synthetic(index: Int)
}

/// What a sample is, for one task.
package enum SampleLabel: Sendable, Equatable {
  /// The class index, in `0..<K`.
  case classIndex(Int)
  /// K values of 0 and 1.
  case findings([Int])
}

/// One image of a data set with its labels.
package struct Sample: Sendable, Equatable, Identifiable {
  /// Unique in the set and the same on any machine.
  ///
  /// The split and the image's name without extension, `train/IDRiD_001`: the same name may occur in
  /// several splits.
  package let id: String
  /// The picture.
  package let source: ImageSource
  /// The makers' split: one of `SplitDescription.names`.
  package let split: String
  /// The patient or what else must not lie in two splits; nil where the set doesn't say.
  package let group: String?
  /// The report without its leading eye mark; nil where there is none, or nothing else in it.
  package let report: String?
  /// By task; a task is absent where its label is.
  package let labels: [String: SampleLabel]
  /// By task of masks, where they lie; a task is absent where they are missing.
  package let masks: [String: SampleMasks]
}

/// A row or image that was left out, and why.
package struct SampleExclusion: Sendable, Equatable {
  /// The kinds of reason, for counting.
  package enum Kind: String, Sendable, CaseIterable, Codable {
    /// The table names an image that is not in the folder.
    case missingImage = "missing image"
    /// An image that the table doesn't name.
    case imageWithoutRow = "image without a row"
    /// The label's cell is empty.
    case missingLabel = "missing label"
    /// The label is none that the description knows.
    case labelOutOfRange = "label out of range"
    /// The picture can't be decoded.
    case unreadableImage = "unreadable image"
    /// The row says that nobody could grade the image.
    case ungradable
    /// The table named the image before, with the same cells.
    case repeatedRow = "repeated row"
    /// The table names the image more than once, with different labels.
    case contradictoryRows = "contradictory rows"
    /// A mask that the task needs is in no file, or its photograph has no box.
    case missingMask = "missing mask"
    /// The row can't be read: it has no image name, or one that leaves the folder.
    case unusableRow = "unusable row"
  }

  /// The image's name.
  package let name: String
  /// The makers' split.
  package let split: String
  /// The task that it is left out of; nil for all of them.
  package let task: String?
  /// The kind of reason.
  package let kind: Kind
  /// What was found and where: `file:line: …`.
  package let detail: String
}

extension SampleExclusion: CustomStringConvertible {
  /// One line.
  package var description: String { "\(split)/\(name): \(kind.rawValue): \(detail)" }
}

/// A file and its content.
package struct FileDigest: Sendable, Equatable {
  /// The path below the data set's root.
  package let path: String
  /// The SHA-256 of its bytes, in lower-case hexadecimal digits.
  package let sha256: String
}
