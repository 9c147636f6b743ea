import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Reporting
import Results
import Training

/// The runs of one command: failures are told and counted, the rest goes on, and all of them make the
/// tables at the end.
final class RunCollection {
  /// Is told how far runs have come, and says that the user has asked to stop.
  let observer: ConsoleObserver
  private let run: RunOptions
  private let global: GlobalOptions
  private let published: [PublishedResult]
  private var results: [RunResult] = []
  private var failures: [(name: String, code: ExitCode)] = []

  /// No run yet; reads the figures from elsewhere that tables show beside runs.
  ///
  /// - Parameters:
  ///   - run: where runs are written.
  ///   - global: threads and output.
  /// - Throws: `DatasetsError` where `published.yaml` is wrong: before hours of work, not after.
  init(_ run: RunOptions, _ global: GlobalOptions) throws {
    published = try PublishedCatalog.load().results
    self.run = run
    self.global = global
    observer = ConsoleObserver(global)
  }

  /// Does one run and writes its own tables; nothing more is begun once the user has asked to stop.
  ///
  /// - Parameters:
  ///   - name: what is run.
  ///   - body: does it.
  /// - Returns: the result; nil where there is none.
  @discardableResult
  func attempt(_ name: String, _ body: () throws -> Evaluator.Finished) -> RunResult? {
    guard !observer.stop.isStated else { return nil }
    do {
      let finished = try body()
      try writeTables(finished)
      note(finished.result)
      return finished.result
    } catch {
      Interruption.shared.setTraining(nil)
      fail(name, error)
      return nil
    }
  }

  /// Tells and counts a failure.
  func fail(_ name: String, _ error: any Error) { failures.append((name, report(error))) }

  /// Keeps a result for the tables; a run that failed makes the command fail.
  private func note(_ result: RunResult) {
    results.append(result)
    if case .failed(let reason) = result.run.status {
      StandardError.shared.writeLine("vbench: \(result.dataset.name): \(reason)")
      failures.append((result.dataset.name, .someFailed))
    }
  }

  /// A run's own tables, beside its result.
  private func writeTables(_ finished: Evaluator.Finished) throws {
    let folder = finished.file.deletingLastPathComponent()
    for format in [ReportFormat.markdown, .csv] {
      try write(format, [finished.result], to: folder.appending(path: "table"))
    }
    let curves = trainingPlot(finished.result.training ?? [])
    if !curves.isEmpty { try OutputFile.write(curves, to: folder.appending(path: "training.svg")) }
  }

  private func write(_ format: ReportFormat, _ results: [RunResult], to file: URL) throws {
    try OutputFile.write(
      format.text(of: results, published: published) { result, picture in
        try? Data(
          contentsOf: URL(filePath: run.output, directoryHint: .isDirectory)
            .appending(path: "runs").appending(path: result.run.id).appending(path: picture.name)
        )
      },
      to: file.appendingPathExtension(format.fileExtension)
    )
  }

  /// The results of runs whose tables nobody prints: those of an ablation.
  ///
  /// - Returns: all of them, in order.
  /// - Throws: the exit code where something failed.
  func finishedResults() throws -> [RunResult] {
    if observer.stop.isStated { throw ExitCode(Interruption.shared.exitCode) }
    if let first = failures.first { throw first.code }
    return results
  }

  /// Prints and writes the tables of all runs.
  ///
  /// - Throws: the exit code where something failed.
  func finish() throws {
    if !results.isEmpty {
      let folder = URL(filePath: run.output, directoryHint: .isDirectory)
      for format in [ReportFormat.markdown, .csv, .html] {
        try write(format, results, to: folder.appending(path: "evaluation"))
      }
      if global.json {
        try printJSON(results)
      } else {
        let style = Terminal.output.style
        print(terminalReport(results, published: published, style: style), terminator: "")
        print("\nTables: \(run.output)/evaluation.md, .csv and .html")
        print("Runs:   \(run.output)/runs/")
        for result in results { print("        \(result.run.id)") }
      }
    }
    if observer.stop.isStated { throw ExitCode(Interruption.shared.exitCode) }
    guard let first = failures.first else { return }
    // One reason alone says how the process ends; beside results, that something failed.
    throw results.isEmpty && failures.allSatisfy { $0.code == first.code }
      ? first.code : .someFailed
  }
}
