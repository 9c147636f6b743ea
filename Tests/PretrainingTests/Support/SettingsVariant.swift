import Pretraining
import Testing

/// A change of settings, and what is said of it.
struct SettingsVariant: Sendable, CustomTestStringConvertible {
  let name: String
  let change: @Sendable (inout PretrainingSettings) -> Void

  init(_ name: String, _ change: @escaping @Sendable (inout PretrainingSettings) -> Void) {
    (self.name, self.change) = (name, change)
  }

  var testDescription: String { name }
}
