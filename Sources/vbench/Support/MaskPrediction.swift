import ArgumentParser
import Checkpoints
import Evaluation
import Foundation
import Imaging
import Models

/// Masks in photographs of the user's own.
struct MaskPrediction {
  /// The checkpoint's file.
  let checkpoint: String
  /// The folder that pictures go into.
  let folder: URL
  /// Whether pictures that exist may be replaced.
  let force: Bool
  let global: GlobalOptions

  /// Whether a checkpoint's network gives masks.
  ///
  /// - Parameter checkpoint: the file.
  /// - Returns: false for encoders.
  /// - Throws: `CheckpointError` where it can't be read.
  static func isWanted(_ checkpoint: String) throws -> Bool {
    SegmentationArchitecture.isDescribed(by: try CheckpointFile(checkpoint).header.architecture)
  }

  /// Predicts, writes pictures and tells what was found.
  ///
  /// - Parameters:
  ///   - files: the photographs.
  ///   - threshold: from which probability on a pixel belongs to a class; nil for the checkpoint's.
  /// - Throws: why nothing can be predicted; the exit code where photographs couldn't be read.
  func run(_ files: [URL], threshold: Float?) throws {
    let device = global.makeDevice()
    let masks = try PhotographMasks(
      SegmentationBundle(checkpoint: checkpoint, on: device),
      threshold: threshold,
      on: device
    )
    try prepareFolder(files, masks)
    if !masks.isStated {
      global.remark(
        "\(checkpoint) says nothing of its masks: they are predicted as the preset wnet-drive does"
          + (threshold == nil ? ", from the probability 0.5 on" : "")
      )
    }
    let observer = ConsoleObserver(global)
    var found: [PhotographMasks.Found] = []
    var failed = false
    observer.begin("Predicting masks", unit: "photographs", total: files.count)
    for (index, file) in files.enumerated() {
      do {
        found.append(
          try Interruption.shared.whileWriting(
            folder.path(percentEncoded: false),
            message: "\(index) of \(files.count) photographs have their masks"
          ) { try masks.predict(file, into: folder) }
        )
      } catch let error as ImagingError {
        // A folder that can't be written to is the same for all photographs.
        if case .notWritable = error.reason { throw error }
        failed = true
        StandardError.shared.writeLine("vbench: \(error)")
      }
      observer.advance(to: index + 1)
    }
    observer.end()
    try show(found)
    if found.isEmpty { throw ExitCode.badData }
    if failed { throw ExitCode.someFailed }
  }

  /// Makes the folder, after it is known that no picture is lost in it.
  private func prepareFolder(_ files: [URL], _ masks: PhotographMasks) throws {
    var owners: [URL: URL] = [:]
    func place(_ file: URL) -> String {
      file.resolvingSymlinksInPath().standardizedFileURL.path(percentEncoded: false)
    }
    let inputs = Set((files + [URL(filePath: checkpoint)]).map(place))
    let target = URL(filePath: place(folder), directoryHint: .isDirectory)
    for file in files {
      for output in masks.files(of: file, in: folder).flatMap({
        [$0.mask, $0.probability, $0.outline]
      }) {
        let path = output.relativePath
        if let other = owners.updateValue(file, forKey: output) {
          throw CommandError(
            "\(other.relativePath) and \(file.relativePath) would both be "
              + "written as \(path); run two commands with a folder each"
          )
        }
        guard
          !inputs.contains(
            target.appending(path: output.lastPathComponent).path(percentEncoded: false)
          )
        else {
          throw CommandError("\(path): it is an input of this command; choose another folder")
        }
        guard force || !FileManager.default.fileExists(atPath: path) else {
          throw CommandError(
            "\(path): it exists; choose another folder, or replace it with --force"
          )
        }
      }
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      var name = folder.relativePath
      while name.count > 1, name.hasSuffix("/") { name.removeLast() }
      throw CommandError(
        "\(name): the folder can't be made: a file is in its way, or its parent can't be written to",
        exitCode: .someFailed
      )
    }
  }

  private func show(_ found: [PhotographMasks.Found]) throws {
    if global.json {
      try printJSON(found)
      return
    }
    for photograph in found {
      print("\(photograph.image.printable)  \(photograph.width) × \(photograph.height) pixels")
      let rows = photograph.classes.map { region in
        [
          String(format: "%6.2f %%", 100 * region.share), region.name.printable,
          region.mask.printable,
        ]
      }
      for line in aligned(rows, indent: "  ") { print(line) }
      if let ratio = photograph.cupToDiscRatio {
        print("  vertical cup-to-disc ratio \(String(format: "%.3f", ratio))")
      }
    }
  }
}
