/// How the numbers were made.
package struct ProtocolRecord: Codable, Equatable, Sendable {
  /// The parameter that lists what is other than in the preset; absent where nothing is.
  package static let changedSettings = "changed settings"

  /// The protocol's name, such as `linear-probe`.
  package var name: String
  /// Raised when anything that changes a score changes.
  package var version: Int
  /// The named set of parameters that the run started from, such as `lbfgs-sweep`.
  package var preset: String?
  /// Every parameter as it was used, in the order in which the protocol declares them.
  package var parameters: [Parameter]

  /// Records a protocol.
  package init(name: String, version: Int, preset: String? = nil, parameters: [Parameter] = []) {
    self.name = name
    self.version = version
    self.preset = preset
    self.parameters = parameters
  }
}

/// One resolved parameter of a protocol.
package struct Parameter: Codable, Equatable, Sendable {
  /// The parameter's name.
  package var name: String
  /// What it was set to.
  package var value: ParameterValue

  /// Records a parameter.
  package init(_ name: String, _ value: ParameterValue) {
    self.name = name
    self.value = value
  }
}

/// What a parameter was set to: a plain JSON value.
package enum ParameterValue: Sendable {
  case text(String)
  case integer(Int)
  case real(Double)
  case flag(Bool)
  case list([ParameterValue])
  /// Not set.
  case none
}

extension ParameterValue: Equatable {
  /// Whether two values are written alike: the whole number 1 equals the real number 1.
  package static func == (left: ParameterValue, right: ParameterValue) -> Bool {
    switch (left, right) {
    case (.text(let left), .text(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.integer(let whole), .real(let real)), (.real(let real), .integer(let whole)):
      Int(exactly: real) == whole
    case (.flag(let left), .flag(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.none, .none): true
    default: false
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as a person would write it.
  package var description: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .real(let number): Int(exactly: number).map { String($0) } ?? String(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let values): values.map(\.description).joined(separator: ", ")
    case .none: "none"
    }
  }
}

extension ParameterValue: Codable {
  /// Reads a JSON value; objects are refused.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` where the value is an object.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .real(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([ParameterValue].self))
    }
  }

  /// Writes the plain JSON value.
  ///
  /// - Parameter encoder: where to write to.
  /// - Throws: `EncodingError` where a number is not finite.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .integer(let number): try container.encode(number)
    case .real(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let values): try container.encode(values)
    case .none: try container.encodeNil()
    }
  }
}
