import Datasets
import Foundation
import Imaging
import Parallelism
import Synchronization

/// What a check of one data set found, for people and for programs.
struct DatasetReport: Encodable {
  /// How a check ended.
  enum Status: String, Encodable {
    /// Nothing is lost.
    case clean
    /// Samples are lost or can't be used.
    case faulty
    /// The set can't be read at all.
    case failed
    /// Nobody said where the set lies, and it wasn't asked for by name.
    case skipped
  }

  struct Split: Encodable {
    let name: String
    let declared: Int?
    let found: Int
  }

  /// The samples of a class by split, in the order of the splits.
  struct Class: Encodable {
    let task: String
    let name: String
    let declared: [Int?]
    let found: [Int]
  }

  struct Finding: Encodable {
    let level: DatasetCheck.Level
    let text: String
  }

  let name: String
  let folder: String?
  let status: Status
  private(set) var splits: [Split] = []
  private(set) var classes: [Class] = []
  private(set) var findings: [Finding] = []
  /// How many samples were left out, by reason.
  private(set) var leftOut: [String: Int] = [:]

  /// Reports a set that was not read.
  ///
  /// - Parameters:
  ///   - name: the set.
  ///   - status: failed or skipped.
  ///   - reason: why.
  init(_ name: String, status: Status, reason: String) {
    self.name = name
    self.status = status
    folder = nil
    findings = [Finding(level: status == .failed ? .error : .note, text: reason)]
  }

  /// Reports a set that was read.
  ///
  /// - Parameters:
  ///   - check: what was found.
  ///   - folder: where it lies; nil where the program draws it.
  init(_ check: DatasetCheck, folder: URL?) {
    name = check.dataset
    status = check.isClean ? .clean : .faulty
    self.folder = folder?.path(percentEncoded: false)
    splits = check.splits.map { Split(name: $0.name, declared: $0.declared, found: $0.found) }
    classes = check.classes.map {
      Class(task: $0.task, name: $0.name, declared: $0.declared, found: $0.found)
    }
    findings = check.findings.map { Finding(level: $0.level, text: $0.text) }
    leftOut = Dictionary(check.exclusions.map { ($0.kind.rawValue, 1) }, uniquingKeysWith: +)
  }

  /// Prints the report.
  func printLines() {
    let place = folder ?? (classes.isEmpty ? nil : "drawn by vbench")
    print([name, place?.printable].compactMap(\.self).joined(separator: "  "))
    let header = ["task", "class"] + splits.map(\.name)
    var rows = [["", "all"] + splits.map { count($0.found, $0.declared) }]
    rows += classes.map { row in
      [row.task, row.name.printable] + zip(row.found, row.declared).map { count($0, $1) }
    }
    if !splits.isEmpty { for line in aligned([header] + rows, indent: "  ") { print(line) } }
    for finding in findings { print("  \(finding.level.rawValue): \(finding.text.printable)") }
    switch status {
    case .clean: print("  nothing is lost")
    case .faulty: print("  \(findings.count { $0.level == .error }.of("error"))")
    case .failed, .skipped: break
    }
  }

  /// A count, with the declared one where it is another.
  private func count(_ found: Int, _ declared: Int?) -> String {
    guard let declared, declared != found else { return found.grouped }
    return "\(found.grouped) of \(declared.grouped)"
  }
}

extension DatasetContents {
  /// Decodes every image file.
  ///
  /// - Parameters:
  ///   - pool: decodes one image per thread at a time.
  ///   - progress: told of each image.
  /// - Returns: the set without those that can't be decoded, which are then listed as left out.
  func decodingImages(on pool: WorkerPool, progress: ProgressDisplay) -> DatasetContents {
    let faults = Mutex<[Sample.ID: String]>([:])
    pool.forEach(samples.count) { index in
      defer { progress.advance() }
      guard case .file(let url) = samples[index].source else { return }
      do {
        _ = try ImageBuffer(contentsOf: url.path(percentEncoded: false))
      } catch {
        faults.withLock { $0[samples[index].id] = "\(error)" }
      }
    }
    return removing(unreadable: faults.withLock { $0 })
  }
}
