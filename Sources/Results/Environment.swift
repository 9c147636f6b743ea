/// The program, the machine and the libraries that a result was made with.
package struct Environment: Codable, Equatable, Sendable {
  /// The program's version.
  package var version: String
  /// The commit that the program was built from, where it runs from a checkout.
  package var revision: SourceRevision?
  /// The compiler's version.
  package var swiftVersion: String
  /// The processor's name.
  package var processor: String
  /// The instruction set that kernels were chosen for: `scalar`, `avx2` or `avx512`.
  package var instructionSet: String
  /// The variant chosen per kernel, such as `layer_norm_f32: avx512`.
  package var kernelVariants: [String: String]
  /// The version per library, such as `OpenBLAS: 0.3.21`.
  package var libraries: [String: String]
  /// How many threads worked.
  package var threads: Int
  /// How many logical processors the machine has.
  package var processorCount: Int
  /// The most memory that the process had resident, in bytes; absent where unknown.
  package var peakMemoryBytes: Int?
  /// The operating system and its kernel.
  package var operatingSystem: String

  /// Puts an environment together.
  package init(
    version: String,
    revision: SourceRevision?,
    swiftVersion: String,
    processor: String,
    instructionSet: String,
    kernelVariants: [String: String] = [:],
    libraries: [String: String] = [:],
    threads: Int,
    processorCount: Int,
    peakMemoryBytes: Int?,
    operatingSystem: String
  ) {
    self.version = version
    self.revision = revision
    self.swiftVersion = swiftVersion
    self.processor = processor
    self.instructionSet = instructionSet
    self.kernelVariants = kernelVariants
    self.libraries = libraries
    self.threads = threads
    self.processorCount = processorCount
    self.peakMemoryBytes = peakMemoryBytes
    self.operatingSystem = operatingSystem
  }
}

/// A commit, and whether files differed from it.
package struct SourceRevision: Codable, Equatable, Sendable {
  /// The commit's name in hexadecimal digits.
  package var commit: String
  /// Whether tracked files differed from the commit; absent where git was not there to ask.
  package var isDirty: Bool?

  /// Records a commit.
  package init(commit: String, isDirty: Bool?) {
    self.commit = commit
    self.isDirty = isDirty
  }
}
