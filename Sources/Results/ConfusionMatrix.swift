/// Which classes were taken for which.
package struct ConfusionMatrix: Equatable, Sendable {
  /// The classes, in label order.
  package let classes: [String]
  /// `counts[i][j]`: how many samples of class i were predicted as class j.
  package let counts: [[Int]]

  /// Records a confusion matrix.
  ///
  /// - Parameters:
  ///   - classes: the K classes.
  ///   - counts: K rows (true classes) of K counts (predicted classes).
  package init(classes: [String], counts: [[Int]]) {
    precondition(
      Self.isSquare(counts, classes.count),
      "a confusion matrix of \(classes.count) classes has as many rows and columns"
    )
    self.classes = classes
    self.counts = counts
  }

  private static func isSquare(_ counts: [[Int]], _ size: Int) -> Bool {
    counts.count == size && counts.allSatisfy { $0.count == size }
  }
}

extension ConfusionMatrix: Codable {
  private enum CodingKeys: String, CodingKey {
    case classes, counts
  }

  /// Reads a confusion matrix.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` where the counts are negative, not square or don't fit the classes.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    classes = try container.decode([String].self, forKey: .classes)
    counts = try container.decode([[Int]].self, forKey: .counts)
    guard counts.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts,
        in: container,
        debugDescription: "a count is negative"
      )
    }
    guard Self.isSquare(counts, classes.count) else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts,
        in: container,
        debugDescription: "\(classes.count) classes need \(classes.count) rows of as many counts"
      )
    }
  }
}

/// A curve to draw.
package struct Curve: Equatable, Sendable {
  /// What a curve shows.
  package enum Kind: String, Codable, Sendable {
    /// True positive rate over false positive rate.
    case receiverOperating = "roc"
    /// Precision over recall.
    case precisionRecall = "pr"
  }

  /// What the curve shows.
  package let kind: Kind
  /// The class or average that it belongs to.
  package let name: String
  /// The horizontal coordinates, in 0...1, ascending.
  package let x: [Double]
  /// The vertical coordinates, in 0...1, as many.
  package let y: [Double]

  /// Records a curve.
  ///
  /// - Parameters:
  ///   - kind: what it shows.
  ///   - name: the class or average that it belongs to.
  ///   - x: the N horizontal coordinates, in 0...1, ascending.
  ///   - y: the N vertical coordinates, in 0...1.
  package init(kind: Kind, name: String, x: [Double], y: [Double]) {
    precondition(x.count == y.count, "a curve of \(x.count) abscissas and \(y.count) ordinates")
    self.kind = kind
    self.name = name
    self.x = x
    self.y = y
  }
}

extension Curve: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, name, x, y
  }

  /// Reads a curve.
  ///
  /// - Parameter decoder: where to read from.
  /// - Throws: `DecodingError` where a point lacks a coordinate.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(Kind.self, forKey: .kind)
    name = try container.decode(String.self, forKey: .name)
    x = try container.decode([Double].self, forKey: .x)
    y = try container.decode([Double].self, forKey: .y)
    guard x.count == y.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .y,
        in: container,
        debugDescription: "\(x.count) abscissas need as many ordinates, found \(y.count)"
      )
    }
  }
}
