/// Which vessel runs through each cell of the retina, for arteries and veins apart.
struct SyntheticVesselGrid {
  /// Cells per disc diameter; the grid spans −4 … 7 temporally and ±5.5 down.
  private static let density = 15.0
  private static let side = 165
  private var owners = [Int32](repeating: -1, count: 2 * side * side)

  /// Where the cell of a place lies in `owners`, nil outside the grid.
  private func cell(_ place: SIMD2<Double>, _ isArtery: Bool) -> Int? {
    let column = Int((place.x + 4) * Self.density)
    let row = Int((place.y + 5.5) * Self.density)
    guard (0..<Self.side).contains(column), (0..<Self.side).contains(row) else { return nil }
    return ((isArtery ? 1 : 0) * Self.side + row) * Self.side + column
  }

  /// Whether no other vessel of a kind is there.
  ///
  /// - Parameters:
  ///   - place: in disc diameters.
  ///   - isArtery: the kind.
  ///   - number: the vessel that asks; it isn't in its own way.
  ///   - parent: the vessel that it comes from; it counts from the sixth step on.
  ///   - step: how many steps the vessel has grown; before the third nothing counts.
  /// - Returns: whether it may grow there; true outside the grid.
  func isFree(
    _ place: SIMD2<Double>,
    _ isArtery: Bool,
    _ number: Int,
    _ parent: Int,
    _ step: Int
  ) -> Bool {
    guard let cell = cell(place, isArtery) else { return true }
    let owner = Int(owners[cell])
    return owner < 0 || owner == number || step < 3 || (owner == parent && step < 6)
  }

  /// Notes that a vessel runs through a place.
  mutating func mark(_ place: SIMD2<Double>, _ isArtery: Bool, _ number: Int) {
    guard let cell = cell(place, isArtery) else { return }
    owners[cell] = Int32(truncatingIfNeeded: number)
  }
}
