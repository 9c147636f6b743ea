import Layers
import Parallelism
import Tensors

/// The parameters and statistics that a training changes.
final class TrainedWeights {
  /// The trained parameters, in the job's order.
  let parameters: [Parameter]
  /// The running means and variances.
  let statistics: [Parameter]

  /// All values at one time, parameters before statistics.
  struct Snapshot {
    fileprivate let values: [[Float]]
  }

  /// Takes a job's parameters, and gives each memory of its own.
  ///
  /// Steps write values in place; what else holds the values as they were loaded, such as another
  /// run's model, doesn't see it.
  ///
  /// - Parameters:
  ///   - job: what is trained.
  ///   - device: where the memory comes from.
  init(of job: any TrainingJob, on device: Device) {
    parameters = job.trained
    statistics = job.statistics
    let names = (parameters + statistics).map(\.name)
    precondition(Set(names).count == names.count, "two of \(names) share a name")
    for parameter in parameters + statistics {
      parameter.load(parameter.value.copied(on: device))
    }
  }

  /// Names and shapes, as a saved state lists them.
  var shapes: [String] { (parameters + statistics).map { "\($0.name) \($0.shape)" } }

  /// Names the first trained parameter with a value that isn't finite; nil for none.
  ///
  /// - Parameter device: where to run.
  /// - Returns: such as "the values of fc.weight, [3, 5]: NaN at element 7".
  func firstNonFinite(on device: Device) -> String? {
    for parameter in parameters {
      if let index = parameter.value.firstNonFinite(on: device) {
        return describe("the values of", parameter, parameter.value, index)
      }
    }
    return nil
  }

  /// Copies all values.
  func snapshot() -> Snapshot {
    Snapshot(values: (parameters + statistics).map(\.value.elements))
  }

  /// Puts values back.
  func restore(_ snapshot: Snapshot) {
    for (parameter, values) in zip(parameters + statistics, snapshot.values) {
      parameter.value.withView { $0.copy(from: values) }
    }
  }

  /// Writes values.
  ///
  /// - Parameters:
  ///   - snapshot: which; nil for those of now.
  ///   - writer: the file.
  /// - Throws: `CheckpointError`: `notWritable`.
  func write(_ snapshot: Snapshot? = nil, to writer: StateFileWriter) throws {
    for (index, parameter) in (parameters + statistics).enumerated() {
      try writer.write(
        name(at: index),
        shape: parameter.shape,
        values: snapshot?.values[index] ?? parameter.value.elements
      )
    }
  }

  /// Reads values.
  ///
  /// - Parameter reader: the file.
  /// - Returns: the values; nothing is changed yet.
  /// - Throws: ``TrainingError``: `damagedState`, `differentState`.
  func read(from reader: StateFileReader) throws -> Snapshot {
    let values = try (parameters + statistics).enumerated().map { index, parameter in
      let (values, shape) = try reader.values(name(at: index))
      guard shape == parameter.shape else {
        let difference = "\(parameter.name): \(shape) there, \(parameter.shape) here"
        throw TrainingError(.differentState(differences: [difference]), path: reader.path)
      }
      return values
    }
    return Snapshot(values: values)
  }

  private func name(at index: Int) -> String {
    index < parameters.count
      ? "parameters/\(parameters[index].name)"
      : "statistics/\(statistics[index - parameters.count].name)"
  }
}

/// Says where a number that isn't finite is.
///
/// - Parameters:
///   - what: what the numbers are, such as "the gradient of".
///   - parameter: whose.
///   - tensor: the numbers.
///   - index: which of them.
/// - Returns: such as "the gradient of fc.weight, [3, 5]: NaN at element 7".
func describe(_ what: String, _ parameter: Parameter, _ tensor: Tensor, _ index: Int) -> String {
  let found = tensor.withView { $0[index].isNaN } ? "NaN" : "infinity"
  return "\(what) \(parameter.name), \(tensor.shape): \(found) at element \(index)"
}
