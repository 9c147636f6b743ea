import Kernels
import TestSupport
import Testing

/// The operations of a context against what PyTorch computes in float64.
///
/// `Tests/Fixtures/generate/kernels.py` made the references.
struct PyTorchTests {
  private static let float32 = Tolerance(
    absolute: 4e-6,
    relative: 4e-6,
    reason: "float32 arithmetic against float64: sums of up to 200 terms of magnitude 1 to 10"
  )

  private func cases(_ prefix: String) throws -> [RecordedCase] {
    try RecordedCase.cases("Kernels/pytorch.json", prefix)
  }

  @Test(arguments: instructionSets)
  func layerNorm(_ set: InstructionSet) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("layer-norm") {
      let names = ["x", "scale", "shift"]
      let wanted = try recorded.floats("y")
      let epsilon = Float(try recorded.number("epsilon"))
      let y = computed(try names.map(recorded.floats), count: wanted.count) { input, y in
        context.layerNorm(input[0], scale: input[1], shift: input[2], epsilon: epsilon, into: y)
      }
      expect(y, equal: wanted, within: Self.float32, "\(set), \(recorded)")
    }
  }

  @Test(arguments: instructionSets)
  func softmax(_ set: InstructionSet) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("softmax") {
      let wanted = try recorded.floats("y")
      let columns = try recorded.shape("x")[1]
      let factor = Float(try recorded.number("factor"))
      let y = computed([try recorded.floats("x")], count: wanted.count) { input, y in
        context.softmax(input[0], columns: columns, factor: factor, into: y)
      }
      expect(y, equal: wanted, within: Self.float32, "\(set), \(recorded)")
    }
  }

  @Test(arguments: instructionSets)
  func normalize(_ set: InstructionSet) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("normalize") {
      let wanted = try recorded.floats("y")
      let columns = try recorded.shape("x")[1]
      let y = computed([try recorded.floats("x")], count: wanted.count) { input, y in
        context.normalize(input[0], columns: columns, into: y)
      }
      expect(y, equal: wanted, within: Self.float32, "\(set), \(recorded)")
    }
  }

  @Test(arguments: instructionSets, [Activation.relu, .gelu, .quickGELU])
  func activation(_ set: InstructionSet, _ activation: Activation) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("activation-\(activation.rawValue)") {
      let wanted = try recorded.floats("y")
      let y = computed([try recorded.floats("x")], count: wanted.count) { input, y in
        context.apply(activation, input[0], into: y)
      }
      expect(y, equal: wanted, within: Self.float32, "\(set), \(recorded)")
    }
  }

  @Test(arguments: instructionSets)
  func attention(_ set: InstructionSet) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("attention") {
      let (queries, keys) = (try recorded.shape("q"), try recorded.shape("k"))
      let heads = try recorded.integer("heads")
      let shape = AttentionShape(
        sequences: queries[0],
        queries: queries[1],
        keys: keys[1],
        heads: heads,
        headWidth: queries[2] / heads
      )
      let lengths = (0..<queries[0]).compactMap { recorded.numbers["length\($0)"].map { Int($0) } }
      let wanted = try recorded.floats("y")
      let width = shape.width
      // Queries alone; keys and values joined, as a layer's single product leaves them.
      let (k, v) = (try recorded.floats("k"), try recorded.floats("v"))
      let joined = (0..<keys[0] * keys[1]).flatMap { (row: Int) -> [Float] in
        let range = row * width..<(row + 1) * width
        return Array(k[range]) + Array(v[range])
      }
      let y = computed([try recorded.floats("q"), joined], count: wanted.count) { input, y in
        context.attention(
          StridedRows(input[0], offset: 0, stride: width),
          StridedRows(input[1], offset: 0, stride: 2 * width),
          StridedRows(input[1], offset: width, stride: 2 * width),
          shape: shape,
          lengths: lengths.isEmpty ? nil : lengths,
          into: y
        )
      }
      expect(y, equal: wanted, within: Self.float32, "\(set), \(recorded)")
    }
  }

  @Test(arguments: instructionSets)
  func pooling(_ set: InstructionSet) throws {
    let context = ComputeContext(threadCount: 2, instructionSet: set)
    for recorded in try cases("pooling") {
      let sizes = try recorded.shape("x")
      let shape = PoolingShape(
        window: try recorded.integer("window"),
        stride: try recorded.integer("stride"),
        padding: try recorded.integer("padding")
      )
      let kinds: [(PoolingKind, String, Tolerance)] = [
        (.average, "average", Self.float32), (.maximum, "maximum", .exact),
      ]
      for (kind, name, tolerance) in kinds {
        let wanted = try recorded.floats(name)
        #expect(try recorded.shape(name)[1] == shape.outputSize(sizes[1]))
        let y = computed([try recorded.floats("x")], count: wanted.count) { input, y in
          context.pool(
            kind,
            input[0],
            sizes: (sizes[0], sizes[1], sizes[2], sizes[3]),
            shape: shape,
            into: y
          )
        }
        expect(y, equal: wanted, within: tolerance, "\(set), \(recorded), \(name)")
      }
    }
  }

  @Test func linear() throws {
    let context = ComputeContext(threadCount: 2)
    let epilogues: [(String, Epilogue)] = [
      ("y", Epilogue()), ("relu", Epilogue(activation: .relu)),
      ("gelu", Epilogue(activation: .gelu)), ("quick_gelu", Epilogue(activation: .quickGELU)),
      ("added", Epilogue(addsToDestination: true)),
      ("added_relu", Epilogue(addsToDestination: true, activation: .relu)),
    ]
    for recorded in try cases("linear") {
      let (x, weight) = (try recorded.floats("x"), try recorded.floats("weight"))
      let sizes = try recorded.shape("weight")
      let rows = try recorded.shape("x")[0]
      let layer = PreparedLinear(
        weight,
        bias: try recorded.floats("bias"),
        sizes[1],
        sizes[0],
        context
      )
      for (name, epilogue) in epilogues {
        let y = computed([x], into: try recorded.floats("residual")) { input, y in
          layer.apply(input[0], rows: rows, into: y, epilogue: epilogue, context: context)
        }
        let wanted = try recorded.floats(name)
        expect(y, equal: wanted, within: Self.float32, "\(recorded), \(name)")
      }
      let unbiased = PreparedLinear(weight, bias: nil, sizes[1], sizes[0], context)
      let y = computed([x], count: rows * sizes[0]) { input, y in
        unbiased.apply(input[0], rows: rows, into: y, context: context)
      }
      let wanted = try recorded.floats("unbiased")
      expect(y, equal: wanted, within: Self.float32, "\(recorded), no bias")
    }
  }

  /// Whole numbers: three images at once, and each on its own, equal PyTorch's bit for bit.
  @Test func convolution() throws {
    let context = ComputeContext(threadCount: 2)
    for recorded in try cases("convolution") {
      let (weight, x) = (try recorded.shape("weight"), try recorded.shape("x"))
      let shape = ConvolutionShape(
        inputChannels: weight[1],
        outputChannels: weight[0],
        kernelHeight: weight[2],
        kernelWidth: weight[3],
        stride: try recorded.integer("stride"),
        padding: try recorded.integer("padding")
      )
      let layer = PreparedConvolution(
        try recorded.floats("weight"),
        bias: try recorded.floats("bias"),
        shape,
        context
      )
      let images = try recorded.floats("x")
      let residual = try recorded.floats("residual")
      for (name, epilogue) in [
        ("y", Epilogue()), ("added", Epilogue(addsToDestination: true, activation: .relu)),
      ] {
        let wanted = try recorded.floats(name)
        for batch in [3, 1] {
          let (size, outputSize) = (images.count / 3 * batch, wanted.count / 3 * batch)
          for first in 0..<3 / batch {
            let part = Array(images[first * size..<(first + 1) * size])
            let range = first * outputSize..<(first + 1) * outputSize
            let y = computed([part], into: Array(residual[range])) { input, y in
              layer.apply(
                input[0],
                images: batch,
                height: x[1],
                width: x[2],
                into: y,
                epilogue: epilogue,
                context: context
              )
            }
            let context = "\(recorded), \(name), \(batch) images from \(first)"
            expect(y, equal: Array(wanted[range]), context)
          }
        }
      }
    }
  }
}
