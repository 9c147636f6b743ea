import Autograd
import Layers
import Pretraining
import Tensors
import TestSupport
import Testing
import Training

/// A batch that goes through the encoders in chunks is the batch as a whole.
struct GradientCachingTests {
  private let device = Device(threadCount: 2)

  private struct Outcome {
    var loss: Float
    var gradients: [String: [Float]]
    var keptBytes: Int
    var nodes: Int
  }

  private func outcome(
    chunk: Int?,
    _ encoder: TinyPairs.Encoder = .transformer
  ) throws -> Outcome {
    let pairs = try TinyPairs(encoder, on: device)
    let job = try pairs.job(
      try pairs.model(),
      pairs.settings {
        $0.chunk = chunk
        $0.training.batchSize = 11
        $0.expansion = nil
      }
    )
    let held = device.storage.statistics.liveBytes
    let step = try JobStep(job, Array(0..<11), on: device)
    let kept = device.storage.statistics.liveBytes - held
    let loss = try #require(step.loss)
    let nodes = step.executor.tape.count
    step.executor.tape.backward(from: loss.mean)
    let gradients = try zip(job.trained, step.gradients.sums).map { parameter, sum in
      (parameter.name, try #require(sum, "no gradient of \(parameter.name)").elements)
    }
    return Outcome(
      loss: try #require(step.value),
      gradients: Dictionary(uniqueKeysWithValues: gradients),
      keptBytes: kept,
      nodes: nodes
    )
  }

  @Test(arguments: [2, 3, 4, 6, 10])
  func aChunkedBatchHasTheWholeOnesLossAndGradients(chunk: Int) throws {
    let whole = try outcome(chunk: nil)
    let cut = try outcome(chunk: chunk)
    #expect(abs(cut.loss - whole.loss) <= 1e-6, "\(cut.loss) and \(whole.loss)")
    for (name, expected) in whole.gradients {
      let size = expected.map { Double(abs($0)) }.max() ?? 0
      let tolerance = Tolerance(
        absolute: 2e-5 * size + 1e-8,
        reason: "float32 sums over 11 pairs in another order, against the tensor's largest gradient"
      )
      let fault = mismatch(
        try #require(cut.gradients[name]),
        expected,
        within: tolerance,
        context: "\(name), chunks of \(chunk)"
      )
      #expect(fault == nil, "\(fault ?? "")")
    }
    #expect(whole.gradients.values.allSatisfy { $0.contains { $0 != 0 } })
  }

  @Test func aChunkAsLargeAsTheBatchIsTheBatch() throws {
    let (whole, same) = (try outcome(chunk: nil), try outcome(chunk: 11))
    #expect(whole.loss == same.loss && whole.gradients == same.gradients)
  }

  @Test func chunksKeepFeaturesOnly() throws {
    let (whole, cut) = (try outcome(chunk: nil), try outcome(chunk: 3))
    #expect(cut.keptBytes < whole.keptBytes / 2, "\(cut.keptBytes) of \(whole.keptBytes) bytes")
    #expect(cut.nodes < whole.nodes, "\(cut.nodes) of \(whole.nodes) operations")
  }

  /// Batch normalisations measure what runs together, as `PairEncoder` says.
  @Test func batchNormsMeasureChunks() throws {
    let whole = try outcome(chunk: nil, .residual)
    let cut = try outcome(chunk: 4, .residual)
    #expect(abs(cut.loss - whole.loss) > 1e-4)
  }

  @Test(arguments: [(11, 3), (11, 2), (5, 4), (7, 6), (128, 32), (3, 2), (2, 2), (4, 100)])
  func chunksCoverTheBatchEvenly(count: Int, size: Int) {
    let chunks = PairEncoder.chunks(of: count, size: size)
    #expect(chunks.flatMap { Array($0) } == Array(0..<count))
    let sizes = chunks.map(\.count)
    // Three pairs in chunks of two: none is left alone.
    #expect(sizes.allSatisfy { $0 <= max(size, 3) && $0 >= 2 }, "\(sizes)")
    #expect(count % 2 == 1 || sizes.allSatisfy { $0 <= size }, "\(sizes)")
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1, "\(sizes)")
    #expect(chunks.count == min((count + size - 1) / size, count / 2))
  }
}
