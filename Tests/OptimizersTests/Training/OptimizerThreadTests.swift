import Optimizers
import Randomness
import Tensors
import Testing

/// Steps, norms and averages are the same bits for 1, 2 and 4 threads.
struct OptimizerThreadTests {
  // Several parts of 65,536 numbers, the last one short; one part; less than a vector.
  private static let shapes = [[3, 65_536 + 1237], [131, 7], [5]]

  private enum Kind: CaseIterable {
    case sgd, adamW, lamb
  }

  private func values(_ shape: [Int], seed: UInt64) -> [Float] {
    var source = RandomSource(seed: seed)
    return (0..<shape.reduce(1, *)).map { _ in Float(source.nextNormal()) }
  }

  /// All bits after three steps, clipped and averaged.
  private func trained(_ kind: Kind, threads: Int) throws -> [[UInt32]] {
    let device = Device(threadCount: threads)
    let parameters = Self.shapes.enumerated().map { index, shape in
      OptimizedParameter(
        name: "p\(index)",
        value: Tensor(values(shape, seed: UInt64(index)), shape: shape, on: device),
        group: ParameterGroup(weightDecay: 0.1)
      )
    }
    let optimizer: any Optimizer =
      switch kind {
      case .sgd: try SGD(parameters, options: .init(momentum: 0.9), on: device)
      case .adamW: try AdamW(parameters, on: device)
      case .lamb: try LAMB(parameters, on: device)
      }
    let sources = parameters.map { ExponentialMovingAverage.Source(name: $0.name, value: $0.value) }
    let average = try ExponentialMovingAverage(sources, decay: 0.9, on: device)
    var norms: [UInt32] = []
    for step in 0..<3 {
      let gradients = Self.shapes.enumerated().map { index, shape in
        Tensor(values(shape, seed: UInt64(10 * step + 10 + index)), shape: shape, on: device)
      }
      let norm = GradientNorm(of: gradients, on: device)
      let bits = norm.total.bitPattern
      norms += [UInt32(truncatingIfNeeded: bits), UInt32(bits >> 32)]
      optimizer.step(
        gradients: gradients,
        learningRate: 0.01,
        gradientScale: norm.gradientScale(clippingTo: 100),
        on: device
      )
      average.update(on: device)
    }
    let state = optimizer.state + average.state
    return [norms]
      + (parameters.map(\.value) + state.map(\.tensor)).map { tensor in
        tensor.elements.map(\.bitPattern)
      }
  }

  @Test func bitsDoNotDependOnThreads() throws {
    for kind in Kind.allCases {
      let one = try trained(kind, threads: 1)
      #expect(try trained(kind, threads: 2) == one, "\(kind), 2 threads")
      #expect(try trained(kind, threads: 4) == one, "\(kind), 4 threads")
    }
  }

  /// A parameter's bits don't depend on what is trained beside it.
  @Test func bitsDoNotDependOnNeighbours() throws {
    let device = Device(threadCount: 2)
    let shape = [3, 65_536 + 1237]
    let gradient = Tensor(values(shape, seed: 3), shape: shape, on: device)
    let small = Tensor(values([5], seed: 4), shape: [5], on: device)
    let results = try [false, true].map { hasNeighbour in
      let value = Tensor(values(shape, seed: 2), shape: shape, on: device)
      let neighbour = Tensor(values([5], seed: 5), shape: [5], on: device)
      let parameters =
        (hasNeighbour ? [OptimizedParameter(name: "a", value: neighbour)] : [])
        + [OptimizedParameter(name: "b", value: value, group: ParameterGroup(weightDecay: 0.1))]
      let optimizer = try LAMB(parameters, on: device)
      let gradients = hasNeighbour ? [small, gradient] : [gradient]
      optimizer.step(gradients: gradients, learningRate: 0.01, gradientScale: 1, on: device)
      return value
    }
    #expect(haveSameBits(results[0], results[1]))
  }
}
