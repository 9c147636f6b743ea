import ArgumentParser
import Foundation

/// The file that a command writes.
enum OutputFile {
  /// Writes a text that appears whole or not at all.
  ///
  /// - Parameters:
  ///   - text: the text, in UTF-8.
  ///   - file: the file; one that exists is replaced.
  /// - Throws: `CommandError` where it can't be written.
  static func write(_ text: String, to file: URL) throws {
    do {
      try Data(text.utf8).write(to: file, options: .atomic)
    } catch {
      throw CommandError(
        "\(file.path(percentEncoded: false)): can't be written: \(error.localizedDescription)",
        exitCode: .someFailed
      )
    }
  }

  /// Checks that writing a file destroys nothing that the user may want.
  ///
  /// - Parameters:
  ///   - path: the file to be written.
  ///   - inputs: files that the command reads.
  ///   - force: whether a file that exists may be replaced.
  /// - Throws: `CommandError` where the output is an input, exists, is no regular file, or lies in a
  ///   folder that isn't there.
  static func check(_ path: String, inputs: [String], _ force: Bool) throws {
    func place(_ path: String) -> String {
      URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path(percentEncoded: false)
    }
    let output = place(path)
    guard !inputs.map(place).contains(output) else {
      throw CommandError("\(path): it is an input of this command; choose another output")
    }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: output) else {
      // Told now, not when hours of work are to be written.
      let folder = URL(filePath: output).deletingLastPathComponent()
      guard (try? folder.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true else {
        throw CommandError("\(path): there is no such folder; make it or choose another output")
      }
      return
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw CommandError("\(path): it is no regular file; choose another output")
    }
    guard force else {
      throw CommandError("\(path): it exists; choose another output, or replace it with --force")
    }
  }
}
