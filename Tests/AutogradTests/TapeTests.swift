import Autograd
import Kernels
import Parallelism
import Tensors
import Testing

/// The tape itself: order, accumulation, constants, memory that is shared, and what it finds.
struct TapeTests {
  private let device = Device(threadCount: 2)

  private func tensor(_ elements: [Float]) -> Tensor {
    Tensor(elements, shape: [elements.count], on: device)
  }

  private func variable(_ elements: [Float]) -> Variable {
    Variable(tensor(elements), gradient: Gradient(shape: [elements.count]))
  }

  /// Operations are differentiated from the last to the first; what the output doesn't need, not.
  @Test func backwardRunsFromTheLastToTheFirst() {
    let tape = Tape(on: device)
    var order: [String] = []
    func step(_ name: String, _ x: Variable) -> Variable {
      let gradient = x.gradient
      return tape.record(name, x.value, [gradient]) { dy in
        order.append(name)
        gradient?.add(dy, on: device)
      }
    }
    let x = variable([1, 2, 3])
    let first = step("first", x)
    let second = step("second", first)
    _ = step("needless", first)
    let last = tape.add(step("left", second), step("right", first))
    #expect(tape.count == 6)
    tape.backward(from: last)
    #expect(order == ["right", "left", "second", "first"])
    #expect(x.gradient?.sum?.elements == [2, 2, 2] && tape.count == 0)
  }

  /// A value's gradient is complete before it goes on: y = 3·x + x + 5·(x + x).
  @Test func severalUsesAddUp() {
    let tape = Tape(on: device)
    let x = variable([1, -2])
    let twice = tape.add(x, x)
    let y = tape.add(tape.add(tape.scaled(x, by: 3), x), tape.scaled(twice, by: 5))
    #expect(y.value.elements == [14, -28])
    tape.backward(from: y, gradient: tensor([1, 10]))
    #expect(x.gradient?.sum?.elements == [14, 140])
  }

  /// A parameter's gradient outlives the tape: two batches add up, until it is cleared.
  @Test func gradientsOutliveTheTape() {
    let x = variable([1, 2])
    for round in 1...2 {
      let tape = Tape(on: device)
      tape.backward(from: tape.scaled(x, by: 3))
      #expect(x.gradient?.sum?.elements == [3, 3].map { $0 * Float(round) })
    }
    x.gradient?.clear()
    #expect(x.gradient?.sum == nil)
  }

  @Test func constantsAreNotNoted() {
    let tape = Tape(on: device)
    let constant = Variable(tensor([1, 2, 3]))
    let y = tape.activation(.gelu, tape.scaled(constant, by: 2))
    #expect(y.gradient == nil && tape.count == 0)
    let x = variable([4, 5, 6])
    let sum = tape.add(y, x)
    #expect(tape.count == 1)
    tape.backward(from: sum)
    #expect(x.gradient?.sum?.elements == [1, 1, 1])
    tape.backward(from: y)
    #expect(constant.gradient == nil)
  }

  @Test func discardedOperationsAreNotDifferentiated() {
    let tape = Tape(on: device)
    let x = variable([1])
    let y = tape.scaled(x, by: 2)
    tape.discard()
    tape.backward(from: y)
    #expect(tape.count == 0 && x.gradient?.sum == nil)
  }

  /// The four cases of adding: who else holds the sum, who else holds what is added.
  @Test(arguments: [false, true], [false, true])
  func addingNeverWritesToWhatOthersHold(sumIsShared: Bool, otherIsShared: Bool) {
    let gradient = Gradient(shape: [2, 3])
    let start = tensor([1, 2, 3, 4, 5, 6])
    gradient.add(sumIsShared ? start : start.copied(on: device), on: device)
    let other = tensor([10, 20, 30, 40, 50, 60])
    gradient.add(otherIsShared ? other : other.copied(on: device), on: device)
    #expect(gradient.sum?.shape == [2, 3])
    #expect(gradient.sum?.elements == [11, 22, 33, 44, 55, 66])
    #expect(start.elements == [1, 2, 3, 4, 5, 6])
    #expect(other.elements == [10, 20, 30, 40, 50, 60])
    gradient.accumulate(on: device) { sum, adds in
      #expect(adds)
      sum[0] += 1
    }
    #expect(gradient.sum?.elements == [12, 22, 33, 44, 55, 66])
    #expect(start.elements[0] == 1 && other.elements[0] == 10)
  }

  /// What is taken over isn't copied, and an accumulation into a shared sum copies it first.
  @Test func theFirstGradientIsTakenOver() {
    let before = device.storage.statistics.livePieces
    let gradient = Gradient(shape: [3])
    gradient.add(tensor([1, 2, 3]), on: device)
    #expect(device.storage.statistics.livePieces == before + 1)
    let held = gradient.sum
    gradient.accumulate(on: device) { sum, _ in sum[0] = 7 }
    #expect(held?.elements == [1, 2, 3] && gradient.sum?.elements == [7, 2, 3])
    let taken = gradient.take()
    #expect(taken?.elements == [7, 2, 3] && gradient.sum == nil)
    gradient.accumulate(on: device) { sum, adds in
      #expect(!adds)
      sum.fill(with: 5)
    }
    #expect(gradient.sum?.elements == [5, 5, 5])
  }

  /// Both sides of a sum share its gradient's memory; an operation on one side that works in place
  /// must leave the other's alone.
  @Test func sharedGradientsAreNotOverwritten() {
    let tape = Tape(on: device)
    let (a, b) = (variable([1, -1, 2]), variable([3, 4, 5]))
    let branch = tape.scaled(tape.activation(.relu, tape.scaled(a, by: 2)), by: -3)
    let residual = tape.scaled(tape.add(tape.add(branch, b), a), by: 10)
    tape.backward(from: residual)
    #expect(b.gradient?.sum?.elements == [10, 10, 10])
    #expect(a.gradient?.sum?.elements == [-50, 10, -50])
  }

  @Test func findsTheFirstOutputThatIsNotFinite() {
    let tape = Tape(on: device)
    let check = FinitenessCheck()
    tape.finiteness = check
    let x = variable([1, 2, 3, 4, 5, 6])
    tape.place = "visual.ln_pre.weight"
    let fine = tape.reshaped(x, [2, 3])
    #expect(check.finding == nil)
    let bad = tape.multiplied(fine, columns: Variable(tensor([1, .infinity, .nan])))
    tape.place = "visual.ln_post.weight"
    _ = tape.scaled(bad, by: 2)
    let finding = "the output of multiplied at visual.ln_pre.weight, [2, 3]: infinity at element 1"
    #expect(check.finding == finding)
  }

  @Test func findsTheFirstGradientThatIsNotFinite() {
    let tape = Tape(on: device)
    let check = FinitenessCheck()
    tape.finiteness = check
    tape.place = "first"
    let small = tape.scaled(variable([1, 2]), by: 1e-30)
    tape.place = "second"
    let y = tape.scaled(small, by: 1e30)
    tape.backward(from: y, gradient: tensor([0, 1e10]))
    #expect(
      check.finding == "the gradient of the output of scaled at first, [2]: infinity at element 1"
    )
  }

  /// Numbers that operations draw differ from each other and between seeds, and repeat with them.
  @Test func randomKeys() {
    func keys(seed: UInt64) -> [UInt64] {
      let tape = Tape(on: device, seed: seed)
      return (0..<100).map { _ in tape.nextRandomKey() }
    }
    #expect(keys(seed: 3) == keys(seed: 3))
    #expect(Set(keys(seed: 3) + keys(seed: 4) + keys(seed: 5)).count == 300)
  }

  @Test func keepsNoMemory() {
    let x = variable([1, 2, 3])
    let before = device.storage.statistics.livePieces
    for differentiates in [true, false] {
      let tape = Tape(on: device)
      let y = tape.sum(tape.softmax(tape.activation(.gelu, tape.scaled(x, by: 2))))
      if differentiates { tape.backward(from: y) }
      x.gradient?.clear()
    }
    #expect(device.storage.statistics.livePieces == before)
  }
}
