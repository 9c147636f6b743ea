import Autograd
import Randomness
import Tensors
import TestSupport
import Testing

/// Dropout of elements and of samples: who is kept, how often, and that gradients follow.
struct DropoutTests {
  private let device = Device(threadCount: 2)

  private func ones(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor([Float](repeating: 1, count: count), shape: shape, on: device)
  }

  /// Which elements are kept is what Philox's words say, element by element.
  @Test(arguments: [1, 15, 64, 65, 1000, 40_003])
  func drawsArePhilox(count: Int) {
    let key = Tape(on: device, seed: 11).nextRandomKey()
    let tape = Tape(on: device, seed: 11)
    let y = tape.dropout(Variable(ones([count])), rate: 0.25).value.elements
    let words = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for element in 0..<count {
      let place = element % 64
      let counter = UInt64(element / 64 * 16 + place % 16)
      let block = SIMD4(UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0)
      let isKept = philox(block, words)[place / 16] >= UInt32(1) << 30
      #expect(y[element] == (isKept ? Float(1 / 0.75) : 0), "element \(element) of \(count)")
      if y[element] != (isKept ? Float(1 / 0.75) : 0) { return }
    }
  }

  /// The share of dropped elements lies within 4.5 deviations of the rate, the mean near 1.
  @Test(arguments: [0.1, 0.5, 0.9] as [Float])
  func rates(rate: Float) {
    let count = 200_000
    let y = Tape(on: device, seed: 3).dropout(Variable(ones([count])), rate: rate).value.elements
    let dropped = Double(y.count { $0 == 0 })
    let expected = Double(rate) * Double(count)
    let deviation = (expected * Double(1 - rate)).squareRoot()
    #expect(abs(dropped - expected) < 4.5 * deviation, "\(dropped) of \(count) at \(rate)")
    let kept = y.filter { $0 != 0 }
    #expect(Set(kept) == [Float(1 / (1 - Double(rate)))])
  }

  /// Neighbours, the next call and another seed drop independently: a quarter in both at rate ½.
  @Test(arguments: [1, 16, 64, 4096])
  func independence(distance: Int) {
    let count = 100_000
    let tape = Tape(on: device, seed: 4)
    let x = Variable(ones([count]))
    let first = tape.dropout(x, rate: 0.5).value.elements
    let second = tape.dropout(x, rate: 0.5).value.elements
    let other = Tape(on: device, seed: 5).dropout(x, rate: 0.5).value.elements
    let pairs = [
      (0..<count - distance).count { first[$0] == 0 && first[$0 + distance] == 0 },
      (0..<count - distance).count { first[$0] == 0 && second[$0] == 0 },
      (0..<count - distance).count { first[$0] == 0 && other[$0] == 0 },
    ]
    let expected = Double(count - distance) / 4
    for pair in pairs {
      #expect(abs(Double(pair) - expected) < 4.5 * (expected * 0.75).squareRoot(), "\(pair)")
    }
  }

  /// The gradient passes where the element has, with the same factor.
  @Test func gradients() {
    let tape = Tape(on: device, seed: 6)
    let x = Variable(ones([3, 5, 7]), gradient: Gradient(shape: [3, 5, 7]))
    let y = tape.dropout(x, rate: 0.4)
    let dy = uniforms(105, seed: 1)
    tape.backward(from: y, gradient: Tensor(dy, shape: [3, 5, 7], on: device))
    let wanted = zip(y.value.elements, dy).map { $0 * $1 }
    expect(x.gradient?.sum?.elements ?? [], wanted, .exact, "dropout")
  }

  /// Whole samples go or stay, and the gradient with them.
  @Test func samples() {
    let tape = Tape(on: device, seed: 7)
    let shape = [40, 3, 7]
    let x = Variable(ones(shape), gradient: Gradient(shape: shape))
    let y = tape.dropPath(x, rate: 0.2)
    let elements = y.value.elements
    let factors = (0..<40).map { elements[$0 * 21] }
    #expect(Set(factors) == [0, 1.25])
    #expect(elements == (0..<840).map { factors[$0 / 21] })
    let dy = uniforms(840, seed: 2)
    tape.backward(from: y, gradient: Tensor(dy, shape: shape, on: device))
    let wanted = dy.indices.map { factors[$0 / 21] * dy[$0] }
    expect(x.gradient?.sum?.elements ?? [], wanted, .exact, "drop path")
  }

  /// What is dropped is 0 whatever it was; a rate of 0 changes and notes nothing.
  @Test func specialValues() {
    let x = Tensor(
      [.nan, .infinity, 1, 2] + [Float](repeating: .nan, count: 60),
      shape: [64],
      on: device
    )
    let y = Tape(on: device, seed: 8).dropout(Variable(x), rate: 0.5).value.elements
    #expect(y.contains(0) && y.contains { $0.isNaN })
    let tape = Tape(on: device)
    let variable = Variable(x, gradient: Gradient(shape: [64]))
    #expect(tape.dropout(variable, rate: 0).gradient === variable.gradient)
    #expect(tape.dropPath(variable, rate: 0).gradient === variable.gradient)
    #expect(tape.count == 0)
  }

  /// A segment that runs again draws the same.
  @Test func segmentsDrawTheSame() {
    let tape = Tape(on: device, seed: 9)
    let x = Variable(ones([500]), gradient: Gradient(shape: [500]))
    let y = tape.segment(x) { tape.dropout($0, rate: 0.5) }
    tape.backward(from: y)
    #expect(x.gradient?.sum?.elements == y.value.elements)
  }

  @Test func bitsDoNotDependOnThreads() {
    expectSameBits([[70, 1003]], "dropout") { $0.dropout($1[0], rate: 0.3) }
    expectSameBits([[70, 1003]], "drop path") { $0.dropPath($1[0], rate: 0.3) }
  }
}
