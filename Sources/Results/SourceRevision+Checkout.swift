package import Foundation

extension SourceRevision {
  /// The commit of the checkout that the running program lies in, such as as `.build/release/vbench`.
  ///
  /// - Returns: nil where the program lies in no checkout of this project.
  package static func ofRunningProgram() -> SourceRevision? {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return ofCheckout(around: program.deletingLastPathComponent())
  }

  /// The commit of the checkout that a folder lies in.
  ///
  /// - Parameter folder: a folder inside a checkout whose top holds `Package.swift`.
  /// - Returns: nil where no such checkout is around it or it has no commit yet.
  package static func ofCheckout(around folder: URL) -> SourceRevision? {
    var top = folder.standardizedFileURL
    while !exists(top, ".git") {
      guard top.pathComponents.count > 1 else { return nil }
      top.deleteLastPathComponent()
    }
    guard exists(top, "Package.swift"), let commit = head(of: top) else { return nil }
    return SourceRevision(commit: commit, isDirty: isDirty(top))
  }

  /// The commit that `HEAD` names, read from git's own files.
  private static func head(of top: URL) -> String? {
    var repository = top.appending(path: ".git")
    // In a worktree `.git` is a file that names the folder.
    if let link = text(repository), link.hasPrefix("gitdir: ") {
      repository = URL(filePath: String(link.dropFirst(8)), relativeTo: top)
    }
    guard let head = text(repository.appending(path: "HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let reference = String(head.dropFirst(5))
    var folders = [repository]
    if let common = text(repository.appending(path: "commondir")) {
      folders.append(URL(filePath: common, relativeTo: repository.appending(path: "x")))
    }
    for folder in folders {
      if let commit = text(folder.appending(path: reference)) { return commit }
      let packed = text(folder.appending(path: "packed-refs")) ?? ""
      let line = packed.split(separator: "\n").first { $0.hasSuffix(" " + reference) }
      if let commit = line?.split(separator: " ").first { return String(commit) }
    }
    return nil
  }

  /// Whether tracked files differ from the commit; nil where git can't be asked.
  private static func isDirty(_ top: URL) -> Bool? {
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/git")
    git.arguments = ["-C", top.path, "status", "--porcelain", "--untracked-files=no"]
    // Asking must not write: another git may hold the index's lock.
    git.environment = ProcessInfo.processInfo.environment.merging(
      ["GIT_OPTIONAL_LOCKS": "0"]
    ) { $1 }
    let output = Pipe()
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    git.standardInput = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return nil }
    let changes = try? output.fileHandleForReading.readToEnd()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return nil }
    return !(changes ?? Data()).isEmpty
  }

  private static func exists(_ folder: URL, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  private static func text(_ file: URL) -> String? {
    (try? String(contentsOf: file, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
