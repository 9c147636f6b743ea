import Kernels
import Parallelism
import Tensors

extension Tape {
  /// a + b, element by element; nothing is kept, and both gradients share dy's memory.
  ///
  /// - Parameters:
  ///   - a: of any shape.
  ///   - b: as a.
  /// - Returns: as a.
  package func add(_ a: Variable, _ b: Variable) -> Variable {
    let (da, db) = (a.gradient, b.gradient)
    return record("add", a.value.adding(b.value, on: device), [da, db]) { [device] dy in
      da?.add(dy, on: device)
      db?.add(dy, on: device)
    }
  }

  /// factor·x, element by element; nothing is kept.
  ///
  /// - Parameters:
  ///   - x: of any shape.
  ///   - factor: a constant.
  /// - Returns: as x.
  package func scaled(_ x: Variable, by factor: Float) -> Variable {
    let dx = x.gradient
    return record("scaled", x.value.scaled(by: factor, on: device), [dx]) { [device] dy in
      dx?.replace(&dy, on: device) { dy, sum, adds in
        device.compute.scaled(dy, by: factor, adds: adds, into: sum)
      }
    }
  }

  /// Each column times a factor of its own.
  ///
  /// Layer scale (Touvron, Cord, Sablayrolles, Synnaeve, Jégou 2021, eq. 4).
  /// Kept for the backward pass: x where the factors are trained, 4 bytes per element.
  ///
  /// - Parameters:
  ///   - x: [..., C].
  ///   - columns: C factors, at least 1.
  /// - Returns: as x.
  package func multiplied(_ x: Variable, columns: Variable) -> Variable {
    precondition(
      x.value.columns == columns.value.count,
      "the columns of \(x.shape) times factors \(columns.shape)"
    )
    let factors = columns.value
    let y = Tensor(uninitialized: x.shape, on: device)
    withViews(x.value, factors, y) { device.compute.multiply($0, row: $1, into: $2) }
    let (dx, dColumns) = (x.gradient, columns.gradient)
    let input = dColumns == nil ? nil : x.value
    return record("multiplied", y, [dx, dColumns]) { [device] dy in
      dColumns?.accumulate(on: device) { sum, adds in
        input?.withView { input in
          dy.withView { device.compute.sumProducts($0, input, adds: adds, into: sum) }
        }
      }
      dx?.replace(&dy, on: device) { dy, sum, adds in
        factors.withView { device.compute.multiply(dy, row: $0, adds: adds, into: sum) }
      }
    }
  }

  /// Σ x over all elements, in double; nothing is kept.
  ///
  /// - Parameter x: of any shape.
  /// - Returns: a single number, of shape [].
  package func sum(_ x: Variable) -> Variable { weighted(x, by: 1, "sum") }

  /// The mean of all elements, in double; nothing is kept.
  ///
  /// - Parameter x: of any shape, with at least one element.
  /// - Returns: a single number, of shape [].
  package func mean(_ x: Variable) -> Variable {
    precondition(x.value.count > 0, "the mean of \(x.shape)")
    return weighted(x, by: 1 / Double(x.value.count), "mean")
  }

  private func weighted(_ x: Variable, by weight: Double, _ name: String) -> Variable {
    let (dx, shape) = (x.gradient, x.shape)
    let total = Float(x.value.sum(on: device) * weight)
    return record(name, Tensor([total], shape: [], on: device), [dx]) { [device] dy in
      let each = Tensor(uninitialized: shape, on: device)
      let slope = Float(Double(dy.elements[0]) * weight)
      each.withView { device.compute.fill($0, with: slope) }
      dx?.add(each, on: device)
    }
  }
}
