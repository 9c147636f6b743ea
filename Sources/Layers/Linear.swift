package import Kernels

/// A linear map y = x·Wᵀ + b, or several over the same x whose outputs are joined.
package final class Linear {
  /// How many features a row of x has.
  package let inputCount: Int
  /// How many features a row of y has.
  package let outputCount: Int
  /// The maps whose outputs are joined, in order.
  package let parts: [Part]
  /// What each output is multiplied with (layer scale); nil for nothing.
  package let scale: Parameter?
  /// Which outputs of the joined maps are computed.
  package let outputs: Range<Int>

  /// One map.
  package struct Part {
    /// The matrix.
    package let weight: Parameter
    /// How the matrix lies.
    package let order: PreparedLinear.WeightOrder
    /// The offsets; nil for none.
    package let bias: Parameter?
    /// How many outputs it has.
    package let outputCount: Int
  }

  private init(
    inputCount: Int,
    parts: [Part],
    scale: Parameter?,
    outputs: Range<Int>
  ) {
    self.inputCount = inputCount
    self.parts = parts
    self.scale = scale
    self.outputs = outputs
    outputCount = outputs.count
  }

  /// Joins maps over the same x.
  ///
  /// - Parameters:
  ///   - parts: the maps, in the order of their outputs; each [outputs, inputs] or the reverse.
  ///   - inputCount: how many features a row of x has.
  ///   - scale: what each output is multiplied with; nil for nothing.
  package convenience init(parts: [Part], inputCount: Int, scale: Parameter? = nil) {
    let count = parts.reduce(0) { $0 + $1.outputCount }
    self.init(inputCount: inputCount, parts: parts, scale: scale, outputs: 0..<count)
  }

  /// Declares a map as PyTorch's `Linear` names it: `weight` [outputs, inputs] and `bias`.
  ///
  /// - Parameters:
  ///   - inputCount: how many features a row of x has.
  ///   - outputCount: how many features a row of y has.
  ///   - hasBias: whether there are offsets.
  ///   - scale: what each output is multiplied with; nil for nothing.
  ///   - scope: where the parameters are declared.
  package convenience init(
    _ inputCount: Int,
    _ outputCount: Int,
    hasBias: Bool = true,
    scale: Parameter? = nil,
    in scope: ParameterScope
  ) {
    self.init(
      parts: [.declared(inputCount, outputCount, hasBias: hasBias, in: scope)],
      inputCount: inputCount,
      scale: scale
    )
  }

  /// Declares a projection matrix [inputs, outputs] of its own name, as CLIP's `proj`.
  ///
  /// - Parameters:
  ///   - name: the parameter's name under the scope.
  ///   - inputCount: how many features a row of x has.
  ///   - outputCount: how many features a row of y has.
  ///   - scope: where the parameter is declared.
  package convenience init(
    projection name: String,
    _ inputCount: Int,
    _ outputCount: Int,
    in scope: ParameterScope
  ) {
    let weight = scope.parameter(
      name,
      [inputCount, outputCount],
      .normal(standardDeviation: 1 / Float(inputCount).squareRoot())
    )
    let part = Part(
      weight: weight,
      order: .inputsByOutputs,
      bias: nil,
      outputCount: outputCount
    )
    self.init(parts: [part], inputCount: inputCount)
  }

  /// Two maps that share this one's parameters and replace it: its first outputs and the others.
  ///
  /// - Parameter count: how many outputs the first map has, in 1..<outputCount.
  /// - Returns: the first `count` outputs' map and the other outputs' map.
  package func split(at count: Int) -> (Linear, Linear) {
    precondition(count > 0 && count < outputCount, "the first \(count) of \(outputCount) outputs")
    for part in parts {
      part.weight.addReader()
      part.bias?.addReader()
    }
    scale?.addReader()
    return (cut(to: 0..<count), cut(to: count..<outputCount))
  }

  /// The parts that have outputs which are computed, each with those outputs of its own.
  var keptParts: [(part: Part, outputs: Range<Int>)] {
    var first = 0
    return parts.compactMap { part in
      let range = outputs.clamped(to: first..<first + part.outputCount)
      defer { first += part.outputCount }
      return range.isEmpty ? nil : (part, range.lowerBound - first..<range.upperBound - first)
    }
  }

  private func cut(to range: Range<Int>) -> Linear {
    let first = outputs.lowerBound
    return Linear(
      inputCount: inputCount,
      parts: parts,
      scale: scale,
      outputs: first + range.lowerBound..<first + range.upperBound
    )
  }
}

extension Linear.Part {
  /// A map of parameters that are declared.
  ///
  /// - Parameters:
  ///   - weight: the matrix.
  ///   - order: how it lies.
  ///   - bias: the offsets; nil for none.
  ///   - outputCount: how many outputs it has.
  package init(
    _ weight: Parameter,
    order: PreparedLinear.WeightOrder,
    bias: Parameter?,
    outputCount: Int
  ) {
    self.weight = weight
    self.order = order
    self.bias = bias
    self.outputCount = outputCount
  }

  /// Declares `weight` [outputs, inputs] and `bias` under a scope.
  ///
  /// - Parameters:
  ///   - inputCount: how many features a row of x has.
  ///   - outputCount: how many features a row of y has.
  ///   - hasBias: whether there are offsets.
  ///   - scope: where the parameters are declared.
  /// - Returns: the map.
  package static func declared(
    _ inputCount: Int,
    _ outputCount: Int,
    hasBias: Bool = true,
    in scope: ParameterScope
  ) -> Linear.Part {
    .init(
      scope.parameter(
        "weight",
        [outputCount, inputCount],
        .normal(standardDeviation: 1 / Float(inputCount).squareRoot())
      ),
      order: .outputsByInputs,
      bias: hasBias ? scope.parameter("bias", [outputCount]) : nil,
      outputCount: outputCount
    )
  }
}
