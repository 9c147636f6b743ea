import Kernels
import Parallelism
package import Tensors

/// Times a step of AdamW against the machine's memory.
///
/// The measure of memory is the triad a = b + s·c of McCalpin's STREAM, on arrays far larger than
/// the last cache, in the same chunks and with the same kind of stores as the step: 12 bytes per
/// number (what a store reads before it writes isn't counted). The step moves 28 bytes per number.
package enum OptimizerBenchmark {
  /// What was measured.
  package struct Report: Sendable, Codable {
    /// How many numbers each array has.
    package let parameters: Int
    /// How many threads worked.
    package let threads: Int
    /// The variant per kernel.
    package let kernels: [String: String]
    /// Seconds of each round's triad.
    package let triadSeconds: [Double]
    /// Seconds of each round's step of AdamW.
    package let adamWSeconds: [Double]
    /// Seconds of each round's norm of all gradients.
    package let normSeconds: [Double]
    /// The median triad's bytes per second.
    package let triadBytesPerSecond: Double
    /// The median step's bytes per second.
    package let adamWBytesPerSecond: Double
    /// The median norm's bytes per second.
    package let normBytesPerSecond: Double
    /// The step's share of the triad's speed.
    package let ratio: Double
  }

  /// Times triads and steps in turn.
  ///
  /// - Parameters:
  ///   - parameters: how many numbers the model has; ViT-B/16 has 86 million, which take 1.7 GB.
  ///   - rounds: how often to repeat after one round that isn't counted; at least 1.
  ///   - device: where to run.
  /// - Returns: the times and their medians.
  /// - Throws: nothing that a caller could mend.
  package static func run(
    parameters: Int = 86_000_000,
    rounds: Int = 7,
    on device: Device
  ) throws -> Report {
    let values = (0..<3).map { filled(Float($0) + 0.5, parameters, on: device) }
    let (weights, gradient, spare) = (values[0], values[1], values[2])
    let parameter = OptimizedParameter(
      name: "weight",
      value: weights,
      group: ParameterGroup(weightDecay: 0.05)
    )
    let optimizer = try AdamW([parameter], on: device)
    var (triads, steps, norms): ([Double], [Double], [Double]) = ([], [], [])
    for round in 0...max(rounds, 1) {
      let triad = seconds {
        withViews(weights, gradient, spare) { device.compute.triad($0, 0.5, $1, into: $2) }
      }
      let step = seconds {
        optimizer.step(gradients: [gradient], learningRate: 1e-4, gradientScale: 1, on: device)
      }
      let norm = seconds { _ = GradientNorm(of: [gradient], on: device).total }
      guard round > 0 else { continue }
      triads.append(triad)
      steps.append(step)
      norms.append(norm)
    }
    let count = Double(parameters)
    let triadSpeed = 12 * count / median(triads)
    let stepSpeed = 28 * count / median(steps)
    return Report(
      parameters: parameters,
      threads: device.compute.pool.threadCount,
      kernels: device.compute.kernelVariants.filter { $0.key == "adamw_f32" },
      triadSeconds: triads,
      adamWSeconds: steps,
      normSeconds: norms,
      triadBytesPerSecond: triadSpeed,
      adamWBytesPerSecond: stepSpeed,
      normBytesPerSecond: 4 * count / median(norms),
      ratio: stepSpeed / triadSpeed
    )
  }

  private static func filled(_ value: Float, _ count: Int, on device: Device) -> Tensor {
    let tensor = Tensor(uninitialized: [count], on: device)
    tensor.withView { $0.fill(with: value) }
    return tensor
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let time = ContinuousClock().measure(body)
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
