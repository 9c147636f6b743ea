import Parallelism
import Tensors

/// What an optimiser remembers of each parameter: how many steps it took, and arrays of its shape.
struct MomentTable {
  let parameters: [OptimizedParameter]
  /// The arrays' kinds, under PyTorch's names.
  private let kinds: [String]
  /// Per kind one array per parameter.
  private let moments: [[Tensor]]
  private var steps: [Int]

  /// One parameter's arrays, lent for one step.
  struct Entry {
    let group: ParameterGroup
    /// The step's number; 1 for the first.
    let number: Int
    let weights: MemoryView<Float>
    let gradient: MemoryView<Float>
    /// One array per kind.
    let moments: [MemoryView<Float>]
  }

  /// Makes moments of 0.
  init(_ kinds: [String], of parameters: [OptimizedParameter], on device: Device) {
    precondition(
      Set(parameters.map(\.name)).count == parameters.count,
      "two of \(parameters.count) parameters share a name"
    )
    self.parameters = parameters
    self.kinds = kinds
    steps = Array(repeating: 0, count: parameters.count)
    moments = kinds.map { _ in
      parameters.map { parameter in
        let moment = Tensor(uninitialized: parameter.value.shape, on: device)
        moment.withView { $0.fill(with: 0) }
        return moment
      }
    }
  }

  var stepCount: Int { steps.max() ?? 0 }

  var byteCount: Int { moments.joined().reduce(0) { $0 + $1.byteCount } }

  /// Counts a step of each parameter that has a gradient, and lends their arrays.
  mutating func advance(
    _ gradients: [Tensor?],
    _ body: ([Entry]) -> Void
  ) {
    precondition(
      gradients.count == parameters.count,
      "\(gradients.count) gradients of \(parameters.count) parameters"
    )
    var entries: [Entry] = []
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      let parameter = parameters[index]
      precondition(
        gradient.shape == parameter.value.shape,
        "a gradient \(gradient.shape) of \(parameter.name) \(parameter.value.shape)"
      )
      steps[index] += 1
      entries.append(
        Entry(
          group: parameter.group,
          number: steps[index],
          weights: parameter.value.withView { $0 },
          gradient: gradient.withView { $0 },
          moments: moments.map { $0[index].withView { $0 } }
        )
      )
    }
    // The views above are used only while all tensors are held.
    withExtendedLifetime((parameters, gradients, moments)) { body(entries) }
  }

  /// The moments and the steps by name.
  func state(on device: Device) -> [(name: String, tensor: Tensor)] {
    var state: [(name: String, tensor: Tensor)] = []
    for (index, parameter) in parameters.enumerated() {
      for (kind, tensors) in zip(kinds, moments) {
        state.append(("\(kind)/\(parameter.name)", tensors[index]))
      }
      state.append(
        ("step/\(parameter.name)", Tensor([Float(steps[index])], shape: [], on: device))
      )
    }
    return state
  }

  /// Copies moments and steps by name; checks all of them first.
  mutating func load(_ state: [(name: String, tensor: Tensor)]) throws {
    var reader = StateReader(state)
    let found = try kinds.map { kind in
      try parameters.map { parameter in
        try reader.take("\(kind)/\(parameter.name)", shape: parameter.value.shape)
      }
    }
    let counts = try parameters.map { try reader.takeCount("step/\($0.name)") }
    try reader.finish(kinds: kinds + ["step"])
    steps = counts
    for (own, read) in zip(moments.joined(), found.joined()) {
      withViews(own, read) { own, read in own.copy(from: read) }
    }
  }
}
