import Kernels
import Testing

/// Which variants a context uses, and what it says of them.
struct SelectionTests {
  @Test(arguments: instructionSets)
  func oneTierForAllKernels(_ set: InstructionSet) {
    let variants = ComputeContext(threadCount: 1, instructionSet: set).kernelVariants
    #expect(variants.count >= 20)
    #expect(variants["layer_norm_f32"] == set.rawValue)
    #expect(variants["attention_f32"] == set.rawValue)
    #expect(Set(variants.values) == [set.rawValue])
  }

  /// Asking for more than the machine has gives what it has.
  @Test func neverAboveTheMachine() {
    let context = ComputeContext(threadCount: 1, instructionSet: .avx512)
    #expect(context.instructionSet == .best)
    #expect(InstructionSet.scalar < .avx2 && .avx2 < InstructionSet.avx512)
  }

  @Test func versionsOfLibraries() {
    let versions = ComputeContext(threadCount: 1).libraryVersions
    #expect(versions.keys.sorted() == ["OpenBLAS", "oneDNN"])
    for (library, version) in versions {
      let parts = version.split(separator: ".")
      #expect(parts.count >= 3 && Int(parts[0]) != nil, "\(library) \(version)")
    }
  }
}
