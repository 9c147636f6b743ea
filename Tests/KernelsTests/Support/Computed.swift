import Kernels
import Parallelism
import Testing

/// The instruction sets that this machine runs.
let instructionSets = InstructionSet.allCases.filter { $0 <= .best }

/// Lends inputs and room for a result to an operation of a context, and returns the result.
///
/// Records when the operation writes behind its result or into its inputs.
///
/// - Parameters:
///   - inputs: the inputs' elements.
///   - before: what the result's memory holds before.
///   - sourceLocation: where a failure is reported.
///   - body: runs the operation.
/// - Returns: what the result's memory holds afterwards.
func computed(
  _ inputs: [[Float]],
  into before: [Float],
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: ([MemoryView<Float>], MemoryView<Float>) -> Void
) -> [Float] {
  let margin = 64
  let memories = inputs.map { aligned($0) }
  let memory = aligned(before + [Float](repeating: GuardedFloats.sentinel, count: margin))
  return withExtendedLifetime((memories, memory)) {
    let views = zip(memories, inputs).map { $0.view(of: Float.self)[0..<$1.count] }
    let all = memory.view(of: Float.self)
    body(views, all[0..<before.count])
    let intact = all[before.count..<before.count + margin].copied()
      .allSatisfy { $0 == GuardedFloats.sentinel }
    #expect(intact, "nothing is written behind the result", sourceLocation: sourceLocation)
    for (view, input) in zip(views, inputs) {
      let same = zip(view.copied(), input).allSatisfy { $0.bitPattern == $1.bitPattern }
      #expect(same, "inputs stay as they are", sourceLocation: sourceLocation)
    }
    return all[0..<before.count].copied()
  }
}

/// As the other, with room for `count` floats.
func computed(
  _ inputs: [[Float]],
  count: Int,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: ([MemoryView<Float>], MemoryView<Float>) -> Void
) -> [Float] {
  let before = [Float](repeating: GuardedFloats.sentinel, count: count)
  return computed(inputs, into: before, sourceLocation: sourceLocation, body)
}

/// Memory that holds given floats.
private func aligned(_ values: [Float]) -> AlignedMemory {
  let memory = AlignedMemory(byteCount: values.count * MemoryLayout<Float>.stride)
  withExtendedLifetime(memory) { memory.view(of: Float.self).copy(from: values) }
  return memory
}

extension PreparedLinear {
  /// Packs a matrix that lies in an array.
  convenience init(
    _ weight: [Float],
    order: WeightOrder = .outputsByInputs,
    bias: [Float]?,
    _ inputCount: Int,
    _ outputCount: Int,
    _ context: ComputeContext
  ) {
    let memory = aligned(weight)
    defer { withExtendedLifetime(memory) {} }
    self.init(
      weight: memory.view(of: Float.self),
      order: order,
      bias: bias,
      inputCount: inputCount,
      outputCount: outputCount,
      context: context
    )
  }
}

extension PreparedConvolution {
  /// Packs weights that lie in an array.
  convenience init(
    _ weight: [Float],
    bias: [Float]?,
    _ shape: ConvolutionShape,
    _ context: ComputeContext
  ) {
    let memory = aligned(weight)
    defer { withExtendedLifetime(memory) {} }
    self.init(
      weight: memory.view(of: Float.self),
      bias: bias,
      shape: shape,
      context: context
    )
  }
}
