import Autograd
import Kernels
import Layers
import Randomness
import Tensors
import Training

/// A small residual network on pictures of three kinds.
///
/// Convolutions with batch normalisation, residual blocks, a mean over pixels and a residual linear
/// map with dropout. B pictures of 8 × 6 pixels.
final class PictureJob: TrainingJob {
  let parameterSet = ParameterSet()
  let device: Device
  let identity = [TrainingFact("data", "pictures")]
  let sampleCount = 21
  private let stem: Convolution
  private let blocks: [(first: Convolution, second: Convolution)]
  private let branch, head: Linear
  private let pictures: [Float]
  private let classes: [Int32]

  init(on device: Device) {
    self.device = device
    let root = parameterSet.root
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int) -> Convolution {
      Convolution(
        ConvolutionShape(
          inputChannels: inputs,
          outputChannels: outputs,
          kernelHeight: 3,
          kernelWidth: 3,
          stride: 1,
          padding: 1
        ),
        norm: BatchNorm(outputs, in: root["\(name).bn"]),
        in: root[name]
      )
    }
    stem = convolution("stem", 3, 8)
    blocks = (0..<4).map { index in
      (
        convolution("layer1.\(index).conv1", 8, 8),
        convolution("layer1.\(index).conv2", 8, 8)
      )
    }
    branch = Linear(8, 8, in: root["mlp"])
    head = Linear(8, 3, in: root["head"])
    parameterSet.initialize(seed: 2, on: device)
    var source = RandomSource(seed: 17)
    let labels = (0..<sampleCount).map { Int32($0 % 3) }
    classes = labels
    // Stripes across, stripes along, and neither, in noise.
    pictures = (0..<sampleCount).flatMap { index in
      (0..<8 * 6 * 3).map { place in
        let (row, column) = (place / 18, place / 3 % 6)
        let stripe = labels[index] == 0 ? row % 2 : labels[index] == 1 ? column % 2 : 0
        return Float(stripe) + 0.3 * Float(source.nextNormal())
      }
    }
  }

  var trained: [Parameter] { parameterSet.parameters.filter { !$0.isStatistic } }
  var statistics: [Parameter] { parameterSet.parameters.filter(\.isStatistic) }
  var smallestBatch: Int { 2 }
  var executorOptions: TapeExecutor.Options {
    var drop = BranchDrop()
    drop[branch] = .elements(rate: 0.2)
    return TapeExecutor.Options(branchDrop: drop)
  }

  /// All values, parameters and statistics.
  var values: [[Float]] { parameterSet.parameters.map(\.value.elements) }

  private func logits(_ samples: [Int], on executor: TapeExecutor) -> Variable {
    let size = 8 * 6 * 3
    let values = samples.flatMap { pictures[$0 * size..<($0 + 1) * size] }
    let images = Tensor(values, shape: [samples.count, 8, 6, 3], on: device)
    var x = executor.convolution(executor.constant(images), stem, relu: true)
    for block in blocks {
      executor.segment(&x) { x in
        let inner = executor.convolution(x, block.first, relu: true)
        executor.addConvolution(inner, block.second, to: &x)
      }
    }
    var tokens = executor.meanToken(
      of: executor.reshaped(x, [samples.count, 48, 8]),
      over: 0..<48
    )
    let features = tokens
    executor.addLinear(features, branch, to: &tokens)
    return executor.linear(tokens, head, activation: nil)
  }

  func loss(of batch: TrainingBatch, on executor: TapeExecutor) throws -> BatchLoss? {
    let labels = batch.samples.map { classes[$0] }
    return BatchLoss(
      executor.tape.crossEntropy(logits(batch.samples, on: executor), classes: labels),
      weight: Double(labels.count)
    )
  }

  /// The share of samples whose class is found, with the statistics as they are.
  func validate() throws -> ValidationScore {
    let executor = TapeExecutor(
      Tape(on: device),
      gradients: ParameterGradients(of: []),
      options: TapeExecutor.Options(statisticsMomentum: nil)
    )
    let found = logits(Array(0..<sampleCount), on: executor).value.elements
    let right = (0..<sampleCount).count { sample in
      let row = found[sample * 3..<sample * 3 + 3]
      return row.max() == row[sample * 3 + Int(classes[sample])]
    }
    return ValidationScore("accuracy", Double(right) / Double(sampleCount), higherIsBetter: true)
  }
}
