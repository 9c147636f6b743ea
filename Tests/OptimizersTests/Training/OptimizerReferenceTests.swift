import Kernels
import Optimizers
import Tensors
import TestSupport
import Testing

/// Ten steps of each optimiser against PyTorch's.
///
/// Five arrays of unlike shapes in groups of unlike rates and decays, some without a gradient in some
/// steps; half of the cases with accumulated gradients, clipping and a schedule.
struct OptimizerReferenceTests {
  private static let weights = Tolerance(
    absolute: 1e-6,
    reason: "ten updates of weights below 2.5 in float32, rounded in another order than PyTorch's"
  )
  private static let moments = Tolerance(
    absolute: 1e-6,
    relative: 1e-6,
    reason: "sums of ten gradients of magnitude up to 10 in float32, rounded in another order"
  )

  @Test(arguments: trainingInstructionSets, ["sgd", "adamw", "lamb"])
  func tenStepsEqualPyTorch(_ set: InstructionSet, _ prefix: String) throws {
    let cases = try TrainingFixture.cases(prefix)
    #expect(cases.count >= 2)
    for recorded in cases {
      let device = Device(threadCount: 2, instructionSet: set)
      let fixture = try TrainingFixture(recorded, on: device)
      let parameters = try fixture.parameters()
      let optimizer = try fixture.optimizer(parameters)
      try fixture.run(0..<TrainingFixture.steps, optimizer) { step, norm in
        if let wanted = recorded.numbers["norm\(step)"] {
          #expect(abs(norm - wanted) <= 1e-6 * wanted, "\(recorded), norm of step \(step)")
        }
        guard step == 0 || step == TrainingFixture.steps - 1 else { return }
        for parameter in parameters {
          let key = "after\(step + 1)/\(parameter.name)"
          let wanted = try recorded.floats(key)
          expect(
            parameter.value.elements,
            equal: wanted,
            within: Self.weights,
            "\(recorded), \(set), \(key)"
          )
        }
      }
      try expectMoments(optimizer.state, recorded, set)
    }
  }

  private func expectMoments(
    _ state: [(name: String, tensor: Tensor)],
    _ recorded: RecordedCase,
    _ set: InstructionSet
  ) throws {
    for (name, tensor) in state where !name.hasPrefix("step/") {
      let wanted = try recorded.floats(name)
      let context = "\(recorded), \(set), \(name)"
      expect(tensor.elements, equal: wanted, within: Self.moments, context)
      #expect(try tensor.shape == recorded.shape(name))
    }
    let steps = Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor.elements[0]) })
    #expect(steps["step/visual.conv1.weight"] == 10)
    #expect(steps["step/visual.ln_post.bias"] == 7, "three steps had no gradient for it")
    #expect(steps["step/logit_scale"] == 9)
  }

  /// What clipping is for: the recorded cases clip some steps and leave others as they are.
  @Test func recordedCasesClipAndDoNotClip() throws {
    for name in ["sgd-clipped", "adamw-clipped", "lamb-clipped"] {
      let recorded = try #require(try TrainingFixture.cases(name).first)
      let maximum = try recorded.number("maximum")
      let norms = try (0..<TrainingFixture.steps).map { try recorded.number("norm\($0)") }
      #expect(norms.contains { $0 > maximum } && norms.contains { $0 < maximum })
    }
  }
}
