import Autograd
import Foundation
import Kernels
import Tensors
import TestSupport
import Testing

/// The losses of masks with their gradients.
struct MaskLossTests {
  private static let file = "Autograd/mask_losses.json"
  private static let rounding = Tolerance(
    absolute: 2e-6,
    relative: 2e-6,
    reason: "exponentials of 1 ulp, logarithms and a few products after them, one rounding each"
  )

  private static func cases(large: Bool) throws -> [RecordedCase] {
    try RecordedCase.cases(file, "s").filter { $0.name.hasSuffix("large") == large }
  }

  private static func loss(_ recorded: RecordedCase) throws -> MaskLoss {
    MaskLoss(
      form: recorded.name.hasPrefix("sigmoid") ? .sigmoid : .softmax,
      crossEntropyWeight: Float(try recorded.number("entropy")),
      diceWeight: Float(try recorded.number("dice")),
      smoothing: Float(try recorded.number("smoothing")),
      positiveWeights: recorded.has("weights") ? try recorded.floats("weights") : nil
    )
  }

  private static func targets(_ recorded: RecordedCase) throws -> [UInt8] {
    try recorded.floats("targets").map { UInt8($0) }
  }

  /// p, t, w, and −w·log of the probability of what is true, per logit that counts; in double.
  private struct Entry {
    var p: Double
    var t: Double
    var entropy: Double
    var weight: Double
  }

  /// The entries of each class; of a softmax's pixel, its own class has the cross-entropy.
  private static func entries(
    _ x: [Double],
    _ targets: [UInt8],
    _ loss: MaskLoss,
    _ classes: Int
  ) -> [[Entry]] {
    var all = [[Entry]](repeating: [], count: classes)
    func weight(_ k: Int) -> Double { Double(loss.positiveWeights?[k] ?? 1) }
    if loss.form == .sigmoid {
      for (index, (x, target)) in zip(x, targets).enumerated() where target != 255 {
        let p = 1 / (1 + exp(-x))
        let t = Double(target)
        let entropy = -weight(index % classes) * t * log(p) - (1 - t) * log(1 - p)
        all[index % classes].append(Entry(p: p, t: t, entropy: entropy, weight: 1))
      }
      return all
    }
    for (pixel, target) in targets.enumerated() where target != 255 {
      let powers = x[pixel * classes..<(pixel + 1) * classes].map { exp($0) }
      let sum = powers.reduce(0, +)
      for k in 0..<classes {
        let (p, t) = (powers[k] / sum, k == Int(target) ? 1.0 : 0)
        let entry = Entry(p: p, t: t, entropy: -weight(k) * t * log(p), weight: weight(k) * t)
        all[k].append(entry)
      }
    }
    return all
  }

  private static func reference(
    _ loss: MaskLoss,
    _ targets: [UInt8],
    classes: Int
  ) -> Reference {
    { inputs in
      let all = entries(inputs[0], targets, loss, classes)
      let entropy = all.joined().reduce(0) { $0 + $1.entropy }
      let weight = all.joined().reduce(0) { $0 + $1.weight }
      let scores = all.dropFirst(loss.form == .softmax ? 1 : 0).map { entries in
        let overlap = entries.reduce(0) { $0 + $1.p * $1.t }
        let both = entries.reduce(0) { $0 + $1.p + $1.t }
        let smoothing = Double(loss.smoothing)
        return (2 * overlap + smoothing) / (both + smoothing)
      }
      let dice = 1 - scores.reduce(0, +) / Double(scores.count)
      return [
        Double(loss.crossEntropyWeight) * entropy / weight + Double(loss.diceWeight) * dice
      ]
    }
  }

  @Test(arguments: try cases(large: false))
  func equalsPyTorch(_ recorded: RecordedCase) throws {
    let loss = try Self.loss(recorded)
    let targets = try Self.targets(recorded)
    let classes = try #require(try recorded.shape("x").last)
    try OperationCheck(
      inputs: ["x"],
      forward: Self.rounding,
      backward: Self.rounding,
      reference: Self.reference(loss, targets, classes: classes),
      operation: { $0.maskLoss($1[0], targets: targets, loss) }
    ).run(recorded)
  }

  /// Logits of several hundreds: finite, as PyTorch's; the plain formulas would overflow.
  @Test(arguments: try cases(large: true))
  func largeLogits(_ recorded: RecordedCase) throws {
    let (loss, targets) = (try Self.loss(recorded), try Self.targets(recorded))
    let device = Device(threadCount: 2)
    let tape = Tape(on: device)
    let x = try recorded.tensor("x", on: device)
    let input = Variable(x, gradient: Gradient(shape: x.shape))
    let y = tape.maskLoss(input, targets: targets, loss)
    tape.backward(from: y, gradient: try recorded.tensor("dy", on: device))
    expect(y.value.elements, try recorded.floats("y"), Self.rounding, recorded.name)
    let gradient = input.gradient?.sum?.elements ?? []
    expect(gradient, try recorded.floats("d.x"), Self.rounding, recorded.name)
  }

  /// What is ignored changes nothing, be it NaN, and gets zeros.
  @Test(arguments: [MaskForm.sigmoid, .softmax])
  func ignoredLogits(_ form: MaskForm) {
    let logits: [Float] = [1, -2, 0.5, 3, .nan, .infinity]
    let targets: [UInt8] = form == .sigmoid ? [1, 0, 0, 1, 255, 255] : [1, 0, 255]
    let run = PlainRun([(logits, [1, 1, 3, 2])], on: Device(threadCount: 1)) {
      $0.maskLoss($1[0], targets: targets, MaskLoss(form: form))
    }
    let kept = PlainRun([(Array(logits[0..<4]), [1, 1, 2, 2])], on: Device(threadCount: 1)) {
      $0.maskLoss(
        $1[0],
        targets: Array(targets.prefix(form == .sigmoid ? 4 : 2)),
        MaskLoss(form: form)
      )
    }
    #expect(run.output == kept.output && run.output.allSatisfy(\.isFinite))
    #expect(run.gradients[0] == kept.gradients[0] + [0, 0])
    #expect(MaskLoss.judgedCount(of: targets) == (form == .sigmoid ? 4 : 2))
  }

  /// Without smoothing, a class of which nothing is left scores 1 and pulls nowhere.
  @Test func absentClass() {
    let targets: [UInt8] = [1, 255, 0, 255, 1, 255]
    let loss = MaskLoss(form: .sigmoid, crossEntropyWeight: 0, smoothing: 0)
    let run = PlainRun([([0, 1, 2, 3, -1, 4], [1, 3, 1, 2])], on: Device(threadCount: 1)) {
      $0.maskLoss($1[0], targets: targets, loss)
    }
    let p = [0.0, 2, -1].map { 1 / (1 + exp(-$0)) }
    let score = 2 * (p[0] + p[2]) / (p[0] + p[1] + p[2] + 2)
    expect(run.output, [Float((1 - score) / 2)], Self.rounding, "one of two classes")
    #expect([1, 3, 5].allSatisfy { run.gradients[0][$0] == 0 })
    #expect([0, 2, 4].allSatisfy { run.gradients[0][$0] != 0 })
  }

  /// `count` targets below `values`, every 13th ignored.
  private static func targets(_ count: Int, below values: Int) -> [UInt8] {
    var targets: [UInt8] = []
    for index in 0..<count {
      let value: Int = index % 13 == 5 ? 255 : index * 7 % 11 % values
      targets.append(UInt8(value))
    }
    return targets
  }

  @Test(arguments: [1, 3, 16])
  func bitsDoNotDependOnThreads(classes: Int) {
    let shape = [2, 151, 167, classes]
    let pixels = 2 * 151 * 167
    let weights = (0..<classes).map { Float($0 + 1) / 2 }
    let bytes = Self.targets(pixels * classes, below: 2)
    expectSameBits([shape], "labels, \(classes)") {
      $0.maskLoss($1[0], targets: bytes, MaskLoss(form: .sigmoid, positiveWeights: weights))
    }
    guard classes > 1 else { return }
    let labels = Self.targets(pixels, below: classes)
    expectSameBits([shape], "classes, \(classes)") {
      $0.maskLoss($1[0], targets: labels, MaskLoss(form: .softmax, positiveWeights: weights))
    }
  }

  @Test func mistakesOfCallers() async {
    await #expect(processExitsWith: .failure) { Self.run([255, 255], .sigmoid, 1) }
    await #expect(processExitsWith: .failure) { Self.run([255, 255], .softmax, 2) }
    await #expect(processExitsWith: .failure) { Self.run([2, 0], .sigmoid, 1) }
    await #expect(processExitsWith: .failure) { Self.run([2, 0], .softmax, 2) }
    await #expect(processExitsWith: .failure) { Self.run([0, 1, 0], .softmax, 2) }
    await #expect(processExitsWith: .failure) { Self.run([0, 0], .softmax, 1) }
  }

  private static func run(_ targets: [UInt8], _ form: MaskForm, _ classes: Int) {
    let device = Device(threadCount: 1)
    let zeros = [Float](repeating: 0, count: 2 * classes)
    let x = Variable(Tensor(zeros, shape: [1, 1, 2, classes], on: device))
    _ = Tape(on: device).maskLoss(x, targets: targets, MaskLoss(form: form))
  }
}
