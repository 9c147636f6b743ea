import Foundation
package import Imaging

/// Photographs with their reports: what a vision-language model is trained on and searched in.
package struct PairCollection: Sendable {
  /// What a pair's `split` may be.
  package static let splitNames = ["train", "validation", "test"]

  /// A name for people and records.
  package let name: String
  /// The pairs, by id, so that the order of a table's rows has no effect.
  package var pairs: [ReportPair]
  /// Draws the pictures that are drawn; nil for a collection on disk.
  package let drawing: SyntheticCollection?
  /// What a reader of a result must know, one line each.
  package let notes: [String]
  /// The rows that were left out, in the order of the table.
  package let skipped: [SkippedPair]
  /// What was read, in 64 hexadecimal digits; labels aside.
  ///
  /// It is the SHA-256 of the eye mark's rule and, pair by pair, of the id, the image's size in bytes
  /// (of a drawn picture the generator's parameters), the written report, the group and the split.
  /// It is the same wherever the files lie. A file whose bytes change and whose size doesn't, keeps it.
  package let identity: String

  /// Gathers pairs.
  ///
  /// - Parameters:
  ///   - name: for people and records.
  ///   - pairs: with ids that differ, in any order.
  ///   - drawing: draws the pictures that are drawn.
  ///   - notes: what a reader of a result must know.
  ///   - skipped: the rows that were left out.
  package init(
    name: String,
    pairs: [ReportPair],
    drawing: SyntheticCollection? = nil,
    notes: [String] = [],
    skipped: [SkippedPair] = []
  ) {
    self.name = name
    self.pairs = pairs.sorted { $0.id < $1.id }
    self.drawing = drawing
    self.notes = notes
    self.skipped = skipped
    identity = Self.identity(of: self.pairs, drawing)
  }

  /// What a person should be told: the notes, and for each reason how many rows were left out for
  /// it, the first three by name.
  package var warnings: [String] {
    notes
      + SkippedPair.Kind.allCases.compactMap { kind in
        let rows = skipped.filter { $0.kind == kind }
        guard !rows.isEmpty else { return nil }
        let shown = rows.prefix(3).map(\.detail).joined(separator: "; ")
        let more = rows.count > 3 ? "; and \(rows.count - 3) more" : ""
        return "\(name): \(kind.rawValue), \(rows.count) left out: \(shown)\(more)"
      }
  }

  /// The pictures as a loader takes them, in the order of the pairs; what is drawn, is drawn when
  /// it is needed.
  package var pictures: [TrainingImageLoader.Picture] {
    pairs.map { pair in
      switch pair.image {
      case .file(let url):
        return .file(ImageLoader.Source(identifier: pair.id, url: url))
      case .synthetic(let index):
        guard let drawing else {
          preconditionFailure("picture \(index) is to be drawn without a collection")
        }
        return .drawn(identifier: pair.id) { drawing.photograph(index) }
      }
    }
  }

  /// The pairs of one split.
  ///
  /// - Parameter split: one of `splitNames`.
  /// - Returns: indices in `pairs`, in rising order.
  package func indices(ofSplit split: String) -> [Int] {
    pairs.indices.filter { pairs[$0].split == split }
  }

  private static func identity(of pairs: [ReportPair], _ drawing: SyntheticCollection?) -> String {
    var text = Data("vbench pairs 1\n\(LeadingEyeMark.rule)\n".utf8)
    for pair in pairs {
      let picture =
        switch pair.image {
        case .file(let url): "\(fileSize(url) ?? -1) bytes"
        case .synthetic(let index): "\(drawing?.drawingIdentity ?? "") \(index)"
        }
      // With their lengths, so that no two lists of fields give one text.
      for field in [pair.id, picture, pair.rawReport, pair.group ?? "", pair.split ?? ""] {
        text.append(contentsOf: "\(field.utf8.count):\(field)\n".utf8)
      }
    }
    return hexadecimalSHA256(text)
  }
}

extension SyntheticCollection {
  /// What every picture's bits follow from, its number aside, in one line.
  var drawingIdentity: String {
    "vbench synthetic \(Self.version) seed \(seed) size \(size) difficulty \(difficulty)"
      + (healthy == Self.usualHealthy ? "" : " healthy \(healthy)")
  }
}

/// A file's size in bytes, a link's target's; nil where there is none.
private func fileSize(_ url: URL) -> Int? {
  let path = url.resolvingSymlinksInPath().path(percentEncoded: false)
  return (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
}
