/// A safetensors file: a JSON header, then the tensors' bytes.
///
/// Source: the format's description in the safetensors repository: 8 bytes of header length (little-
/// endian), the header, a buffer that the tensors fill without gaps or overlaps.
package final class SafetensorsFile: TensorArchive {
  package let tensors: [TensorDescription]
  package let metadata: [String: String]
  package let wrapping: ArchiveWrapping
  private let file: InputFile
  private let places: [String: Place]

  /// Where a tensor lies.
  private struct Place {
    var type: ElementType
    var count: Int
    var offset: Int
  }

  /// The longest header that the format's own library accepts.
  private static let headerLimit = 100_000_000

  /// Whether a file starts as this format does.
  ///
  /// - Parameter start: its first bytes.
  /// - Returns: true when a header of less than 4 GiB that is a JSON object could follow.
  static func recognizes(_ start: [UInt8]) -> Bool {
    guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
    return start[4..<8].allSatisfy { $0 == 0 }
  }

  /// Opens a file; of the tensors' values nothing is read yet.
  ///
  /// - Parameter path: the file.
  /// - Throws: `CheckpointError`: `notFound`; `unreadable` and `malformed` for a damaged file;
  ///   `unsupported` for a type that isn't read here.
  package init(_ path: String) throws {
    file = try InputFile(path)
    let start = try file.bytes(at: 0, atMost: 9)
    guard Self.recognizes(start) else {
      throw CheckpointError(.unreadable(detail: "it doesn't start with a JSON header"), path: path)
    }
    let length = start.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(Self.headerLimit, file.byteCount - 8)
    guard length <= UInt64(limit) else {
      throw CheckpointError(
        .malformed(
          place: "byte 0",
          detail: "the header claims \(length) bytes, at most \(limit) are possible"
        ),
        path: path
      )
    }
    let dataOffset = 8 + Int(length)
    var parser = SafetensorsHeaderParser(try file.bytes(at: 8, atMost: Int(length)), path: path)
    let header = try parser.parse()
    try Self.checkLayout(header.tensors, dataBytes: file.byteCount - dataOffset, path: path)
    // As the values lie in the file.
    let ordered = header.tensors.sorted { ($0.begin, $0.name) < ($1.begin, $1.name) }
    let prefix = wrapperPrefix(of: ordered.map(\.name))
    wrapping = ArchiveWrapping(container: "", prefix: prefix, alternatives: [])
    metadata = header.metadata
    tensors = ordered.map {
      TensorDescription(
        name: String($0.name.dropFirst(prefix.count)),
        shape: $0.shape,
        elementType: $0.type
      )
    }
    places = Dictionary(
      ordered.map { entry in
        let count = (entry.end - entry.begin) / entry.type.byteCount
        let place = Place(type: entry.type, count: count, offset: dataOffset + entry.begin)
        return (String(entry.name.dropFirst(prefix.count)), place)
      },
      uniquingKeysWith: { $1 }
    )
  }

  package var path: String { file.path }
  package var format: ArchiveFormat { .safetensors }

  package func read(_ name: String) throws -> [Float] {
    guard let place = places[name] else {
      throw CheckpointError(.missingObject(name: name), path: path)
    }
    var stream = file.stream(from: place.offset)
    return try place.type.decode(place.count, from: &stream)
  }

  /// Checks that the tensors fill the buffer without gaps or overlaps, each with the bytes of its shape.
  private static func checkLayout(
    _ tensors: [SafetensorsHeaderParser.Tensor],
    dataBytes: Int,
    path: String
  ) throws {
    func failure(_ name: String, _ detail: String) -> CheckpointError {
      CheckpointError(.malformed(place: "tensor \"\(name)\"", detail: detail), path: path)
    }
    var position = 0
    for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.end <= dataBytes else {
        throw failure(
          tensor.name,
          "it ends at byte \(tensor.end) of \(dataBytes): the file is cut short"
        )
      }
      guard tensor.begin == position, tensor.end >= tensor.begin else {
        throw failure(
          tensor.name,
          "it begins at byte \(tensor.begin), the tensor before ends at \(position)"
        )
      }
      position = tensor.end
      let bytes = elementCount(tensor.shape).map {
        $0.saturatingMultiply(by: tensor.type.byteCount)
      }
      guard bytes == tensor.end - tensor.begin else {
        throw failure(
          tensor.name,
          "shape \(tensor.shape) of \(tensor.type.rawValue) doesn't take \(position - tensor.begin) bytes"
        )
      }
    }
    guard position == dataBytes else {
      throw CheckpointError(
        .malformed(
          place: "byte \(position) of the data",
          detail: "\(dataBytes - position) bytes belong to no tensor"
        ),
        path: path
      )
    }
  }
}
