import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct Datasets {
    private let program: Program

    /// A set whose table and images are a drawn collection's.
    private static let description = """
      - name: drawn
        version: 1
        title: A drawn collection on disk
        adapter: csv
        root: drawn
        image_column: image
        splits: { all: { table: labels.csv, images: images, count: 6 } }
        tasks:
          disease:
            title: The eye's disease
            kind: multiclass
            column: disease
            classes: [normal, diabetic-retinopathy, macular-degeneration, glaucoma, myopia]
            values:
              normal: normal
              diabetic-retinopathy: diabetic-retinopathy
              macular-degeneration: macular-degeneration
              glaucoma: glaucoma
              myopia: myopia
        license: none
        source: { title: Drawn by vbench }
      """

    init() throws {
      program = try Program()
      try program.write(Data(Self.description.utf8), to: "sets.yaml")
    }

    private func draw(_ name: String, _ arguments: [String] = []) throws -> Program.Outcome {
      try program.run(
        ["datasets", "synthesize", name, "--count", "6", "--size", "48", "--seed", "3"] + arguments
      )
    }

    private func check(_ more: String...) throws -> Program.Outcome {
      try program.run(
        ["datasets", "check", "drawn", "--datasets", "sets.yaml"] + more
      )
    }

    @Test func drawnCollectionsAreTheSameForAnyThreads() throws {
      defer { program.removeFolder() }
      let one = try draw("one", ["--threads", "1"])
      #expect(one.status == 0, "\(one.error)")
      #expect(one.output.contains("one now holds 6 photographs of 48 × 48"))
      #expect(try draw("three", ["--threads", "3"]).status == 0)
      let files = try FileManager.default.subpathsOfDirectory(atPath: program.path("one")).sorted()
      #expect(
        files
          == (try FileManager.default.subpathsOfDirectory(atPath: program.path("three")).sorted())
      )
      #expect(files.count { $0.hasPrefix("images/") && $0.hasSuffix(".png") } == 6)
      for file in files where file.contains(".") {
        let pair = ["one", "three"].map {
          FileManager.default.contents(atPath: program.path("\($0)/\(file)"))
        }
        #expect(pair[0] == pair[1], "\(file)")
      }
      #expect(try draw("one").output.contains("holds already"))
      let other = try program.run("datasets", "synthesize", "one", "--count", "7", "--size", "48")
      expectFailure(other, status: 65, containing: "one", "something is there already")
    }

    @Test func checkFindsWhatIsLost() throws {
      defer { program.removeFolder() }
      #expect(try draw("set").status == 0)
      let whole = try check("--data-root", "drawn=set", "--decode")
      #expect(whole.status == 0, "\(whole.output)\(whole.error)")
      #expect(whole.output.contains("nothing is lost"))
      let images = try FileManager.default.contentsOfDirectory(atPath: program.path("set/images"))
        .sorted()
      let first = try Data(contentsOf: program.folder.appending(path: "set/images/\(images[0])"))
      try program.write(first.prefix(first.count / 2), to: "set/images/\(images[0])")
      #expect(try check("--data-root", "drawn=set").status == 0)
      let cut = try check("--data-root", "drawn=set", "--decode")
      #expect(cut.status == 1)
      #expect(cut.output.contains("unreadable image: 1 left out"))
      #expect(cut.output.contains(images[0]))
      try FileManager.default.removeItem(atPath: program.path("set/images/\(images[1])"))
      let lost = try check("--data-root", "drawn=set", "--json")
      #expect(lost.status == 1)
      let reports = try JSONSerialization.jsonObject(with: Data(lost.output.utf8))
      let report = try #require((reports as? [[String: Any]])?.first)
      #expect(report["status"] as? String == "faulty")
      #expect((report["leftOut"] as? [String: Int])?["missing image"] == 1)
      #expect((report["splits"] as? [[String: Any]])?.first?["found"] as? Int == 5)
    }

    @Test func missingAndUnknownAreToldApart() throws {
      defer { program.removeFolder() }
      let notGiven = try check()
      #expect(notGiven.status == 66)
      #expect(notGiven.error.contains("--data-root drawn=PATH"))
      #expect(notGiven.errorLines.count == 1)
      let noFolder = try check("--data-root", "drawn=nowhere")
      #expect(noFolder.status == 66)
      #expect(noFolder.error.contains("nowhere"))
      let unknownRoot = try check("--data-root", "drwan=set")
      expectFailure(unknownRoot, status: 64, containing: "drwan", "drawn")
      let malformed = try check("--data-root", "drawn")
      expectFailure(malformed, status: 64, containing: "NAME=PATH")
      let unknown = try program.run("datasets", "check", "drwan", "--datasets", "sets.yaml")
      expectFailure(unknown, status: 64, containing: "did you mean ‘drawn’")
      let all = try program.run("datasets", "check", "--datasets", "sets.yaml")
      #expect(all.status == 0)
      #expect(all.output.contains("not checked"))
      let noFile = try program.run("datasets", "list", "--datasets", "none.yaml")
      expectFailure(noFile, status: 66, containing: "none.yaml")
    }

    @Test func wrongDescriptionsAreToldWithTheirLine() throws {
      defer { program.removeFolder() }
      let wrong = Self.description.replacing("version: 1", with: "verison: 1")
      try program.write(Data(wrong.utf8), to: "sets.yaml")
      let key = try program.run("datasets", "list", "--datasets", "sets.yaml")
      expectFailure(key, status: 65, containing: "sets.yaml:2:", "verison")
      let broken = Self.description.replacing("[normal,", with: "[[normal,")
      try program.write(Data(broken.utf8), to: "sets.yaml")
      let yaml = try program.run("datasets", "describe", "drawn", "--datasets", "sets.yaml")
      expectFailure(yaml, status: 65, containing: "sets.yaml:", "is not valid YAML")
    }

    @Test func listAndDescribeTellWhatIsKnown() throws {
      defer { program.removeFolder() }
      let list = try program.run("datasets", "list", "--datasets", "sets.yaml")
      #expect(list.status == 0)
      #expect(list.output.contains("disease (multiclass, 5)"))
      #expect(list.output.contains("give --data-root drawn=PATH"))
      let page = try program.run("datasets", "describe", "drawn", "--datasets", "sets.yaml")
      #expect(page.output.hasPrefix("# drawn\n"))
      #expect(!page.output.contains("On this machine"))
      #expect(try draw("set").status == 0)
      try program.write(Data("roots: { drawn: set }".utf8), to: "roots.yaml")
      let here = try program.run(
        "datasets",
        "describe",
        "drawn",
        "--datasets",
        "sets.yaml",
        "--roots",
        "roots.yaml"
      )
      #expect(here.output.contains("On this machine"))
    }

    @Test func shippedDescriptionsAreValid() throws {
      defer { program.removeFolder() }
      let shipped = Fixtures.directory.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "datasets.yaml").path(percentEncoded: false)
      let outcome = try program.run("datasets", "list", "--datasets", shipped, "--json")
      #expect(outcome.status == 0, "\(outcome.error)")
      let rows = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let names = (rows as? [[String: Any]])?.compactMap { $0["name"] as? String }
      #expect(names?.contains("idrid-grading") == true)
      #expect(names?.contains("synthetic-fundus") == true)
    }
  }
}
