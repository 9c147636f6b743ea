import Foundation
import Reporting

/// One of the process's streams, which may be a terminal.
enum Terminal {
  /// Standard output, for what a command was asked for.
  case output
  /// Standard error, for errors, remarks and progress.
  case error

  /// Whether a person watches: the stream is a terminal that can rewrite a line.
  var isInteractive: Bool {
    let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
    return isatty(descriptor) == 1 && Self.variable("TERM") != "dumb"
  }

  /// The width to write for, and whether escape sequences may be written.
  ///
  /// The width is the variable `COLUMNS`, else the terminal's, else 100. Colours need a terminal and
  /// that `NO_COLOR` is not set (https://no-color.org).
  var style: TerminalStyle {
    let isInteractive = isInteractive
    return TerminalStyle(
      width: Self.stated ?? (isInteractive ? Self.measured : nil) ?? 100,
      usesColor: isInteractive && Self.variable("NO_COLOR") == nil
    )
  }

  /// What `COLUMNS` says, where that is a width.
  private static var stated: Int? {
    variable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The controlling terminal's columns, asked of `stty`: a system call would need a pointer.
  private static let measured: Int? = {
    guard let terminal = FileHandle(forReadingAtPath: "/dev/tty") else { return nil }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/stty")
    process.arguments = ["size"]
    process.standardInput = terminal
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let columns = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
    return columns.flatMap { $0 > 0 ? $0 : nil }
  }()

  /// An environment variable; nil where it is unset or empty.
  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
