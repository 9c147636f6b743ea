package import Foundation
import Imaging
package import Parallelism
import Synchronization

/// Writes a synthetic collection as a folder.
///
/// ```
/// labels.csv                          one row per sample; see `labelsHeader`
/// reports.jsonl                       one object per line: id, patient, eye, split, image, report
/// collection.json                     seed, count, size, difficulty, healthy, version
/// images/P00000-right.png             8-bit RGB
/// masks/exudates/P00000-right.png     8-bit grey, 0 or 255; a lesion that an eye lacks has no file
/// ```
package enum SyntheticFolder {
  /// The columns of `labels.csv`: the sample, its disease, one 0/1 column per finding, its report.
  package static let labelsHeader =
    ["image", "patient", "eye", "split", "disease"] + SyntheticFinding.allCases.map(\.rawValue)
    + ["cup_to_disc_ratio", "report"]

  /// What `collection.json` holds.
  private struct Manifest: Codable, Equatable {
    var format = "vbench-synthetic-fundus"
    var version = SyntheticCollection.version
    var seed: UInt64
    var count: Int
    var size: Int
    var difficulty: Double
    /// Nil for the usual share, of which older folders say nothing.
    var healthy: Double?

    init(_ collection: SyntheticCollection) {
      seed = collection.seed
      count = collection.count
      size = collection.size
      difficulty = collection.difficulty
      let isUsual = collection.healthy == SyntheticCollection.usualHealthy
      healthy = isUsual ? nil : collection.healthy
    }
  }

  /// A line of `reports.jsonl`.
  private struct ReportLine: Encodable {
    let id: String
    let patient: String
    let eye: SyntheticEye
    let split: SyntheticSplit
    let image: String
    let report: String
  }

  /// Whether a folder holds exactly this collection, written by this version.
  ///
  /// - Parameters:
  ///   - collection: the collection that is wanted.
  ///   - folder: where it may have been written before.
  /// - Returns: whether nothing needs to be written.
  package static func holds(_ collection: SyntheticCollection, in folder: URL) -> Bool {
    let manifest = folder.appending(path: "collection.json")
    guard let data = try? Data(contentsOf: manifest),
      let found = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return false }
    return found == Manifest(collection)
  }

  /// Writes a collection: beside its place first, then renamed, so that a folder is whole or absent.
  ///
  /// - Parameters:
  ///   - collection: what is written.
  ///   - folder: where to; must not exist, or be empty.
  ///   - pool: draws and writes one sample per thread at a time.
  ///   - progress: told how many samples are written, from any of the pool's threads.
  /// - Throws: `DatasetsError` where the folder holds something or can't be written to;
  ///   `ImagingError` where an image can't be written. Nothing is left behind then.
  package static func write(
    _ collection: SyntheticCollection,
    to folder: URL,
    on pool: WorkerPool,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws {
    try requireVacancy(folder)
    let partial = folder.deletingLastPathComponent()
      .appending(path: ".\(folder.lastPathComponent).\(UUID().uuidString).vbench-partial")
    do {
      try makeFolders(in: partial)
      try writeSamples(collection, to: partial, on: pool, progress)
      try writeTables(collection, to: partial)
      // An empty folder may stand at the place: it gives way.
      if isFolder(folder) { try FileManager.default.removeItem(at: folder) }
      try FileManager.default.moveItem(at: partial, to: folder)
    } catch {
      try? FileManager.default.removeItem(at: partial)
      guard !(error is DatasetsError) && !(error is ImagingError) else { throw error }
      throw DatasetsError(
        .unreadable(detail: "the collection can't be written: \(error.localizedDescription)"),
        path: folder.path(percentEncoded: false)
      )
    }
  }

  private static func requireVacancy(_ folder: URL) throws {
    let path = folder.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { return }
    guard isFolder(folder), namesInFolder(folder).isEmpty else {
      throw DatasetsError(
        .unreadable(detail: "something is there already; name a new folder or remove it"),
        path: path
      )
    }
  }

  private static func makeFolders(in folder: URL) throws {
    let masks = SyntheticMask.allCases.map { "masks/\($0.rawValue)" }
    for name in ["images"] + masks {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name),
        withIntermediateDirectories: true
      )
    }
  }

  private static func writeSamples(
    _ collection: SyntheticCollection,
    to folder: URL,
    on pool: WorkerPool,
    _ progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let root = folder.path(percentEncoded: false)
    let state = Mutex<(done: Int, failure: (any Error)?)>((0, nil))
    pool.forEach(collection.count) { index in
      guard state.withLock({ $0.failure == nil }) else { return }
      do {
        try write(collection.sample(index), size: collection.size, to: root)
        progress(
          state.withLock {
            $0.done += 1
            return $0.done
          }
        )
      } catch {
        state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private static func write(_ sample: SyntheticSample, size: Int, to root: String) throws {
    try PNGWriter.write(sample.image, to: "\(root)/images/\(sample.id).png", compressionLevel: 4)
    for (kind, mask) in sample.masks where kind.finding == nil || mask.contains(255) {
      let image = GrayImage(
        width: size,
        height: size,
        bitDepth: 8,
        samples: mask.map { UInt16($0) }
      )
      try PNGWriter.write(image, to: "\(root)/masks/\(kind.rawValue)/\(sample.id).png")
    }
  }

  private static func writeTables(_ collection: SyntheticCollection, to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var table = labelsHeader.joined(separator: ",") + "\n"
    var lines = Data()
    for index in 0..<collection.count {
      let record = collection.record(index)
      table += row(of: record) + "\n"
      let line = ReportLine(
        id: record.id,
        patient: record.patient,
        eye: record.eye,
        split: record.split,
        image: "images/\(record.id).png",
        report: record.report
      )
      lines.append(try encoder.encode(line) + Data("\n".utf8))
    }
    try Data(table.utf8).write(to: folder.appending(path: "labels.csv"))
    try lines.write(to: folder.appending(path: "reports.jsonl"))
    encoder.outputFormatting.insert(.prettyPrinted)
    let manifest = try encoder.encode(Manifest(collection)) + Data("\n".utf8)
    try manifest.write(to: folder.appending(path: "collection.json"))
  }

  /// A row of `labels.csv`; reports hold no quotes or line breaks.
  private static func row(of record: SyntheticRecord) -> String {
    let hundredths = Int((record.cupToDiscRatio * 100).rounded())
    let ratio = "0." + (hundredths < 10 ? "0" : "") + String(hundredths)
    let cells =
      ["\(record.id).png", record.patient, record.eye.rawValue, record.split.rawValue]
      + [record.grade.rawValue] + record.labels.map { $0 ? "1" : "0" } + [ratio]
    return cells.joined(separator: ",") + ",\"\(record.report)\""
  }
}
