import ArgumentParser
import Models

/// `vbench inspect`: says what a file of weights holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a file of weights holds, and which model it is.",
    discussion: """
      Reads checkpoints of vbench, other HDF5 files, PyTorch files (zip and legacy) and \
      safetensors; the content decides which one it is, not the name. Nothing in a file is ever \
      run. The checksums of a checkpoint's tensors are compared.

      Examples:
        vbench inspect dinov2.h5
        vbench inspect vilref.pt --all
        vbench inspect model.safetensors --json | jq .model.architecture
      """
  )

  @Argument(help: "The file: .h5, .pt, .pth or .safetensors.", completion: .file())
  var file: String

  @Flag(help: "List all tensors and not the first twenty.")
  var all = false

  @Option(
    help: ArgumentHelp(
      "Which dictionary of a PyTorch file holds the weights, where it has several.",
      valueName: "name"
    )
  )
  var container: String?

  @OptionGroup(title: "Output")
  var reporting: OutputOptions

  /// How many tensors are listed without `--all`.
  private static let usualCount = 20

  func run() throws {
    try runReporting {
      let inspection = try statingContainer(container) {
        try FileInspection(file, container: container)
      }
      if reporting.json { return try printJSON(inspection) }
      print(file.printable)
      for line in aligned(facts(inspection), indent: "  ") { print(line) }
      print("Model")
      for line in aligned(model(inspection.model), indent: "  ") { print(line) }
      print("Tensors")
      let count = all ? inspection.tensors.count : Self.usualCount
      let rows = inspection.tensors.prefix(count).map { tensor in
        [tensor.name.printable, "\(tensor.shape)", tensor.type]
      }
      for line in aligned(rows, indent: "  ") { print(line) }
      let rest = inspection.tensors.count - rows.count
      if rest > 0 { print("  … and \(rest.grouped) more; --all lists them") }
    }
  }

  private func facts(_ inspection: FileInspection) -> [[String]] {
    var rows = [
      ["format", inspection.format],
      ["size", inspection.bytes.of("byte")],
      ["SHA-256", inspection.sha256],
      [
        "holds",
        "\(inspection.tensors.count.of("tensor")), \(inspection.parameters.of("number"))",
      ],
    ]
    if !inspection.container.isEmpty { rows.append(["container", inspection.container.printable]) }
    if !inspection.prefix.isEmpty {
      rows.append(["prefix", "\(inspection.prefix.printable), taken off all names"])
    }
    if !inspection.alternatives.isEmpty {
      rows.append(["others", "\(shortened(inspection.alternatives)); choose with --container"])
    }
    // The architecture is told below.
    let metadata = inspection.metadata.filter { $0.key != "architecture" && !$0.value.isEmpty }
    rows += metadata.sorted { $0.key < $1.key }.map { [$0.key.printable, $0.value.printable] }
    return rows
  }

  private func model(_ model: ModelInspection) -> [[String]] {
    guard let architecture = model.architecture else {
      return [["unknown", (model.failure ?? "").printable]]
    }
    let origin = model.isRecognized ? "recognised by names and shapes" : "as the file states"
    var rows = [["name", "\(architecture.name.printable), \(origin)"]]
    rows += architecture.summary.map { ["sizes", $0] }
    rows += model.assumptions.map { ["assumed", $0] }
    if let renaming = model.renaming { rows.append(["renamed", renaming]) }
    let misshaped = model.misshaped.map { "\($0.name) is \($0.found), expected \($0.expected)" }
    let lists = [
      ("missing", model.missing), ("mis-shaped", misshaped), ("not needed", model.unexpected),
    ]
    rows += lists.filter { !$0.1.isEmpty }.map { title, names in
      [title, "\(names.count.of("tensor")): \(shortened(names, limit: all ? names.count : 6))"]
    }
    if model.missing.isEmpty, misshaped.isEmpty {
      rows.append(["complete", "each parameter has its tensor"])
    }
    return rows
  }
}
