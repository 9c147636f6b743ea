import Checkpoints

/// Runs work on a file of which `--container` may have named a part that it lacks.
///
/// - Parameters:
///   - container: what the option says; nil where it was not given.
///   - body: the work.
/// - Returns: what `body` returns.
/// - Throws: `CommandError` instead of the file's own error where the option is to blame; else what
///   `body` throws.
func statingContainer<Result>(
  _ container: String?,
  _ body: () throws -> Result
) throws -> Result {
  do {
    return try body()
  } catch let error as CheckpointError {
    switch error.reason {
    case .missingObject(let name) where name == container:
      throw CommandError(
        "\(error.path): holds no set of weights called \(name); ‘vbench inspect’ names them"
      )
    case .ambiguous(let containers):
      throw CommandError(
        "\(error.path): holds several sets of weights (\(containers.joined(separator: ", "))); "
          + "name one with --container"
      )
    default: throw error
    }
  }
}
