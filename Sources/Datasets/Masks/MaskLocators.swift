import Foundation

/// Finds the masks of photographs for all tasks of masks of a set.
struct MaskLocators {
  private var locators: [MaskLocator]

  /// Prepares to find the masks of a set.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - root: its folder; nil where the program draws it.
  /// - Throws: `DatasetsError` where a folder of masks or a table of boxes is missing or malformed.
  init(_ dataset: Dataset, root: URL?) throws {
    locators = try dataset.maskTasks.map { try MaskLocator($0, of: dataset, root: root) }
  }

  /// Finds one photograph's masks.
  ///
  /// - Parameters:
  ///   - raw: the photograph.
  ///   - exclusions: gets an entry for each task that it has no masks for.
  /// - Returns: by task; a task is absent where the photograph has no masks for it.
  mutating func find(
    _ raw: RawSample,
    _ exclusions: inout [SampleExclusion]
  ) -> [String: SampleMasks] {
    var masks: [String: SampleMasks] = [:]
    for index in locators.indices {
      let name = locators[index].task.name
      switch locators[index].find(raw) {
      case .success(let found): masks[name] = found
      case .failure(let fault):
        exclusions.append(
          SampleExclusion(raw, task: name, kind: .missingMask, detail: fault.detail)
        )
      }
    }
    return masks
  }

  /// What a reader of a score must know once all photographs have been asked for.
  ///
  /// Where a missing file means that a class is absent, a misspelt name would do so in silence.
  var warnings: [String] {
    locators.filter { $0.task.missing == .absent }.compactMap { locator in
      let strays = locator.strays
      guard let first = strays.first else { return nil }
      return
        "‘\(locator.task.name)’: \(strays.count) file(s) among the masks belong to no photograph, "
        + "e.g. \(first): a class may be taken to be absent; correct the names"
    }
  }
}
