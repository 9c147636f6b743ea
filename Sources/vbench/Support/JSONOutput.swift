import Foundation

/// Prints a value as JSON on standard output, keys sorted, for other programs.
///
/// - Parameter value: what is printed.
/// - Throws: `EncodingError` where the value holds a number that JSON lacks.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.dateEncodingStrategy = .iso8601
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
