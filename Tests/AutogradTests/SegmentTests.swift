import Autograd
import Kernels
import Parallelism
import Tensors
import Testing

/// Segments, whose operations run again in the backward pass, against the same without segments.
struct SegmentTests {
  private static let (rows, width, depth) = (13, 40, 6)

  /// What a network of blocks gives, with the blocks as segments or not.
  private struct Outcome: Equatable {
    var y: [Float]
    var dx: [Float]?
    var dScales: [[Float]?]
    var keys: [[UInt64]]
  }

  /// Runs layer norm, factors, GELU and a residual `depth` times.
  ///
  /// - Parameters:
  ///   - segments: whether each block is a segment.
  ///   - inputIsTrained: whether x has a gradient.
  ///   - device: where to run.
  ///   - afterForward: called between the passes.
  /// - Returns: the output, all gradients and what was drawn.
  private func run(
    segments: Bool,
    inputIsTrained: Bool = true,
    on device: Device,
    afterForward: () -> Void = {}
  ) -> Outcome {
    let (rows, width) = (Self.rows, Self.width)
    let tape = Tape(on: device, seed: 17)
    let x = Variable(
      Tensor(uniforms(rows * width, seed: 1), shape: [rows, width], on: device),
      gradient: inputIsTrained ? Gradient(shape: [rows, width]) : nil
    )
    let shift = Variable(Tensor(uniforms(width, seed: 2), shape: [width], on: device))
    let scales = (0..<Self.depth).map { index in
      Variable(
        Tensor(uniforms(width, seed: UInt64(10 + index)), shape: [width], on: device),
        gradient: Gradient(shape: [width])
      )
    }
    var keys = [[UInt64]](repeating: [], count: Self.depth)
    var y = x
    for (index, scale) in scales.enumerated() {
      let block = { (x: Variable) -> Variable in
        let normal = tape.layerNorm(x, scale: scale, shift: shift, epsilon: 1e-5)
        keys[index] += [tape.nextRandomKey(), tape.nextRandomKey()]
        let branch = tape.activation(.gelu, tape.multiplied(normal, columns: scale))
        return tape.add(x, branch)
      }
      y = segments ? tape.segment(y, block) : block(y)
    }
    let value = y.value.elements
    y = tape.sum(y)
    afterForward()
    tape.backward(from: y)
    return Outcome(
      y: value,
      dx: x.gradient?.sum?.elements,
      dScales: scales.map { $0.gradient?.sum?.elements },
      keys: keys
    )
  }

  @Test(arguments: [true, false])
  func sameBitsAndLessMemory(inputIsTrained: Bool) {
    let device = Device(threadCount: 2)
    let before = device.storage.statistics.livePieces
    var bytes: [Int] = []
    let outcomes = [false, true].map { segments in
      run(segments: segments, inputIsTrained: inputIsTrained, on: device) {
        bytes.append(device.storage.statistics.liveBytes)
      }
    }
    #expect(outcomes[0].y == outcomes[1].y)
    #expect(outcomes[0].dx == outcomes[1].dx && (outcomes[0].dx != nil) == inputIsTrained)
    #expect(outcomes[0].dScales == outcomes[1].dScales)
    #expect(outcomes[1].dScales.allSatisfy { $0?.contains { $0 != 0 } == true })
    // Three tensors a block (x, its normal form, the factors' product) against the block's input.
    let saved = Self.depth * 2 * Self.rows * Self.width * 4
    #expect(bytes[0] - bytes[1] >= saved, "\(bytes) bytes live between the passes")
    #expect(device.storage.statistics.livePieces == before)
  }

  /// A block draws the same numbers again, and those of a network without segments.
  @Test func randomKeysRepeat() {
    let device = Device(threadCount: 1)
    let plain = run(segments: false, on: device).keys
    let repeated = run(segments: true, on: device).keys
    #expect(repeated == plain.map { $0 + $0 })
    #expect(Set(plain.joined()).count == 2 * Self.depth)
  }

  /// A segment knows when it runs again; one inside another runs no more often than it must.
  @Test func nestedSegments() {
    let device = Device(threadCount: 1)
    let tape = Tape(on: device)
    let x = Variable(
      Tensor([2, 3], shape: [2], on: device),
      gradient: Gradient(shape: [2])
    )
    var log: [String] = []
    var keys: [UInt64] = []
    let y = tape.segment(x) { x in
      log.append("outer \(tape.isRecomputing)")
      let inner = tape.segment(x) { x in
        log.append("inner \(tape.isRecomputing)")
        keys.append(tape.nextRandomKey())
        return tape.scaled(tape.activation(.relu, x), by: 3)
      }
      keys.append(tape.nextRandomKey())
      return tape.add(inner, x)
    }
    let after = tape.nextRandomKey()
    #expect(y.value.elements == [8, 12] && tape.count == 1)
    tape.backward(from: y)
    #expect(x.gradient?.sum?.elements == [4, 4])
    #expect(log == ["outer false", "inner false", "outer true", "inner true", "inner true"])
    #expect(keys == [keys[0], keys[1], keys[0], keys[1], keys[0]])
    #expect(after != keys[0] && after != keys[1])
    #expect(!tape.isRecomputing && tape.isRecording && tape.count == 0)
  }

  /// What runs again in a backward pass that flushes subnormal numbers keeps them as at first.
  @Test func subnormalNumbers() {
    let device = Device(threadCount: 2)
    let tape = Tape(on: device)
    let x = Variable(
      Tensor([.leastNormalMagnitude, 3], shape: [2], on: device),
      gradient: Gradient(shape: [2])
    )
    var halves: [Float] = []
    let y = tape.segment(x) { x in
      let half = tape.scaled(x, by: 0.5)
      halves.append(half.value.elements[0])
      return half
    }
    flushingSubnormals {
      tape.backward(from: y)
      #expect(flushesSubnormals)
    }
    #expect(halves == [.leastNormalMagnitude / 2, .leastNormalMagnitude / 2])
    #expect(x.gradient?.sum?.elements == [0.5, 0.5])
  }

  /// A block of constants is noted no more than its operations would be.
  @Test func segmentsOfConstants() {
    let device = Device(threadCount: 1)
    let tape = Tape(on: device)
    let x = Variable(Tensor([2, 3], shape: [2], on: device))
    let y = tape.segment(x) { tape.scaled($0, by: 3) }
    #expect(y.gradient == nil && tape.count == 0 && y.value.elements == [6, 9])
  }
}
