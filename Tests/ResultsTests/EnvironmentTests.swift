import Foundation
import Results
import TestSupport
import Testing

@Suite struct EnvironmentTests {
  /// A root folder with the files that a machine is described by.
  private func machine(flags: String) throws -> URL {
    let root = try Fixtures.temporaryDirectory()
    let files = [
      "proc/cpuinfo": "processor : 0\nmodel name\t: A Processor 9000\nflags\t\t: \(flags)\n",
      "proc/self/status": "Name:\tvbench\nVmHWM:\t    2048 kB\n",
      "etc/os-release": "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n",
      "proc/sys/kernel/osrelease": "6.1.0\n",
    ]
    for (name, text) in files {
      let file = root.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(text.utf8).write(to: file)
    }
    return root
  }

  @Test(
    arguments: [
      ("fma sse2 avx2 avx512f avx512bw avx512dq avx512vl", "avx512"),
      ("fma avx2 avx512f", "avx2"), ("avx2", "scalar"), ("", "scalar"),
    ]
  )
  func aMachineIsDescribed(_ flags: String, _ instructionSet: String) throws {
    let root = try machine(flags: flags)
    defer { try? FileManager.default.removeItem(at: root) }
    let environment = Environment.capture(threads: 3, libraries: ["HDF5": "1.10.8"], root: root)
    #expect(environment.processor == "A Processor 9000")
    #expect(environment.instructionSet == instructionSet)
    #expect(environment.peakMemoryBytes == 2_097_152)
    #expect(environment.operatingSystem == "Debian GNU/Linux 12 (bookworm), Linux 6.1.0")
    #expect(environment.threads == 3)
    #expect(environment.libraries == ["HDF5": "1.10.8"])
    #expect(environment.swiftVersion.hasPrefix("6."))
  }

  @Test func whatIsNotThereIsUnknown() throws {
    let root = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: root) }
    let environment = Environment.capture(threads: 1, instructionSet: "scalar", root: root)
    #expect(environment.processor == "unknown")
    #expect(environment.operatingSystem == "unknown")
    #expect(environment.peakMemoryBytes == nil)
  }

  @Test func thisProcessHasUsedMemory() {
    #expect((Environment.peakMemoryBytes() ?? 0) > 1_000_000)
  }

  @Test func aCheckoutNamesItsCommit() throws {
    let top = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: top) }
    let git = top.appending(path: ".git/refs/heads")
    try FileManager.default.createDirectory(at: git, withIntermediateDirectories: true)
    try Data("ref: refs/heads/main\n".utf8).write(to: top.appending(path: ".git/HEAD"))
    try Data().write(to: top.appending(path: "Package.swift"))
    let inner = top.appending(path: ".build/release")
    #expect(SourceRevision.ofCheckout(around: inner) == nil)

    let packed = "# pack-refs\n1234abcd refs/heads/main\n"
    try Data(packed.utf8).write(to: top.appending(path: ".git/packed-refs"))
    #expect(SourceRevision.ofCheckout(around: inner)?.commit == "1234abcd")
    // A loose reference is newer than a packed one.
    try Data("5678ef00\n".utf8).write(to: git.appending(path: "main"))
    #expect(SourceRevision.ofCheckout(around: inner)?.commit == "5678ef00")
    // A detached head names the commit itself.
    try Data("9abc0000\n".utf8).write(to: top.appending(path: ".git/HEAD"))
    #expect(SourceRevision.ofCheckout(around: inner)?.commit == "9abc0000")
  }

  @Test func anotherProjectsCheckoutIsNotOurs() throws {
    let top = try Fixtures.temporaryDirectory()
    defer { try? FileManager.default.removeItem(at: top) }
    let git = top.appending(path: ".git")
    try FileManager.default.createDirectory(at: git, withIntermediateDirectories: true)
    try Data("9abc0000\n".utf8).write(to: git.appending(path: "HEAD"))
    #expect(SourceRevision.ofCheckout(around: top) == nil)
  }
}
