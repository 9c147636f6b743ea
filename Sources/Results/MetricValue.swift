/// A metric's value, or the reason why it has none.
///
/// Undefined is never written as 0 or NaN and never enters a mean. In JSON a value is a number, and
/// an undefined one is `{"undefined": "reason"}`.
package enum MetricValue: Equatable, Sendable {
  /// A finite number.
  case value(Double)
  /// Why there is no number, such as "class 3 has no positive sample in the test split".
  case undefined(reason: String)

  /// The number, where there is one.
  package var number: Double? {
    guard case .value(let number) = self else { return nil }
    return number
  }

  /// Why there is no number, where there is none.
  package var undefinedReason: String? {
    guard case .undefined(let reason) = self else { return nil }
    return reason
  }
}

extension MetricValue: Codable {
  private enum CodingKeys: String, CodingKey {
    case undefined
  }

  /// Reads a number or `{"undefined": "reason"}`.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` where the value is neither.
  package init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self = .value(number)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .undefined(reason: try container.decode(String.self, forKey: .undefined))
  }

  /// Writes a number or `{"undefined": "reason"}`.
  ///
  /// - Parameter encoder: where to write to.
  /// - Throws: `EncodingError` where the number is not finite.
  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .undefined(let reason):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(reason, forKey: .undefined)
    }
  }
}
