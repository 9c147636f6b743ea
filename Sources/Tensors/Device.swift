package import Kernels

/// Where tensors live and operations run: the kernels' context and the pool of memory.
package final class Device: Sendable {
  /// The threads and the kernels.
  package let compute: ComputeContext
  /// The memory.
  package let storage: StoragePool

  /// Makes a device with threads of its own.
  ///
  /// - Parameters:
  ///   - threadCount: how many threads work, the calling one included; at least 1.
  ///   - instructionSet: the best tier that kernels may use.
  package convenience init(threadCount: Int, instructionSet: InstructionSet = .best) {
    self.init(compute: ComputeContext(threadCount: threadCount, instructionSet: instructionSet))
  }

  /// Makes a device on threads that exist.
  ///
  /// - Parameter compute: the threads and the kernels.
  package init(compute: ComputeContext) {
    self.compute = compute
    storage = StoragePool()
  }
}
