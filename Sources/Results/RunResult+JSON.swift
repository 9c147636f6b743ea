package import Foundation

/// How results are written: sorted keys, exact numbers, two spaces of indentation.
extension RunResult {
  /// The result as JSON text: the same result is the same bytes.
  ///
  /// Doubles are written with the fewest digits that read back as the same bits.
  ///
  /// - Parameter path: the file's name in error messages.
  /// - Returns: UTF-8 text that ends with a line break.
  /// - Throws: `ResultsError` where a number is infinite, NaN or out of its range.
  package func json(path: String = "result.json") throws -> Data {
    if let reason = inconsistency() { throw ResultsError(reason, path: path) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do {
      return try encoder.encode(self) + Data("\n".utf8)
    } catch EncodingError.invalidValue(_, let context) {
      throw ResultsError(.notFinite(keyPath: keyPath(context.codingPath)), path: path)
    }
  }

  /// Reads a result.
  ///
  /// - Parameters:
  ///   - json: UTF-8 text.
  ///   - path: the file's name in error messages.
  /// - Throws: `ResultsError` where the schema is newer than this program's, a key is unknown, or a
  ///   value is missing, of the wrong kind or out of range.
  package init(json: Data, path: String = "result.json") throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do {
      let version = try decoder.decode(SchemaVersion.self, from: json).schemaVersion
      guard version <= Self.currentSchemaVersion else {
        throw ResultsError(
          .newerSchema(found: version, supported: Self.currentSchemaVersion),
          path: path
        )
      }
      guard version >= 1 else {
        throw ResultsError(
          .malformed(keyPath: "schemaVersion", detail: "expected 1 or more, found \(version)"),
          path: path
        )
      }
      self = try decoder.decode(RunResult.self, from: json)
      let written = try self.json(path: path)
      if let place = try Self.unknownKey(in: json, comparedWith: written) {
        throw ResultsError(.unknownKey(keyPath: place), path: path)
      }
    } catch let error as DecodingError {
      throw ResultsError(malformed(error), path: path)
    }
  }

  /// Reads a result from a file.
  ///
  /// - Parameter file: a run's `result.json`.
  /// - Throws: `ResultsError` where the file is missing, unreadable, malformed or too new.
  package init(contentsOf file: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw ResultsError(.notFound, path: file.path(percentEncoded: false))
    } catch {
      throw ResultsError(
        .unreadable(detail: error.localizedDescription),
        path: file.path(percentEncoded: false)
      )
    }
    try self.init(json: data, path: file.path(percentEncoded: false))
  }

  /// Writes the result: to a temporary name beside `file` first, which is then renamed.
  ///
  /// - Parameter file: the file to write; one that exists is replaced whole.
  /// - Throws: `ResultsError` where a number is not finite or the file can't be written.
  package func write(to file: URL) throws {
    let path = file.path(percentEncoded: false)
    let data = try json(path: path)
    do {
      try data.write(to: file, options: .atomic)
    } catch {
      throw ResultsError(.unwritable(detail: error.localizedDescription), path: path)
    }
  }
}

/// The one key that every version of the file has.
private struct SchemaVersion: Decodable {
  var schemaVersion: Int
}

/// The place of a value, such as `metrics[3].confidenceInterval.low`.
func keyPath(_ path: [any CodingKey]) -> String {
  let joined = path.reduce(into: "") { text, key in
    if let index = key.intValue {
      text += "[\(index)]"
    } else {
      text += text.isEmpty ? key.stringValue : "." + key.stringValue
    }
  }
  return joined.isEmpty ? "the file" : joined
}

/// What a decoder's error says, with the place of the value.
private func malformed(_ error: DecodingError) -> ResultsError.Reason {
  switch error {
  case .keyNotFound(let key, let context):
    .malformed(keyPath: keyPath(context.codingPath + [key]), detail: "is missing")
  case .typeMismatch(let type, let context):
    .malformed(
      keyPath: keyPath(context.codingPath),
      detail: "expected \(expectation(of: type)), found something else"
    )
  case .valueNotFound(let type, let context):
    .malformed(
      keyPath: keyPath(context.codingPath),
      detail: "expected \(expectation(of: type)), found null"
    )
  case .dataCorrupted(let context):
    .malformed(
      keyPath: keyPath(context.codingPath),
      detail: (context.underlyingError as? NSError)?.userInfo[NSDebugDescriptionErrorKey]
        as? String ?? context.debugDescription
    )
  @unknown default:
    .malformed(keyPath: "the file", detail: String(describing: error))
  }
}

/// A type's name in a reader's words.
private func expectation(of type: any Any.Type) -> String {
  switch type {
  case is Double.Type: "a number"
  case is Int.Type, is UInt64.Type: "a whole number"
  case is String.Type: "a text"
  case is Bool.Type: "true or false"
  case is any Collection.Type: "a list"
  default: "an object"
  }
}
