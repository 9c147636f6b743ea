/// Compares two arrays element by element and describes what differs.
///
/// - Parameters:
///   - values: the values under test.
///   - references: what they should be.
///   - tolerance: how far they may lie apart.
///   - context: how to reproduce the comparison: variant, sizes, seed.
/// - Returns: nil when all are close enough, else the first five differences and their number.
public func mismatch<Value: BinaryFloatingPoint>(
  _ values: [Value],
  _ references: [Value],
  within tolerance: Tolerance,
  context: String = ""
) -> String? {
  guard values.count == references.count else {
    return "\(context): \(values.count) values against \(references.count) references"
  }
  let wrong = values.indices.filter {
    !tolerance.accepts(Double(values[$0]), Double(references[$0]))
  }
  guard !wrong.isEmpty else { return nil }
  let first = wrong.prefix(5).map { "[\($0)] \(values[$0]) ≠ \(references[$0])" }
  let worst = wrong.map { abs(Double(values[$0]) - Double(references[$0])) }.max() ?? 0
  return "\(context): \(wrong.count) of \(values.count) differ, at most by \(worst): "
    + first.joined(separator: ", ")
}
