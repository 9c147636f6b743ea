import ArgumentParser

/// The options that every command has: how it tells what it found.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON for other programs instead of text for people.")
  var json = false

  @Flag(name: .shortAndLong, help: "Write neither progress nor remarks; errors remain.")
  var quiet = false

  /// Says something on standard error that is worth knowing but no error; nothing with `--quiet`.
  ///
  /// - Parameter text: one line.
  func remark(_ text: String) {
    if !quiet { StandardError.shared.writeLine("vbench: \(text)") }
  }

  /// Shows how far long work is; nothing with `--quiet`.
  ///
  /// - Parameters:
  ///   - label: what is done, such as `Encoding`.
  ///   - unit: what is counted, in the plural.
  ///   - total: how many there are; nil where unknown.
  /// - Returns: a display whose clock runs.
  func progress(_ label: String, unit: String, total: Int?) -> ProgressDisplay {
    ProgressDisplay(label, unit: unit, total: total, isShown: !quiet)
  }
}
