import CKernels
import TestSupport
import Testing

/// All variants of the optimisers' kernels against the scalar references.
struct OptimizerVariantTests {
  /// Both vector widths with their tails, nothing at all, and a prime.
  static let counts = [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 1009]

  private static let rounding = Tolerance(
    absolute: 4e-7,
    relative: 4e-7,
    reason: "at most five roundings of float32 where the reference computes in float64"
  )
  private static let sums = Tolerance(
    absolute: 0,
    relative: 1e-14,
    reason: "sums of 1009 exact float64 squares in another order"
  )
  private static let sumsOfUpdates = Tolerance(
    absolute: 0,
    relative: 1e-6,
    reason: "squares of float32 updates, each of five roundings"
  )

  private static let sgd = VBKSGDStep(
    gradientScale: 0.37,
    decay: 0.11,
    rate: 0.23,
    momentum: 0.9,
    gradientShare: 1,
    bufferShare: 0.9
  )
  private static let adam = VBKAdamStep(
    gradientScale: 0.37,
    firstShare: 0.1,
    beta2: 0.98,
    secondShare: 0.02,
    firstCorrection: 0.05,
    secondRoot: 3.3,
    epsilon: 1e-3,
    decay: 0.93
  )

  /// Runs all variants on the same inputs and compares all that they write.
  ///
  /// - Parameters:
  ///   - table: the variants.
  ///   - inputs: the arrays' contents; those of `written` are compared afterwards.
  ///   - written: which arrays the kernel writes; the others must stay as they are.
  ///   - tolerance: how far they may lie from the reference's.
  ///   - run: calls a variant.
  private func compare<Call>(
    _ table: KernelTable<Call>,
    _ inputs: [[Float]],
    written: Set<Int>,
    within tolerance: Tolerance = rounding,
    _ run: (Call, [GuardedFloats]) -> Void
  ) {
    let references = inputs.map { GuardedFloats($0) }
    run(table.reference.run, references)
    #expect(!table.others.isEmpty)
    for variant in table.others {
      let arrays = inputs.map { GuardedFloats($0) }
      run(variant.run, arrays)
      for index in arrays.indices {
        let context = "\(variant.name), \(inputs[index].count) floats, array \(index)"
        let wanted = written.contains(index) ? references[index].values : inputs[index]
        expect(
          arrays[index].values,
          equal: wanted,
          within: written.contains(index) ? tolerance : .exact,
          context
        )
        #expect(arrays[index].isIntact, "\(context)")
      }
    }
  }

  /// Weights, gradients, first and second moments; the second are at least 0.
  private func arrays(_ count: Int) -> [[Float]] {
    [
      uniforms(count, seed: 80), uniforms(count, seed: 81, bound: 3), uniforms(count, seed: 82),
      uniforms(count, seed: 83).map(abs),
    ]
  }

  @Test(arguments: counts)
  func sgd(count: Int) throws {
    let inputs = Array(arrays(count).prefix(3))
    compare(try .sgd(), Array(inputs.prefix(2)), written: [0]) { $0(Self.sgd, $1[0], $1[1]) }
    for (gradientShare, bufferShare) in [(Float(1), Float(0.9)), (0, 1)] {
      var step = Self.sgd
      step.gradientShare = gradientShare
      step.bufferShare = bufferShare
      compare(try .sgdMomentum(), inputs, written: [0, 2]) { $0(step, $1[0], $1[1], $1[2]) }
    }
  }

  @Test(arguments: counts)
  func adamW(count: Int) throws {
    compare(try .adamW(), arrays(count), written: [0, 2, 3]) {
      $0(Self.adam, $1[0], $1[1], $1[2], $1[3])
    }
  }

  /// An element's bits are those of its own numbers, wherever it lies: in a vector or in a tail.
  @Test func bitsDoNotDependOnThePlace() throws {
    let inputs = arrays(33)
    for variant in try KernelTable.adamW().all {
      let whole = inputs.map { GuardedFloats($0) }
      variant.run(Self.adam, whole[0], whole[1], whole[2], whole[3])
      for index in 0..<33 {
        let single = inputs.map { GuardedFloats([$0[index]]) }
        variant.run(Self.adam, single[0], single[1], single[2], single[3])
        for (one, all) in zip(single, whole) {
          #expect(one.values[0].bitPattern == all.values[index].bitPattern, "\(variant.name)")
        }
      }
    }
  }

  @Test(arguments: counts)
  func lamb(count: Int) throws {
    let inputs = arrays(count)
    let table = try KernelTable.lambMoments()
    compare(table, inputs, written: [2, 3]) { run, arrays in
      var squares = [0.0, 0]
      run(Self.adam, arrays[0], arrays[1], arrays[2], arrays[3], &squares)
    }
    func squares(_ run: LAMBMomentsCall) -> [Double] {
      let arrays = inputs.map { GuardedFloats($0) }
      var squares = [0.0, 0]
      run(Self.adam, arrays[0], arrays[1], arrays[2], arrays[3], &squares)
      // Sums are added to what is there.
      let once = squares
      let again = inputs.map { GuardedFloats($0) }
      run(Self.adam, again[0], again[1], again[2], again[3], &squares)
      let isTwice = zip(squares, once).allSatisfy { abs($0 - 2 * $1) <= 1e-12 * $0 }
      #expect(isTwice)
      return once
    }
    let wanted = squares(table.reference.run)
    #expect(count == 0 || (wanted[0] > 0 && wanted[1] > 0))
    for variant in table.others {
      let found = squares(variant.run)
      #expect(Self.sums.accepts(found[0], wanted[0]), "\(variant.name), \(count) weights")
      #expect(Self.sumsOfUpdates.accepts(found[1], wanted[1]), "\(variant.name), \(count) updates")
    }
    let applied = [inputs[0], inputs[2], inputs[3]]
    compare(try .lambApply(), applied, written: [0]) { $0(Self.adam, 0.7, $1[0], $1[1], $1[2]) }
  }

  /// Where ε is 0 the lanes behind a tail divide 0 by 0, which no sum may hold.
  @Test func lanesBehindTheTailCountNothing() throws {
    var step = Self.adam
    step.epsilon = 0
    for variant in try KernelTable.lambMoments().all {
      let arrays = arrays(3).map { GuardedFloats($0) }
      var squares = [0.0, 0]
      variant.run(step, arrays[0], arrays[1], arrays[2], arrays[3], &squares)
      #expect(squares[0].isFinite && squares[1].isFinite, "\(variant.name)")
    }
  }

  @Test(arguments: counts)
  func averagesAndTriads(count: Int) throws {
    let inputs = arrays(count)
    compare(try .movingAverage(), Array(inputs.prefix(2)), written: [1]) {
      $0(0.9, 0.1, $1[0], $1[1])
    }
    compare(try .triad(), Array(inputs.prefix(3)), written: [2]) { $0(0.3, $1[0], $1[1], $1[2]) }
    compare(try .scaleInPlace(), [inputs[0]], written: [0], within: .exact) { $0(0.3, $1[0]) }
  }

  @Test(arguments: counts)
  func sumsOfSquares(count: Int) throws {
    let whole = GuardedFloats(integers(count, seed: 84))
    let wanted = whole.values.reduce(0) { $0 + Double($1) * Double($1) }
    let real = GuardedFloats(uniforms(count, seed: 85, bound: 1e25))
    let table = try KernelTable.sumOfSquares()
    let sum = table.reference.run(real)
    #expect(table.reference.run(whole) == wanted)
    for variant in table.others {
      #expect(variant.run(whole) == wanted, "\(variant.name), \(count) whole numbers")
      #expect(Self.sums.accepts(variant.run(real), sum), "\(variant.name), \(count) large floats")
    }
  }
}
