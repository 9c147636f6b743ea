import Kernels
import Layers
import Tensors
import TestSupport
import Testing

/// Positions, attention and embeddings of an executor against PyTorch.
struct TokenLayerTests {
  private let device = Device(threadCount: 2)

  /// Both rules, larger and smaller grids, one patch, and the grid that was learnt.
  @Test(arguments: [PositionTable.Rule.alignedCorners, .areas])
  func interpolatedPositions(rule: PositionTable.Rule) throws {
    let cases = try recorded("positions-\(rule.rawValue)")
    #expect(cases.count == 5)
    for recorded in cases {
      let model = ParameterSet()
      let parameter = model.root.parameter("learnt", try recorded.shape("learnt"))
      let token = model.root.parameter("token", [3])
      parameter.load(try recorded.tensor("learnt", on: device))
      token.load(Tensor([0, 0, 0], shape: [3], on: device))
      let grid = try recorded.integer("old")
      let positions = PositionTable(parameter: parameter, learntGrid: grid, rule: rule)
      let side = try recorded.integer("new")
      let zeros = [Float](repeating: 0, count: side * side * 3)
      let tokens = Tensor(zeros, shape: [1, side * side, 3], on: device)
      let executor = InferenceExecutor(on: device)
      // The second time the table is at hand.
      for _ in 0..<2 {
        let y = executor.prepend(token, to: tokens, positions: positions).reshaped([-1, 3])
        try expect(y, equals: "y", of: recorded)
      }
      let mean = executor.prependMean(to: tokens, positions: positions).reshaped([-1, 3])
      try expect(mean, equals: "y", of: recorded)
    }
  }

  /// Tables of a model that is gone are not taken for those of the next one.
  @Test func positionsOfSeveralModels() {
    let executor = InferenceExecutor(on: device)
    for model in 0..<20 {
      let root = ParameterSet().root
      let (table, token) = (root.parameter("positions", [5, 1]), root.parameter("token", [1]))
      let values = [Float](repeating: Float(model), count: 5)
      table.load(Tensor(values, shape: [5, 1], on: device))
      token.load(Tensor([0], shape: [1], on: device))
      let positions = PositionTable(parameter: table, learntGrid: 2, rule: .areas)
      let tokens = Tensor([0, 0, 0, 0], shape: [1, 4, 1], on: device)
      #expect(executor.prepend(token, to: tokens, positions: positions).elements == values)
    }
  }

  @Test func attention() throws {
    let recorded = try #require(try recorded("attention").first)
    let heads = try recorded.integer("heads")
    let lengths = try (0..<3).map { try recorded.integer("length\($0)") }
    let executor = InferenceExecutor(on: device)
    let joined = try recorded.tensor("joined", on: device)
    let all = executor.selfAttention(joined, heads: heads, lengths: nil)
    try expect(all, equals: "y", of: recorded)
    let masked = executor.selfAttention(joined, heads: heads, lengths: lengths)
    try expect(masked, equals: "masked", of: recorded)
    let keys = try recorded.tensor("keysAndValues", on: device)
    let query = try recorded.tensor("query", on: device)
    let cross = executor.crossAttention(query, keys, heads: heads, lengths: lengths)
    try expect(cross, equals: "cross", of: recorded)
    let one = executor.crossAttention(
      query.reshaped([3, 1, -1]),
      keys,
      heads: heads,
      lengths: lengths
    )
    #expect(one.shape == [3, 1, 8] && one.elements == cross.elements)
  }

  @Test func embeddingAndNorm() throws {
    let recorded = try #require(try recorded("embedding").first)
    let model = ParameterSet()
    let words = model.root["words"].parameter("weight", [11, 6])
    let places = model.root["places"].parameter("weight", [4, 6])
    let norm = LayerNorm(6, epsilon: 1e-12, in: model.root["norm"])
    try recorded.load(into: model, on: device)
    let executor = InferenceExecutor(on: device)
    let indices = try recorded.floats("indices").map { Int32($0) }
    let total = executor.embedding(
      [(indices, words), ([0, 1, 2, 3, 0, 1, 2, 3], places)],
      batch: 2
    )
    try expect(total, equals: "y", of: recorded)
    try expect(executor.layerNorm(total, norm), equals: "normalized", of: recorded)
  }

  @Test func selectedTokens() {
    let executor = InferenceExecutor(on: device)
    let x = executor.constant(Tensor((0..<12).map { Float($0) }, shape: [2, 3, 2], on: device))
    #expect(executor.shape(of: x) == [2, 3, 2])
    #expect(executor.token(2, of: x).elements == [4, 5, 10, 11])
    #expect(executor.meanToken(of: x, over: 1..<3).elements == [3, 4, 9, 10])
    #expect(executor.reshaped(x, [4, -1]).shape == [4, 3])
    let pairs = executor.constant(Tensor([0, -2, 5, 0], shape: [2, 2], on: device))
    #expect(executor.normalized(pairs).elements == [0, -1, 1, 0])
    let image = executor.constant(Tensor([1, 2, 3, 6], shape: [1, 2, 2, 1], on: device))
    let window = PoolingShape(window: 2, stride: 2)
    #expect(executor.pooled(image, .average, window).elements == [3])
    #expect(executor.pooled(image, .maximum, window).elements == [6])
  }
}
