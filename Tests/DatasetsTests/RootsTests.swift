import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Data roots")
struct RootsTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    folder = try TemporaryFolder()
    dataset = try IDRiDTwin.dataset()
  }

  private func roots(
    _ pairs: [String],
    _ file: String = "roots: { other: /elsewhere }"
  ) throws
    -> DataRoots
  {
    let url = try folder.write(file, "roots.yaml")
    return try DataRoots(pairs: pairs, file: url, known: ["idrid", "rfmid"])
  }

  @Test("The command line wins over the file; relative folders start from the file's")
  func order() throws {
    let path = folder.url.path(percentEncoded: false)
    let given = try roots(["idrid=\(path)"], "roots: { idrid: /nowhere, rfmid: sets/rfmid }")
    #expect(try given.resolve(dataset)?.path(percentEncoded: false) == path)
    #expect(
      given.folder(of: "rfmid")?.path(percentEncoded: false)
        == folder.url.appending(path: "sets/rfmid").path(percentEncoded: false)
    )
    #expect(given.folder(of: "aptos") == nil)
  }

  @Test("A drawn set needs no root")
  func drawn() throws {
    let synthetic = try DatasetCatalog(file: shippedCatalog)["synthetic-fundus"]
    #expect(try roots([]).resolve(synthetic) == nil)
  }

  @Test(
    "Malformed pairs are refused",
    arguments: [
      ("idrid", "there is no ‘=’"), ("=/data", "the name is empty"),
      ("idrid=", "the path is empty"),
      ("idird=/data", "(did you mean ‘idrid’?)"),
    ]
  )
  func pairs(_ pair: String, _ message: String) throws {
    let error = #expect(throws: DatasetsError.self) { try roots([pair]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("A root that is given twice, unknown or no folder says who gave it")
  func messages() throws {
    #expect(throws: DatasetsError.self) { try roots(["idrid=/a", "idrid=/b"]) }
    let absent = #expect(throws: DatasetsError.self) { try roots([]).resolve(dataset) }
    #expect(absent?.isMissingInput == true)
    #expect(absent?.description.contains("--data-root idrid=PATH") == true)
    #expect(absent?.description.contains("(other)") == true, "\(absent?.description ?? "")")
    let wrong = #expect(throws: DatasetsError.self) {
      try roots(["idrid=/nowhere/at/all"]).resolve(dataset)
    }
    #expect(wrong?.path == "/nowhere/at/all" && wrong?.isMissingInput == true)
    let fromFile = #expect(throws: DatasetsError.self) {
      try roots([], "roots:\n  idrid: /nowhere").resolve(dataset)
    }
    #expect(fromFile?.description.contains("roots.yaml:2") == true)
  }

  @Test("A roots file is strict")
  func file() throws {
    for text in ["root: { a: /b }", "roots: [a]", "roots: { a: [b] }", "roots: { a: }", "- a"] {
      #expect(throws: DatasetsError.self, "\(text)") { try roots([], text) }
    }
    #expect(throws: DatasetsError.self) {
      try DataRoots(pairs: [], file: folder.url.appending(path: "absent.yaml"), known: [])
    }
  }
}
