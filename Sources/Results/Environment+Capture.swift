package import Foundation

extension Environment {
  /// The program's version, raised with each release.
  package static let programVersion = "0.1.0"

  /// Describes this process and this machine; no program but git is run.
  ///
  /// - Parameters:
  ///   - threads: how many threads work.
  ///   - instructionSet: what kernels were chosen for; nil takes the best of the processor.
  ///   - kernelVariants: the variant chosen per kernel.
  ///   - libraries: the version per library.
  ///   - root: the file system's root; tests put their own files there.
  /// - Returns: the environment; what can't be found out is "unknown" or absent.
  package static func capture(
    threads: Int,
    instructionSet: String? = nil,
    kernelVariants: [String: String] = [:],
    libraries: [String: String] = [:],
    root: URL = URL(filePath: "/")
  ) -> Environment {
    let processor = fields(of: root.appending(path: "proc/cpuinfo"), separator: ":")
    return Environment(
      version: programVersion,
      revision: SourceRevision.ofRunningProgram(),
      swiftVersion: compilerVersion,
      processor: processor["model name"] ?? "unknown",
      instructionSet: instructionSet
        ?? bestInstructionSet(flags: processor["flags"] ?? ""),
      kernelVariants: kernelVariants,
      libraries: libraries,
      threads: threads,
      processorCount: ProcessInfo.processInfo.processorCount,
      peakMemoryBytes: peakMemoryBytes(root: root),
      operatingSystem: operatingSystem(root: root)
    )
  }

  /// The most memory that this process has had resident so far (`VmHWM`), in bytes.
  ///
  /// - Parameter root: the file system's root; tests put their own files there.
  /// - Returns: nil where the kernel does not say.
  package static func peakMemoryBytes(root: URL = URL(filePath: "/")) -> Int? {
    let status = fields(of: root.appending(path: "proc/self/status"), separator: ":")
    guard let digits = status["VmHWM"]?.split(separator: " ").first, let kibibytes = Int(digits)
    else { return nil }
    return kibibytes * 1024
  }

  /// The best instruction set that has kernels and that the processor's flags allow.
  static func bestInstructionSet(flags: String) -> String {
    let flags = Set(flags.split(separator: " "))
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx2", "fma"]) {
      return "avx512"
    }
    return flags.isSuperset(of: ["avx2", "fma"]) ? "avx2" : "scalar"
  }

  /// The distribution's name and the kernel's release.
  private static func operatingSystem(root: URL) -> String {
    let release = fields(of: root.appending(path: "etc/os-release"), separator: "=")
    let name = release["PRETTY_NAME"]?.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    let kernel = text(of: root.appending(path: "proc/sys/kernel/osrelease"))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let kernel, !kernel.isEmpty else { return name ?? "unknown" }
    return "\(name ?? "unknown"), Linux \(kernel)"
  }

  /// The first value of each key in a file of lines `key <separator> value`.
  private static func fields(of file: URL, separator: Character) -> [String: String] {
    let lines = (text(of: file) ?? "").split(separator: "\n")
    return lines.reduce(into: [:]) { fields, line in
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2 else { return }
      let key = parts[0].trimmingCharacters(in: .whitespaces)
      if fields[key] == nil { fields[key] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
  }

  /// A file's text; read as a stream, since files of `/proc` state no size.
  private static func text(of file: URL) -> String? {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.readToEnd() else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}

#if compiler(>=6.4)
private let compilerVersion = "6.4 or newer"
#elseif compiler(>=6.3.3)
private let compilerVersion = "6.3.3 or newer"
#elseif compiler(>=6.3.2)
private let compilerVersion = "6.3.2"
#elseif compiler(>=6.3.1)
private let compilerVersion = "6.3.1"
#else
private let compilerVersion = "before 6.3.1"
#endif
