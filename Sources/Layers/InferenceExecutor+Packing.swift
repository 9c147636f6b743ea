import Kernels
import Tensors

extension InferenceExecutor {
  /// The packed form of a linear map: its parts joined, cut to its outputs and scaled.
  func prepared(_ layer: Linear) -> PreparedLinear {
    if let known = linears[ObjectIdentifier(layer)] { return known.prepared }
    let prepared: PreparedLinear
    if let part = layer.parts.first, layer.parts.count == 1, layer.scale == nil,
      layer.outputs.count == part.outputCount
    {
      prepared = part.weight.value.withView { weight in
        PreparedLinear(
          weight: weight,
          order: part.order,
          bias: part.bias?.value.elements,
          inputCount: layer.inputCount,
          outputCount: layer.outputCount,
          context: compute
        )
      }
    } else {
      prepared = joined(layer)
    }
    for part in layer.parts { release(part.weight, part.bias) }
    release(layer.scale)
    linears[ObjectIdentifier(layer)] = (layer, prepared)
    return prepared
  }

  private func joined(_ layer: Linear) -> PreparedLinear {
    let count = layer.inputCount
    var weight: [Float] = []
    var bias: [Float] = []
    for part in layer.parts {
      precondition(part.order == .outputsByInputs, "\(part.weight.name) can't be joined")
      weight += part.weight.value.elements
      bias += part.bias?.value.elements ?? Array(repeating: 0, count: part.outputCount)
    }
    let range = layer.outputs
    weight = Array(weight[range.lowerBound * count..<range.upperBound * count])
    bias = Array(bias[range])
    if let scale = layer.scale?.value.elements {
      for (row, output) in range.enumerated() {
        bias[row] *= scale[output]
        for column in row * count..<(row + 1) * count { weight[column] *= scale[output] }
      }
    }
    return packed(weight, bias: bias, inputCount: count, outputCount: layer.outputCount)
  }

  /// Packs a matrix [outputs, inputs].
  private func packed(
    _ weight: [Float],
    bias: [Float]?,
    inputCount: Int,
    outputCount: Int
  ) -> PreparedLinear {
    let plain = Tensor(weight, shape: [outputCount, inputCount], on: device)
    return plain.withView {
      PreparedLinear(
        weight: $0,
        bias: bias,
        inputCount: inputCount,
        outputCount: outputCount,
        context: compute
      )
    }
  }

  /// The packed form of a patch embedding, its rows in the order of `patches`: y, x, channel.
  func prepared(_ layer: PatchEmbedding) -> PreparedLinear {
    if let known = patches[ObjectIdentifier(layer)] { return known.prepared }
    let area = layer.patch * layer.patch
    let plain = layer.weight.value.elements
    var weight = [Float](repeating: 0, count: plain.count)
    for output in 0..<layer.width {
      for channel in 0..<3 {
        for pixel in 0..<area {
          weight[(output * area + pixel) * 3 + channel] =
            plain[(output * 3 + channel) * area + pixel]
        }
      }
    }
    let prepared = packed(
      weight,
      bias: layer.bias?.value.elements,
      inputCount: 3 * area,
      outputCount: layer.width
    )
    release(layer.weight, layer.bias)
    patches[ObjectIdentifier(layer)] = (layer, prepared)
    return prepared
  }

  /// A convolution's weights and offsets with its batch normalisation folded in.
  private func folded(_ layer: Convolution) -> (weight: [Float], bias: [Float]) {
    var weight = layer.weight.value.elements
    let channels = layer.shape.outputChannels
    var bias = layer.bias?.value.elements ?? Array(repeating: 0, count: channels)
    if let norm = layer.norm {
      let (scale, shift) = (norm.scale.value.elements, norm.shift.value.elements)
      let (mean, variance) = (norm.mean.value.elements, norm.variance.value.elements)
      let size = weight.count / channels
      for channel in 0..<channels {
        let deviation = (Double(variance[channel]) + Double(norm.epsilon)).squareRoot()
        let factor = Double(scale[channel]) / deviation
        for index in channel * size..<(channel + 1) * size {
          weight[index] = Float(Double(weight[index]) * factor)
        }
        let centred = Double(bias[channel]) - Double(mean[channel])
        bias[channel] = Float(centred * factor + Double(shift[channel]))
      }
      release(norm.scale, norm.shift, norm.mean, norm.variance)
    }
    release(layer.weight, layer.bias)
    return (weight, bias)
  }

  /// A batch normalisation that no convolution can hold, with factors made of its deviations.
  func prepared(_ layer: BatchNorm) -> PreparedNorm {
    if let known = norms[ObjectIdentifier(layer)] { return known.prepared }
    let factor = zip(layer.scale.value.elements, layer.variance.value.elements).map {
      Float(Double($0) / (Double($1) + Double(layer.epsilon)).squareRoot())
    }
    let prepared = PreparedNorm(
      mean: layer.mean.value,
      factor: Tensor(factor, shape: layer.scale.shape, on: device),
      shift: layer.shift.value
    )
    release(layer.scale, layer.shift, layer.mean, layer.variance)
    norms[ObjectIdentifier(layer)] = (layer, prepared)
    return prepared
  }

  /// The packed form of a pointwise convolution: a matrix product over pixels.
  func preparedPointwise(_ layer: Convolution) -> PreparedLinear {
    if let known = pointwise[ObjectIdentifier(layer)] { return known.prepared }
    let (weight, bias) = folded(layer)
    let prepared = packed(
      weight,
      bias: bias,
      inputCount: layer.shape.inputChannels,
      outputCount: layer.shape.outputChannels
    )
    pointwise[ObjectIdentifier(layer)] = (layer, prepared)
    return prepared
  }

  /// The packed form of any other convolution.
  func prepared(_ layer: Convolution) -> PreparedConvolution {
    if let known = convolutions[ObjectIdentifier(layer)] { return known.prepared }
    let (weight, bias) = folded(layer)
    let plain = Tensor(weight, shape: layer.weight.shape, on: device)
    let prepared = plain.withView {
      PreparedConvolution(weight: $0, bias: bias, shape: layer.shape, context: compute)
    }
    convolutions[ObjectIdentifier(layer)] = (layer, prepared)
    return prepared
  }

  private func release(_ parameters: Parameter?...) {
    guard releasesParameters else { return }
    for parameter in parameters { parameter?.release() }
    device.storage.releaseUnused()
  }
}
