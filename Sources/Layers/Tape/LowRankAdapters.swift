import Kernels
import Parallelism
package import Tensors

/// Low-rank changes of linear maps: W + (α / r)·B·A with A [r, inputs] and B [outputs, r].
///
/// Hu et al. 2022, eq. 3. B begins with zeros, so that training begins at the unchanged map.
package final class LowRankAdapters {
  /// What is trained.
  package let parameters = ParameterSet()
  /// r.
  package let rank: Int
  /// α / r.
  package let factor: Float
  private var adapters: [ObjectIdentifier: Adapter] = [:]

  /// The change of one map.
  struct Adapter {
    let weight: Parameter
    let down: Parameter
    let up: Parameter
  }

  /// Makes changes of maps.
  ///
  /// - Parameters:
  ///   - weights: the maps' matrices, each [outputs, inputs].
  ///   - rank: r, at least 1.
  ///   - alpha: α.
  package init(of weights: [Parameter], rank: Int, alpha: Float) {
    precondition(rank >= 1, "adapters of rank \(rank)")
    self.rank = rank
    factor = alpha / Float(rank)
    for weight in weights {
      precondition(weight.shape.count == 2, "an adapter of \(weight.name) \(weight.shape)")
      let scope = parameters.root["adapters.\(weight.name)"]
      // PyTorch's Kaiming rule with a = √5, as the method's released code: uniform in ±1/√inputs.
      let bound = 1 / Float(weight.shape[1]).squareRoot()
      adapters[ObjectIdentifier(weight)] = Adapter(
        weight: weight,
        down: scope.parameter("A", [rank, weight.shape[1]], .uniform(bound: bound)),
        up: scope.parameter("B", [weight.shape[0], rank])
      )
    }
  }

  /// The change of a map; nil where it has none.
  subscript(weight: Parameter) -> Adapter? { adapters[ObjectIdentifier(weight)] }

  /// Runs something while the maps' matrices are the changed ones.
  ///
  /// The matrices themselves stay as they are, to the bit, however often this is done.
  ///
  /// - Parameters:
  ///   - device: where to run.
  ///   - body: sees the changed matrices.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  package func withMergedWeights<Result>(
    on device: Device,
    _ body: () throws -> Result
  ) rethrows -> Result {
    let originals = adapters.values.map { ($0.weight, $0.weight.value) }
    merge(on: device)
    defer { for (weight, value) in originals { weight.load(value) } }
    return try body()
  }

  /// Makes the changed matrices the maps' own.
  ///
  /// - Parameter device: where to run.
  package func merge(on device: Device) {
    for adapter in adapters.values { adapter.weight.load(changed(adapter, on: device)) }
  }

  /// W + (α / r)·B·A.
  private func changed(_ adapter: Adapter, on device: Device) -> Tensor {
    let (outputs, inputs) = (adapter.weight.shape[0], adapter.weight.shape[1])
    let (down, up) = (adapter.down.value.elements, adapter.up.value.elements)
    let (rank, factor) = (rank, factor)
    let result = Tensor(uninitialized: adapter.weight.shape, on: device)
    withViews(adapter.weight.value, result) { weight, result in
      device.compute.pool.forEach(outputs) { row in
        for column in 0..<inputs {
          var sum = 0.0
          for index in 0..<rank {
            sum += Double(up[row * rank + index]) * Double(down[index * inputs + column])
          }
          let place = row * inputs + column
          result[place] = weight[place] + factor * Float(sum)
        }
      }
    }
    return result
  }
}
