import Kernels
import Layers
import Tensors
import TestSupport
import Testing

/// Linear maps: joined, split, scaled, fused with what follows.
struct LinearTests {
  private let device = Device(threadCount: 2)

  /// Three maps of 6 features to 4, 5 and 3 outputs; the second has no offsets.
  private func joined(scaled: Bool) throws -> (RecordedCase, ParameterSet, Linear) {
    let recorded = try #require(try recorded("joined").first)
    let model = ParameterSet()
    let parts = [(4, true), (5, false), (3, true)].enumerated().map { index, part in
      Linear.Part.declared(6, part.0, hasBias: part.1, in: model.root["part\(index)"])
    }
    let scale = scaled ? model.root.parameter("scale", [12]) : nil
    let layer = Linear(parts: parts, inputCount: 6, scale: scale)
    try recorded.load(into: model, on: device)
    return (recorded, model, layer)
  }

  @Test func joinedMaps() throws {
    let (recorded, _, layer) = try joined(scaled: false)
    let executor = InferenceExecutor(on: device)
    let x = try recorded.tensor("x", on: device)
    #expect(layer.outputCount == 12)
    try expect(executor.linear(x, layer, activation: nil), equals: "y", of: recorded)
    try expect(executor.linear(x, layer, activation: .gelu), equals: "gelu", of: recorded)
    let quick = executor.linear(x, layer, activation: .quickGELU)
    try expect(quick, equals: "quick_gelu", of: recorded)
  }

  /// A layer scale is folded into weights and offsets, after them is the residual.
  @Test func scaledMapsOntoAResidual() throws {
    let (recorded, _, layer) = try joined(scaled: true)
    let executor = InferenceExecutor(on: device)
    let x = try recorded.tensor("x", on: device)
    try expect(executor.linear(x, layer, activation: nil), equals: "scaled", of: recorded)
    var residual = try recorded.tensor("residual", on: device)
    executor.addLinear(x, layer, to: &residual)
    try expect(residual, equals: "added", of: recorded)
  }

  /// What others share is copied before it is added to; what nobody shares is not.
  @Test func aSharedResidualIsLeftAlone() throws {
    let (recorded, _, layer) = try joined(scaled: true)
    let executor = InferenceExecutor(on: device)
    let x = try recorded.tensor("x", on: device)
    let original = try recorded.tensor("residual", on: device)
    var residual = original.reshaped([2, 3, 12])
    executor.addLinear(x, layer, to: &residual)
    try expect(residual, equals: "added", of: recorded)
    try expect(original, equals: "residual", of: recorded, within: .exact)
    let before = device.storage.statistics.livePieces
    executor.addLinear(x, layer, to: &residual)
    #expect(device.storage.statistics.livePieces == before)
    try expect(original, equals: "residual", of: recorded, within: .exact)
  }

  /// Cuts inside a part, at its edge, and of a cut: together they give the whole.
  @Test(arguments: [1, 4, 7, 9, 11], [false, true])
  func splitMaps(count: Int, scaled: Bool) throws {
    let (recorded, _, layer) = try joined(scaled: scaled)
    let executor = InferenceExecutor(on: device)
    let x = try recorded.tensor("x", on: device)
    let (first, rest) = layer.split(at: count)
    #expect(first.outputCount == count && rest.outputCount == 12 - count)
    let whole = try recorded.floats(scaled ? "scaled" : "y")
    let start = executor.linear(x, first, activation: nil).elements
    #expect(difference(start, whole, 0..<count) == nil)
    let end = executor.linear(x, rest, activation: nil).elements
    #expect(difference(end, whole, count..<12) == nil)
    guard rest.outputCount > 2 else { return }
    let (middle, last) = rest.split(at: 2)
    let cut = executor.linear(x, middle, activation: nil).elements
    #expect(difference(cut, whole, count..<count + 2) == nil)
    let tail = executor.linear(x, last, activation: nil).elements
    #expect(difference(tail, whole, count + 2..<12) == nil)
  }

  /// How some outputs differ from those columns of all outputs.
  private func difference(_ y: [Float], _ whole: [Float], _ columns: Range<Int>) -> String? {
    var wanted: [Float] = []
    for row in 0..<whole.count / 12 {
      wanted += whole[row * 12 + columns.lowerBound..<row * 12 + columns.upperBound]
    }
    return mismatch(y, wanted, within: float32, context: "outputs \(columns)")
  }

  @Test func projectionMatrix() throws {
    let recorded = try #require(try recorded("projection").first)
    let model = ParameterSet()
    let layer = Linear(projection: "proj", 5, 7, in: model.root)
    try recorded.load(into: model, on: device)
    let executor = InferenceExecutor(on: device)
    let y = executor.linear(try recorded.tensor("x", on: device), layer, activation: nil)
    try expect(y, equals: "y", of: recorded)
  }

  @Test func mistakesOfCallers() async {
    await #expect(processExitsWith: .failure) {
      _ = Linear(3, 4, in: ParameterSet().root).split(at: 4)
    }
    await #expect(processExitsWith: .failure) {
      _ = Linear(3, 4, in: ParameterSet().root).split(at: 0)
    }
    await #expect(processExitsWith: .failure) {
      // Not loaded.
      let device = Device(threadCount: 1)
      let layer = Linear(3, 4, in: ParameterSet().root)
      let x = Tensor([1, 2, 3], shape: [1, 3], on: device)
      _ = InferenceExecutor(on: device).linear(x, layer, activation: nil)
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let model = ParameterSet()
      let layer = Linear(3, 4, in: model.root)
      model.initialize(seed: 1, on: device)
      let x = Tensor([1, 2, 3, 4], shape: [1, 4], on: device)
      _ = InferenceExecutor(on: device).linear(x, layer, activation: nil)
    }
  }
}
