import Foundation

/// Arrays and numbers that another implementation computed, as a script of
/// `Tests/Fixtures/generate` recorded them.
public struct RecordedCase: Decodable, Sendable, CustomStringConvertible {
  /// What was computed, such as `convolution-3x3-stride-2`.
  public let name: String
  /// Sizes and settings by name.
  public let numbers: [String: Double]
  private let arrays: [String: Array]

  /// An array of float32, row by row.
  private struct Array: Decodable {
    let shape: [Int]
    /// The elements' bytes, least significant first, in base64.
    let float32: Data
  }

  private struct File: Decodable {
    let cases: [RecordedCase]
  }

  /// The name.
  public var description: String { name }

  /// Why an array or a number of a case can't be used.
  public struct Failure: Error, CustomStringConvertible {
    /// What is missing or wrong.
    public let description: String
  }

  /// The cases of one file whose names start with a prefix.
  ///
  /// - Parameters:
  ///   - file: under `Tests/Fixtures`, e.g. `Kernels/pytorch.json`.
  ///   - prefix: how names start.
  /// - Returns: the cases in the file's order, at least one.
  /// - Throws: what reading and decoding throw; `Failure` when no name starts so.
  public static func cases(_ file: String, _ prefix: String) throws -> [RecordedCase] {
    let url = Fixtures.directory.appending(path: file)
    let all = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
    let chosen = all.filter { $0.name.hasPrefix(prefix) }
    guard !chosen.isEmpty else { throw Failure(description: "no case \(prefix)… in \(file)") }
    return chosen
  }

  /// The shape of an array.
  ///
  /// - Throws: `Failure` when there is no such array.
  public func shape(_ name: String) throws -> [Int] { try array(name).shape }

  /// The elements of an array.
  ///
  /// - Throws: `Failure` when there is no such array, or its bytes don't fill its shape.
  public func floats(_ name: String) throws -> [Float] {
    let array = try array(name)
    let bytes = [UInt8](array.float32)
    guard bytes.count == 4 * array.shape.reduce(1, *) else {
      throw Failure(description: "\(self.name): \(name) \(array.shape) has \(bytes.count) bytes")
    }
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: word)
    }
  }

  /// Whether there is an array of that name.
  public func has(_ name: String) -> Bool { arrays[name] != nil }

  /// A number.
  ///
  /// - Throws: `Failure` when there is no such number.
  public func number(_ name: String) throws -> Double {
    guard let number = numbers[name] else {
      throw Failure(description: "\(self.name) has no number \(name)")
    }
    return number
  }

  /// A whole number.
  ///
  /// - Throws: `Failure` when there is no such number.
  public func integer(_ name: String) throws -> Int { Int(try number(name)) }

  private func array(_ name: String) throws -> Array {
    guard let array = arrays[name] else {
      throw Failure(description: "\(self.name) has no array \(name)")
    }
    return array
  }
}
