import Tensors
import Testing

/// Sums, multiples and the search for what isn't finite, over several chunks.
struct ArithmeticTests {
  private static let count = 3 * 65_536 + 1001

  private func tensor(on device: Device) -> Tensor {
    let elements = (0..<Self.count).map { Float($0 * 7919 % 1000) - 499 }
    return Tensor(elements, shape: [Self.count], on: device)
  }

  /// The first one is found, though threads search all chunks.
  @Test(arguments: [1, 2, 4])
  func firstNonFinite(threads: Int) {
    let device = Device(threadCount: threads)
    var elements = tensor(on: device).elements
    #expect(tensor(on: device).firstNonFinite(on: device) == nil)
    for place in [Self.count - 1, 131_072, 65_535, 65_536, 17, 0].sorted(by: >) {
      elements[place] = place % 2 == 0 ? .nan : -.infinity
      let spoilt = Tensor(elements, shape: [Self.count], on: device)
      #expect(spoilt.firstNonFinite(on: device) == place)
    }
    #expect(Tensor([], shape: [0, 3], on: device).firstNonFinite(on: device) == nil)
  }

  /// Whole numbers: sums are exact in any order.
  @Test(arguments: [1, 2, 4])
  func sums(threads: Int) {
    let device = Device(threadCount: threads)
    let x = tensor(on: device)
    #expect(x.sum(on: device) == x.elements.reduce(0.0) { $0 + Double($1) })
    #expect(x.squaredSum(on: device) == x.elements.reduce(0.0) { $0 + Double($1) * Double($1) })
    let empty = Tensor([], shape: [0], on: device)
    #expect(empty.sum(on: device) == 0 && empty.squaredSum(on: device) == 0)
  }

  @Test func multiples() {
    let device = Device(threadCount: 2)
    let x = tensor(on: device)
    let y = x.scaled(by: -2, on: device)
    #expect(y.shape == x.shape && y.elements == x.elements.map { -2 * $0 })
    y.add(scaled: x, by: 3, on: device)
    #expect(y.elements == x.elements)
    y.fill(with: 0.5)
    #expect(y.elements.allSatisfy { $0 == 0.5 })
  }
}
