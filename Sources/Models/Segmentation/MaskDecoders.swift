import Kernels
import Layers

/// A residual network's maps, doubled and joined from the coarsest to the finest.
///
/// The last doubling, to the images' size, has nothing to join.
final class StageDecoder: MaskDecoder {
  private let steps: [DoublingStep]
  private let classifier: Convolution

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - channels: of the encoder's maps, the finest first.
  ///   - widths: of the decoder's, the coarsest first; as many.
  ///   - classes: how many logits each pixel gets.
  ///   - scope: the decoder's scope.
  init(_ channels: [Int], widths: [Int], classes: Int, in scope: ParameterScope) {
    let joined = Array(channels.dropLast().reversed()) + [0]
    let inputs = [channels.last ?? 0] + widths.dropLast()
    steps = widths.indices.map { index in
      DoublingStep(
        inputs[index],
        joining: joined[index],
        widths[index],
        in: scope["steps.\(index)"]
      )
    }
    classifier = .classifier(widths.last ?? 0, classes, in: scope["classifier"])
  }

  func logits<E: Executor>(_ maps: [E.Value], on executor: E) -> E.Value {
    var x = maps[maps.count - 1]
    let others = maps.dropLast().reversed().map(Optional.some) + [nil]
    for (step, other) in zip(steps, others) { step(&x, other, on: executor) }
    return executor.convolution(x, classifier, relu: false)
  }
}

/// A transformer's patches, doubled step by step, with those of earlier depths joined.
final class ProgressiveDecoder: MaskDecoder {
  private let entry: Convolution
  private let projections: [Convolution]
  private let steps: [DoublingStep]
  private let classifier: Convolution

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - channels: of the encoder's maps, the earliest depth first.
  ///   - widths: of the decoder's, that of the patches' grid first; one more than doublings.
  ///   - classes: how many logits each pixel gets.
  ///   - scope: the decoder's scope.
  init(_ channels: [Int], widths: [Int], classes: Int, in scope: ParameterScope) {
    entry = .normed(channels.last ?? 0, widths[0], kernel: 1, "0", "1", scope["entry"])
    let count = min(channels.count - 1, widths.count - 1)
    projections = (0..<count).map { index in
      .normed(
        channels[channels.count - 2 - index],
        widths[index + 1],
        kernel: 1,
        "0",
        "1",
        scope["projections.\(index)"]
      )
    }
    steps = zip(widths, widths.dropFirst()).enumerated().map { index, pair in
      DoublingStep(
        pair.0,
        joining: index < count ? pair.1 : 0,
        pair.1,
        in: scope["steps.\(index)"]
      )
    }
    classifier = .classifier(widths.last ?? 0, classes, in: scope["classifier"])
  }

  func logits<E: Executor>(_ maps: [E.Value], on executor: E) -> E.Value {
    var x = executor.convolution(maps[maps.count - 1], entry, relu: true)
    for (index, step) in steps.enumerated() {
      let other = projections.indices.contains(index) ? projected(index, maps, x, executor) : nil
      step(&x, other, on: executor)
    }
    return executor.convolution(x, classifier, relu: false)
  }

  /// An earlier depth's patches, twice as high and wide as x.
  private func projected<E: Executor>(
    _ index: Int,
    _ maps: [E.Value],
    _ x: E.Value,
    _ executor: E
  ) -> E.Value {
    let map = executor.convolution(maps[maps.count - 2 - index], projections[index], relu: true)
    let shape = executor.shape(of: x)
    return executor.resized(map, height: 2 * shape[1], width: 2 * shape[2])
  }
}

/// One linear map of the last map's pixels.
final class LinearDecoder: MaskDecoder {
  private let classifier: Convolution

  /// Declares the parameters.
  ///
  /// - Parameters:
  ///   - channels: of the encoder's maps; the last one's is used.
  ///   - classes: how many logits each pixel gets.
  ///   - scope: the decoder's scope.
  init(_ channels: [Int], classes: Int, in scope: ParameterScope) {
    classifier = .classifier(channels.last ?? 0, classes, in: scope["classifier"])
  }

  func logits<E: Executor>(_ maps: [E.Value], on executor: E) -> E.Value {
    executor.convolution(maps[maps.count - 1], classifier, relu: false)
  }
}

/// Doubles a map, joins another one, and runs two 3×3 convolutions, each with its normalisation and
/// ReLU.
private final class DoublingStep {
  private let enlarge: TransposedConvolution
  private let first: Convolution
  private let second: Convolution

  /// Declares the step's parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of x.
  ///   - others: channels of the other map; 0 for none.
  ///   - outputs: channels of the result.
  ///   - scope: the step's scope.
  init(_ inputs: Int, joining others: Int, _ outputs: Int, in scope: ParameterScope) {
    enlarge = TransposedConvolution(inputs, outputs, factor: 2, in: scope["enlarge"])
    let block = scope["block"]
    first = .normed(outputs + others, outputs, kernel: 3, "0", "1", block)
    second = .normed(outputs, outputs, kernel: 3, "3", "4", block)
  }

  /// Runs the step in place.
  ///
  /// - Parameters:
  ///   - x: [B, H, W, inputs]; becomes [B, 2·H, 2·W, outputs].
  ///   - other: [B, 2·H, 2·W, others]; nil for none.
  ///   - executor: what runs the operations.
  func callAsFunction<E: Executor>(_ x: inout E.Value, _ other: E.Value?, on executor: E) {
    let doubled = executor.transposedConvolution(x, enlarge)
    x = executor.concatenated([doubled] + [other].compactMap(\.self))
    executor.segment(&x) { [first, second] in
      $0 = executor.convolution($0, first, relu: true)
      $0 = executor.convolution($0, second, relu: true)
    }
  }
}

extension Convolution {
  /// Declares the 1×1 convolution that gives each pixel its logits.
  fileprivate static func classifier(
    _ inputs: Int,
    _ classes: Int,
    in scope: ParameterScope
  ) -> Convolution {
    Convolution(
      ConvolutionShape(
        inputChannels: inputs,
        outputChannels: classes,
        kernelHeight: 1,
        kernelWidth: 1,
        stride: 1,
        padding: 0
      ),
      hasBias: true,
      in: scope
    )
  }
}
