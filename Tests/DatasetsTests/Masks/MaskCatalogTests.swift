import Datasets
import Foundation
import Testing

/// A small valid catalog with each form of masks; tests change single lines of it.
let smallMaskCatalog = """
  - name: fundus
    version: 1
    title: A set
    adapter: folders
    root: fundus
    splits:
      train: { images: train, pattern: "^([0-9]+)", masks: truth, count: 2 }
      test: { images: test, pattern: "^([0-9]+)", list: test.txt }
    tasks:
      vessels:
        title: Vessels
        kind: masks
        mode: binary
        classes: [vessels]
        masks: "{key}.png"
        values: { 0: background, 255: vessels }
        ignore: 127
        field_of_view: fields/{stem}.png
      disc:
        title: Disc and cup
        kind: masks
        mode: labels
        classes: [disc, cup]
        nested: true
        masks: "maps/{path}.bmp"
        values: { 0: cup, 128: disc, 255: background }
        field_of_view: none
      lesions:
        title: Lesions
        kind: masks
        mode: multilabel
        classes: [red, white]
        masks: { red: "red/{stem}.tif", white: "white/{stem}.tif" }
        missing: absent
        field_of_view: computed
      boxed:
        title: Discs in boxes
        kind: masks
        mode: binary
        classes: [disc]
        boxes: { table: boxes.csv, classes: { disc: od } }
        field_of_view: computed
    license: CC0-1.0
    source: { title: Nobody }
  """

@Suite("datasets.yaml: tasks of masks")
struct MaskCatalogTests {
  @Test("A valid catalog reads as written")
  func valid() throws {
    let catalog = try DatasetCatalog(text: smallMaskCatalog, file: URL(filePath: "/sets.yaml"))
    let dataset = try catalog["fundus"]
    #expect(dataset.tasks.isEmpty && dataset.hasMaskFiles)
    #expect(dataset.maskTasks.map(\.name) == ["vessels", "disc", "lesions", "boxed"])
    #expect(dataset.splits.map(\.masks) == ["truth", ""])
    #expect(dataset.splits.map(\.list) == [nil, "test.txt"])
    let vessels = try dataset.maskTask("vessels")
    #expect(vessels.mode == .binary && vessels.classes == ["vessels"] && !vessels.isNested)
    #expect(vessels.values == MaskValues(labels: [0: 0, 255: 1], ignored: 127))
    guard case .file(let template) = vessels.places, case .file(let field) = vessels.field else {
      Issue.record("\(vessels)")
      return
    }
    #expect(template.text == "{key}.png" && field.text == "fields/{stem}.png")
    let disc = try dataset.maskTask("disc")
    #expect(disc.values.labels == [0: 2, 128: 1, 255: 0] && disc.isNested && disc.field == .none)
    let lesions = try dataset.maskTask("lesions")
    #expect(lesions.missing == .absent && lesions.values == MaskValues())
    #expect(lesions.field == .computed && lesions.approximation == nil)
    let boxed = try dataset.maskTask("boxed")
    #expect(boxed.places == .boxes(table: "boxes.csv", names: ["od"]))
    #expect(boxed.approximation?.contains("ellipses inscribed in the boxes of boxes.csv") == true)
    let unknown = #expect(throws: DatasetsError.self) { try dataset.maskTask("lesion") }
    #expect(unknown?.description.contains("did you mean ‘lesions’?") == true)
  }

  @Test("What the schema doesn't know is an error with its line", arguments: CatalogFault.masks)
  func fault(_ fault: CatalogFault) throws {
    #expect(smallMaskCatalog.contains(fault.original))
    let text =
      smallMaskCatalog
      .replacing(fault.original, with: fault.replacement, maxReplacements: 1)
    let error = #expect(throws: DatasetsError.self) {
      try DatasetCatalog(text: text, file: URL(filePath: "/sets.yaml"))
    }
    let description = error?.description ?? ""
    #expect(description.hasPrefix("/sets.yaml:\(fault.line):"), "\(description)")
    #expect(description.contains(fault.message), "\(description)")
  }

  @Test("Folders of masks have no place in a set of labels")
  func labelsOnly() throws {
    for (key, message) in [
      ("masks: truth", "in a set with a task of kind masks and mask files"),
      ("pattern: '^(a)'", "with the adapter folders only"),
      ("list: a.txt", "with the adapter folders only"),
    ] {
      let text = smallCatalog.replacing("count: 4", with: key)
      let error = #expect(throws: DatasetsError.self) {
        try DatasetCatalog(text: text, file: URL(filePath: "/sets.yaml"))
      }
      #expect(error?.line == 8 && error?.description.contains(message) == true, "\(key)")
    }
  }
}

extension CatalogFault {
  /// Faults of `smallMaskCatalog`.
  static let masks: [CatalogFault] = kinds + places + meanings + rules

  private static func fault(
    _ original: String,
    _ replacement: String,
    _ line: Int,
    _ message: String
  ) -> CatalogFault {
    CatalogFault(original: original, replacement: replacement, line: line, message: message)
  }

  private static let kinds = [
    fault("kind: masks", "kind: mask", 12, "(did you mean ‘masks’?)"),
    fault("      kind: masks\n", "", 11, "lacks the key ‘kind’"),
    fault("mode: binary", "mode: binery", 13, "(did you mean ‘binary’?)"),
    fault("      mode: binary\n", "", 11, "lacks the key ‘mode’"),
    fault("mode: binary", "column: grade", 13, "unknown key ‘column’ in ‘fundus’ task ‘vessels’"),
    fault("title: Vessels\n", "titel: Vessels\n", 11, "(did you mean ‘title’?)"),
    fault("classes: [vessels]", "classes: [vessels, veins]", 14, "1 class; the background"),
    fault("classes: [vessels]", "classes: [background]", 14, "the background isn't named"),
    fault("classes: [disc, cup]", "classes: [disc]", 23, "2 classes or more"),
    fault("classes: [red, white]", "classes: [red, red]", 32, "each text once"),
  ]

  private static let places = [
    fault("\"{key}.png\"", "mask.png", 15, "at least one of {stem}, {key}, {path}"),
    fault("\"{key}.png\"", "\"../{key}.png\"", 15, "without ‘..’"),
    fault("\"{key}.png\"", "\"{key}{name}.png\"", 15, "no other braces"),
    fault("      masks: \"{key}.png\"\n", "", 11, "lacks the key ‘masks’"),
    fault(
      "test, pattern: \"^([0-9]+)\",",
      "test,",
      15,
      "{key} where each split has a ‘pattern’; ‘test’ has none"
    ),
    fault("train, pattern: \"^([0-9]+)\"", "train, pattern: \"^([0-9]+\"", 7, "a capture group"),
    fault("train, pattern: \"^([0-9]+)\"", "train, patern: \"^([0-9]+)\"", 7, "‘pattern’?"),
    fault("masks: truth", "masks: /truth", 7, "a path below the root"),
    fault("list: test.txt", "list: ../test.txt", 8, "a path below the root"),
    fault(", white: \"white/{stem}.tif\"", "", 33, "lacks the key ‘white’"),
    fault("{ red: \"red", "{ rod: \"red", 33, "(did you mean ‘red’?)"),
    fault(
      "masks: { red: \"red/{stem}.tif\", white: \"white/{stem}.tif\" }",
      "masks: a",
      33,
      "‘masks’"
    ),
    fault("boxes: {", "masks: \"{stem}.png\"\n      boxes: {", 41, "‘masks’ or ‘boxes’, not both"),
    fault("table: boxes.csv", "table: /boxes.csv", 41, "a path below the root"),
    fault("table: boxes.csv, ", "", 41, "lacks the key ‘table’"),
    fault("{ disc: od }", "{ disk: od }", 41, "(did you mean ‘disc’?)"),
  ]

  private static let meanings = [
    fault("255: vessels }", "255: veins }", 16, "background, vessels"),
    fault("0: background, 255: vessels", "255: vessels", 16, "lacks the key ‘background’"),
    fault("0: background, 255: vessels", "0: background", 16, "lacks the key ‘vessels’"),
    fault("255: vessels }", "256: vessels }", 16, "0…255"),
    fault("ignore: 127", "ignore: 255", 16, "a meaning or ‘ignore’, not both"),
    fault("ignore: 127", "ignore: dark", 17, "a whole number"),
    fault(
      "0: cup, 128: disc, 255: background",
      "0: cup, 255: background",
      26,
      "lacks the key ‘disc’"
    ),
    fault("values: { 0: cup, 128: disc, 255: background }", "values: nonzero", 26, "disc, cup"),
    fault("      values: { 0: cup, 128: disc, 255: background }\n", "", 20, "grey levels"),
    fault("boxes: {", "ignore: 3\n      boxes: {", 41, "with mask files only"),
  ]

  private static let rules = [
    fault("mode: binary", "mode: binary\n      nested: true", 14, "with the mode labels only"),
    fault("nested: true", "nested: yes", 24, "expected true or false"),
    fault("missing: absent", "missing: none", 34, "error, absent"),
    fault("ignore: 127", "missing: absent", 17, "with one mask file per class only"),
    fault("field_of_view: fields/{stem}.png", "field_of_view: fields", 18, "at least one of"),
    fault("field_of_view: none", "field_of_view: drawn", 27, "at least one of"),
    fault("      field_of_view: none\n", "", 20, "lacks the key ‘field_of_view’"),
    fault("adapter: folders", "adapter: csv", 7, "with the adapter folders only"),
  ]
}
