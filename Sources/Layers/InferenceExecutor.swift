package import Kernels
package import Tensors

/// Computes at once, without noting how to differentiate.
///
/// Weights are packed when a layer first runs; batch normalisations and layer scales are folded
/// into them. With `releasesParameters` the plain form is given back then, so that a model lies in
/// memory once.
package final class InferenceExecutor: Executor {
  /// Where operations run.
  package let device: Device
  let releasesParameters: Bool
  var linears: [ObjectIdentifier: (layer: Linear, prepared: PreparedLinear)] = [:]
  var pointwise: [ObjectIdentifier: (layer: Convolution, prepared: PreparedLinear)] = [:]
  var convolutions: [ObjectIdentifier: (layer: Convolution, prepared: PreparedConvolution)] = [:]
  var patches: [ObjectIdentifier: (layer: PatchEmbedding, prepared: PreparedLinear)] = [:]
  var norms: [ObjectIdentifier: (layer: BatchNorm, prepared: PreparedNorm)] = [:]
  var positions: [PositionKey: (parameter: Parameter, table: Tensor)] = [:]

  /// What a batch normalisation does to each channel c: (x − mean[c]) · factor[c] + shift[c].
  struct PreparedNorm {
    var mean: Tensor
    var factor: Tensor
    var shift: Tensor
  }

  /// Which positions a table holds; whoever stores the key keeps the parameter alive.
  struct PositionKey: Hashable {
    var parameter: ObjectIdentifier
    var side: Int
    var rule: PositionTable.Rule
  }

  /// Makes an executor without packed weights.
  ///
  /// - Parameters:
  ///   - device: where operations run.
  ///   - releasesParameters: whether packed parameters are given back; the model can then be run
  ///     by this executor only.
  package init(on device: Device, releasesParameters: Bool = false) {
    self.device = device
    self.releasesParameters = releasesParameters
  }

  var compute: ComputeContext { device.compute }

  package func constant(_ tensor: Tensor) -> Tensor { tensor }

  package func shape(of value: Tensor) -> [Int] { value.shape }

  package func reshaped(_ x: Tensor, _ shape: [Int]) -> Tensor { x.reshaped(shape) }

  package func linear(_ x: Tensor, _ layer: Linear, activation: Activation?) -> Tensor {
    let y = Tensor(
      uninitialized: x.shape.dropLast() + [layer.outputCount],
      on: device
    )
    apply(prepared(layer), x, into: y, Epilogue(activation: activation))
    return y
  }

  package func addLinear(_ x: Tensor, _ layer: Linear, to residual: inout Tensor) {
    precondition(
      residual.shape == x.shape.dropLast() + [layer.outputCount],
      "\(x.shape) through \(layer.inputCount) → \(layer.outputCount) onto \(residual.shape)"
    )
    own(&residual)
    apply(prepared(layer), x, into: residual, Epilogue(addsToDestination: true))
  }

  package func layerNorm(_ x: Tensor, _ layer: LayerNorm) -> Tensor {
    x.layerNorm(
      scale: layer.scale.value,
      shift: layer.shift.value,
      epsilon: layer.epsilon,
      on: device
    )
  }

  package func pooled(_ x: Tensor, _ kind: PoolingKind, _ window: PoolingShape) -> Tensor {
    x.pooled(kind, window, on: device)
  }

  package func token(_ index: Int, of x: Tensor) -> Tensor { x.token(index, on: device) }

  package func tokensBehindFirst(of x: Tensor) -> Tensor { x.tokensBehindFirst(on: device) }

  package func meanToken(of x: Tensor, over range: Range<Int>) -> Tensor {
    x.meanToken(over: range, on: device)
  }

  package func concatenated(_ parts: [Tensor]) -> Tensor { Tensor.concatenating(parts, on: device) }

  package func normalized(_ x: Tensor) -> Tensor { x.normalized(on: device) }

  package func segment(_ x: inout Tensor, _ body: @escaping (inout Tensor) -> Void) { body(&x) }

  /// Makes sure that a tensor may be written in place.
  func own(_ tensor: inout Tensor) {
    if !tensor.isUniquelyHeld() { tensor = tensor.copied(on: device) }
  }

  func apply(_ layer: PreparedLinear, _ x: Tensor, into y: Tensor, _ epilogue: Epilogue) {
    let rows = y.count / layer.outputCount
    withViews(x, y) {
      layer.apply($0, rows: rows, into: $1, epilogue: epilogue, context: compute)
    }
  }
}
