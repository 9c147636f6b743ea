import Kernels
package import Tensors

extension InferenceExecutor {
  package func convolution(_ x: Tensor, _ layer: Convolution, relu: Bool) -> Tensor {
    let y = Tensor(uninitialized: outputShape(x, layer), on: device)
    apply(layer, x, into: y, Epilogue(activation: relu ? .relu : nil))
    return y
  }

  package func addConvolution(_ x: Tensor, _ layer: Convolution, to residual: inout Tensor) {
    precondition(
      residual.shape == outputShape(x, layer),
      "\(x.shape) convolved onto \(residual.shape)"
    )
    own(&residual)
    apply(layer, x, into: residual, Epilogue(addsToDestination: true, activation: .relu))
  }

  private func outputShape(_ x: Tensor, _ layer: Convolution) -> [Int] {
    precondition(
      x.shape.count == 4 && x.shape[3] == layer.shape.inputChannels,
      "\(x.shape) in \(layer.weight.name) of \(layer.weight.shape)"
    )
    return [
      x.shape[0], layer.shape.outputHeight(x.shape[1]), layer.shape.outputWidth(x.shape[2]),
      layer.shape.outputChannels,
    ]
  }

  private func apply(_ layer: Convolution, _ x: Tensor, into y: Tensor, _ epilogue: Epilogue) {
    if layer.isPointwise {
      apply(preparedPointwise(layer), x, into: y, epilogue)
      return
    }
    let prepared = prepared(layer)
    withViews(x, y) {
      prepared.apply(
        $0,
        images: x.shape[0],
        height: x.shape[1],
        width: x.shape[2],
        into: $1,
        epilogue: epilogue,
        context: compute
      )
    }
  }

  package func patchEmbedding(_ x: Tensor, _ layer: PatchEmbedding) -> Tensor {
    let rows = x.patches(layer.patch, on: device)
    let y = Tensor(uninitialized: [rows.shape[0], rows.shape[1], layer.width], on: device)
    apply(prepared(layer), rows, into: y, Epilogue())
    return y
  }
}
