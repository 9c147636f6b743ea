import Kernels
import Parallelism
import TestSupport
import Tensors
import Testing

/// Shapes, views and in-place writing of tensors.
struct TensorTests {
  private let device = Device(threadCount: 1)

  @Test func elementsAndShape() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3], on: device)
    #expect(x.shape == [2, 3] && x.count == 6 && x.byteCount == 24)
    #expect(x.rows == 2 && x.columns == 3)
    #expect(x.elements == [1, 2, 3, 4, 5, 6])
    let number = Tensor([7], shape: [], on: device)
    #expect(number.count == 1 && number.rows == 1 && number.elements == [7])
    let none = Tensor([], shape: [0, 5], on: device)
    #expect(none.count == 0 && none.rows == 0 && none.elements.isEmpty)
  }

  @Test func reshaping() {
    let x = Tensor((0..<12).map { Float($0) }, shape: [2, 6], on: device)
    #expect(x.reshaped([3, 4]).shape == [3, 4])
    #expect(x.reshaped([-1, 2]).shape == [6, 2])
    #expect(x.reshaped([12]).elements == x.elements)
  }

  @Test func reshapingToAnotherCountIsAMistake() async {
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      _ = Tensor([1, 2, 3], shape: [3], on: device).reshaped([2, -1])
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      _ = Tensor([1, 2, 3, 4], shape: [4], on: device).reshaped([-1, -1])
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      _ = Tensor([1, 2, 3], shape: [2, 2], on: device)
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let x = Tensor([1, 2, 3], shape: [3], on: device)
      _ = x.adding(Tensor([1, 2, 3], shape: [3, 1], on: device), on: device)
    }
  }

  /// A copy shares memory, so neither it nor the original may be written in place.
  @Test func uniquelyHeld() {
    var x = Tensor([1, 2], shape: [2], on: device)
    var answers = [x.isUniquelyHeld()]
    do {
      var other = x.reshaped([1, 2])
      answers += [x.isUniquelyHeld(), other.isUniquelyHeld()]
    }
    answers.append(x.isUniquelyHeld())
    var copy = x.copied(on: device)
    answers += [x.isUniquelyHeld(), copy.isUniquelyHeld()]
    #expect(answers == [true, false, false, true, true, true])
    copy.withView { $0[0] = 9 }
    #expect(x.elements == [1, 2] && copy.elements == [9, 2])
  }

  @Test func operations() {
    let x = Tensor([3, 4, 0, -5, 12, 0], shape: [2, 3], on: device)
    let close = Tolerance(absolute: 1e-6, reason: "float32 division and roots of small numbers")
    #expect(x.adding(x, on: device).elements == [6, 8, 0, -10, 24, 0])
    #expect(x.applying(.relu, on: device).elements == [3, 4, 0, 0, 12, 0])
    let unit = x.normalized(on: device).elements
    let lengths: [Float] = [0.6, 0.8, 0, -5.0 / 13, 12.0 / 13, 0]
    #expect(mismatch(unit, lengths, within: close) == nil)
    let equal = Tensor([2, 2, 2, 2], shape: [2, 2], on: device).softmax(factor: 3, on: device)
    #expect(equal.elements == [0.5, 0.5, 0.5, 0.5])
    let ones = Tensor([1, 1], shape: [2], on: device)
    let zeros = Tensor([0, 0], shape: [2], on: device)
    let pairs = Tensor([1, 3, 7, 5], shape: [2, 2], on: device)
    let norm = pairs.layerNorm(scale: ones, shift: zeros, epsilon: 0, on: device)
    #expect(norm.elements == [-1, 1, 1, -1])
  }

  @Test func tokens() {
    // Two sequences of three tokens with two features.
    let x = Tensor((0..<12).map { Float($0) }, shape: [2, 3, 2], on: device)
    let second = x.token(1, on: device)
    #expect(second.shape == [2, 2] && second.elements == [2, 3, 8, 9])
    let mean = x.meanToken(over: 0..<3, on: device)
    #expect(mean.shape == [2, 2] && mean.elements == [2, 3, 8, 9])
    let positions = Tensor([10, 20, 30, 40, 50, 60, 70, 80], shape: [4, 2], on: device)
    let token = Tensor([-1, -2], shape: [2], on: device)
    let longer = x.prepending(token: token, positions: positions, on: device)
    #expect(longer.shape == [2, 4, 2])
    let first: [Float] = [9, 18, 30, 41, 52, 63, 74, 85]
    let last: [Float] = [9, 18, 36, 47, 58, 69, 80, 91]
    #expect(longer.elements == first + last)
    let withMean = x.prependingMean(positions: positions, on: device)
    #expect(withMean.shape == [2, 4, 2])
    #expect(withMean.elements.prefix(4) == [12, 23, 30, 41])
  }

  @Test func imagesToPatchesAndWindows() {
    let x = Tensor((0..<2 * 4 * 6 * 3).map { Float($0) }, shape: [2, 4, 6, 3], on: device)
    let patches = x.patches(2, on: device)
    #expect(patches.shape == [2, 6, 12])
    #expect(patches.elements.prefix(12) == [0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23])
    let window = PoolingShape(window: 2, stride: 2)
    let largest = x.pooled(.maximum, window, on: device)
    #expect(largest.shape == [2, 2, 3, 3])
    #expect(largest.elements.prefix(3) == [21, 22, 23])
    #expect(x.pooled(.average, window, on: device).elements.prefix(3) == [10.5, 11.5, 12.5])
  }
}
