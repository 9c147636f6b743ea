package import Parallelism

/// What kernels run on: the threads, the chosen variants and the libraries' state.
///
/// One per process, passed as a parameter. Its operations take views of memory that their caller
/// keeps alive, check sizes, and split the work by grain, so that results are the same bits for any
/// number of threads.
package final class ComputeContext: Sendable {
  /// The threads.
  package let pool: WorkerPool
  /// The best instruction set that kernels may use.
  package let instructionSet: InstructionSet
  let kernels: KernelSet
  let oneDNN: OneDNNContext

  /// Makes a context with threads of its own.
  ///
  /// - Parameters:
  ///   - threadCount: how many threads work, the calling one included; at least 1.
  ///   - instructionSet: the best tier that kernels may use; at most the machine's own is used.
  package init(threadCount: Int, instructionSet: InstructionSet = .best) {
    self.instructionSet = min(instructionSet, .best)
    kernels = KernelSet(upTo: self.instructionSet)
    oneDNN = OneDNNContext()
    pool = WorkerPool(threadCount: threadCount) { prepareThread() }
  }

  /// The variant per kernel, such as `layer_norm_f32: avx512`.
  package var kernelVariants: [String: String] { kernels.names }

  /// The version per library that kernels call.
  package var libraryVersions: [String: String] {
    ["oneDNN": OneDNNContext.version, "OpenBLAS": openBLASVersion]
  }
}
