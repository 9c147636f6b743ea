/// Why a mask can't be used.
package enum MaskFault: Error, Sendable, Equatable {
  /// What some pixels of a mask hold.
  package struct Value: Sendable, Equatable {
    /// The grey level, or red, green and blue where they differ.
    package let channels: [UInt8]
    /// How many pixels hold it.
    package let count: Int
  }

  /// There was a file when the set was opened, and there is none now.
  case missing
  /// The file can't be decoded.
  case unreadable(detail: String)
  /// The mask has another size than its photograph: width and height of both.
  case wrongSize(found: [Int], expected: [Int])
  /// Values that the description doesn't name, the most frequent first; all known ones.
  case unknownValues([Value], known: [Int])
  /// No pixel of the mask, or none inside the field of view, is to be judged.
  case allIgnored
  /// The mask of the field of view is empty.
  case emptyField
  /// Pixels of a class that should lie inside another one.
  case outside(inner: String, outer: String, count: Int)

  /// What was found, what was expected and what to do, in one line.
  var explanation: String {
    switch self {
    case .missing: "the mask is gone; fetch it again"
    case .unreadable(let detail): "the mask can't be read: \(detail)"
    case .wrongSize(let found, let expected):
      "the mask has \(text(found)) pixels, its photograph \(text(expected)); fetch both anew, or "
        + "resize the mask by the nearest neighbour"
    case .unknownValues(let values, let known):
      "the mask holds \(text(values)); known are \(known.map(String.init).joined(separator: ", ")); "
        + "save it without loss and smoothing, or name the values in datasets.yaml"
    case .allIgnored:
      "no pixel of the mask is to be judged: all are marked as ignored; leave the photograph out"
    case .emptyField:
      "the field of view is empty; fetch its mask anew"
    case .outside(let inner, let outer, let count):
      "\(count) pixels of ‘\(inner)’ lie outside of ‘\(outer)’, which should hold them; "
        + "correct the mask or leave the photograph out"
    }
  }

  private func text(_ size: [Int]) -> String {
    size.map(String.init).joined(separator: " × ")
  }

  /// At most four values with their counts, and how many there are beyond.
  private func text(_ values: [Value]) -> String {
    let shown = values.prefix(4).map { value in
      let channels = value.channels.map(String.init).joined(separator: ", ")
      let name = value.channels.count == 1 ? channels : "(\(channels))"
      return "\(name) in \(value.count) pixel\(value.count == 1 ? "" : "s")"
    }
    let more = values.count > 4 ? " and \(values.count - 4) more unknown values" : ""
    return "the unknown " + shown.joined(separator: ", ") + more
  }
}
