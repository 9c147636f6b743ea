import Testing

/// All variants of the embedding gather against its definition, bit for bit.
struct EmbeddingVariantTests {
  @Test(arguments: lengths)
  func rowsOfTheTable(columns: Int) throws {
    let indices: [Int32] = [4, 0, 3, 3, 6]
    let table = uniforms(7 * columns, seed: 20)
    let before = uniforms(indices.count * columns, seed: 21)
    let rows = indices.flatMap { table[Int($0) * columns..<(Int($0) + 1) * columns] }
    for variant in try KernelTable.embedding().all {
      let (memory, y) = (GuardedFloats(table), GuardedFloats(before))
      variant.run(indices, columns, memory, true, y)
      expect(y.values, equal: zip(before, rows).map(+), "\(variant.name), \(columns), added")
      variant.run(indices, columns, memory, false, y)
      expect(y.values, equal: rows, "\(variant.name), \(columns)")
      #expect(y.isIntact && memory.values == table)
    }
  }

  @Test func noRows() throws {
    for variant in try KernelTable.embedding().all {
      let y = GuardedFloats(count: 0)
      variant.run([], 5, GuardedFloats([1, 2, 3, 4, 5]), false, y)
      #expect(y.isIntact)
    }
  }
}
