import ArgumentParser
import Checkpoints
import Datasets
import Imaging
import Metrics
import Models
import Optimizers
import Pretraining
import Results
import Tokenization
import Training

extension ExitCode {
  /// Something failed or regressed; the rest was done.
  static let someFailed = ExitCode(1)
  /// The command line asks for what there is not (`EX_USAGE`, as ArgumentParser's own errors).
  static let wrongUsage = ExitCode(64)
  /// An input is damaged or not what it should be (`EX_DATAERR`).
  static let badData = ExitCode(65)
  /// An input is not there (`EX_NOINPUT`).
  static let missingInput = ExitCode(66)
  /// A mistake of the program's (`EX_SOFTWARE`).
  static let internalError = ExitCode(70)
}

/// An error whose description is one line for people, and that knows how the process ends.
protocol ReportedError: Error, CustomStringConvertible {
  /// How the process ends.
  var exitCode: ExitCode { get }
}

/// An error of the command line itself.
struct CommandError: ReportedError {
  /// What was found, what was expected and what to do, in one line.
  let description: String
  let exitCode: ExitCode

  /// States an error.
  ///
  /// - Parameters:
  ///   - description: what was found, what was expected and what to do, in one line.
  ///   - exitCode: how the process ends.
  init(_ description: String, exitCode: ExitCode = .wrongUsage) {
    self.description = description
    self.exitCode = exitCode
  }
}

extension CheckpointError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .notFound: .missingInput
    case .notWritable: .someFailed
    case .ambiguous: .wrongUsage
    default: .badData
    }
  }
}

extension ModelsError: ReportedError {
  var exitCode: ExitCode {
    if case .unknownArchitecture = reason { return .wrongUsage }
    return .badData
  }
}

extension DatasetsError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .unknownDataset, .unknownTask, .invalidRootPair, .unknownRoot: .wrongUsage
    default: isMissingInput ? .missingInput : .badData
    }
  }
}

extension ImagingError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .notFound: .missingInput
    case .notWritable, .outOfMemory: .someFailed
    default: .badData
    }
  }
}

extension TokenizationError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .notFound: .missingInput
    case .contextLength: .wrongUsage
    default: .badData
    }
  }
}

extension OptimizersError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .invalidStrength, .invalidSetting: .wrongUsage
    default: .badData
    }
  }
}

extension MetricsError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .invalidOption: .wrongUsage
    case .unexpectedCount: .internalError
    default: .badData
    }
  }
}

extension ResultsError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .notFound: .missingInput
    case .unwritable: .someFailed
    default: .badData
    }
  }
}

extension TrainingError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .invalidSetting: .wrongUsage
    case .notWritable, .busy: .someFailed
    default: .badData
    }
  }
}

extension PretrainingError: ReportedError {
  var exitCode: ExitCode {
    switch reason {
    case .interrupted: ExitCode(Interruption.shared.exitCode)
    case .notWritable, .failed: .someFailed
    default: .badData
    }
  }
}
