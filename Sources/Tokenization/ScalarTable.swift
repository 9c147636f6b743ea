/// The units of every scalar of the basic multilingual plane, computed once.
///
/// Hangul syllables and the other planes are computed when they turn up. One entry is 8 bytes, the
/// table 512 kB; a report touches a few kB of it.
struct ScalarTable: Sendable {
  /// The table, made on first use.
  static let shared = ScalarTable()

  /// One unit per scalar below U+10000; surrogates can't turn up.
  private var units: [ScalarUnit]
  private var expansions: [[ScalarUnit]] = []

  private init() {
    units = [ScalarUnit](repeating: ScalarUnit(.gone), count: 0x10000)
    for value in UInt32(0)..<0x10000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if (0xAC00...0xD7A3).contains(value) {
        units[Int(value)] = ScalarUnit(.computed)
        continue
      }
      let sequence = ScalarUnit.units(of: scalar)
      if sequence.count == 1 {
        units[Int(value)] = sequence[0]
      } else {
        units[Int(value)] = ScalarUnit(.expansion, UInt32(expansions.count))
        expansions.append(sequence)
      }
    }
  }

  /// The unit of a scalar; kinds `expansion` and `computed` stand for what ``expansion(of:for:)``
  /// gives.
  @inline(__always)
  func unit(of scalar: Unicode.Scalar) -> ScalarUnit {
    scalar.value < 0x10000 ? units[Int(scalar.value)] : ScalarUnit(.computed)
  }

  /// The units behind an entry of kind `expansion` or `computed`.
  func expansion(of unit: ScalarUnit, for scalar: Unicode.Scalar) -> [ScalarUnit] {
    unit.kind == .expansion ? expansions[Int(unit.value)] : ScalarUnit.units(of: scalar)
  }
}
