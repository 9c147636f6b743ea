import Layers
import Tensors
import Testing

/// Parameters' names, shapes and random values.
struct ParameterTests {
  private let device = Device(threadCount: 1)

  @Test func namesAndOrder() {
    let model = ParameterSet()
    _ = Linear(3, 5, in: model.root["layer1"]["0"])
    _ = LayerNorm(4, epsilon: 1e-5, in: model.root["norm"])
    _ = BatchNorm(2, in: model.root["layer1.bn"])
    let names = [
      "layer1.0.weight", "layer1.0.bias", "norm.weight", "norm.bias", "layer1.bn.weight",
      "layer1.bn.bias", "layer1.bn.running_mean", "layer1.bn.running_var",
    ]
    #expect(model.parameters.map(\.name) == names)
    #expect(model["layer1.0.weight"]?.shape == [5, 3])
    #expect(model["layer1.0"] == nil)
    #expect(model.count == 15 + 5 + 8 + 8)
  }

  /// The same seed gives the same bits, another one others; constants are constant.
  @Test func randomValues() throws {
    func values(seed: UInt64) throws -> ([Float], [Float], [Float]) {
      let model = ParameterSet()
      let weight = model.root.parameter("w", [50, 40], .normal(standardDeviation: 0.5))
      let uniform = model.root.parameter("u", [1000], .uniform(bound: 2))
      let constant = model.root.parameter("c", [7], .constant(3))
      model.initialize(seed: seed, on: device)
      return (weight.value.elements, uniform.value.elements, constant.value.elements)
    }
    let (first, again, other) = (try values(seed: 1), try values(seed: 1), try values(seed: 2))
    #expect(first == again)
    #expect(first.0 != other.0 && first.1 != other.1)
    #expect(first.2 == [Float](repeating: 3, count: 7))
    // 2000 draws: the deviation's own standard error is 0.5 / √4000 = 0.008.
    let squares = first.0.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs((squares / 2000).squareRoot() - 0.5) < 0.04)
    #expect(first.1.allSatisfy { abs($0) <= 2 } && first.1.contains { abs($0) > 1.9 })
  }

  @Test func mistakesOfCallers() async {
    await #expect(processExitsWith: .failure) {
      let model = ParameterSet()
      _ = Linear(3, 5, in: model.root["a"])
      _ = LayerNorm(4, epsilon: 1e-5, in: model.root["a"])
    }
    await #expect(processExitsWith: .failure) {
      let device = Device(threadCount: 1)
      let parameter = ParameterSet().root.parameter("w", [2, 3])
      parameter.load(Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2], on: device))
    }
  }
}
