import Datasets
import Foundation
import Imaging
import Parallelism
import Testing

@Suite("DRIVE")
struct DRIVETests {
  @Test("Photographs, vessels and fields of view are read pixel by pixel")
  func pixels() throws {
    let twin = try DRIVETwin()
    let contents = try twin.open()
    #expect(
      contents.samples.map(\.id)
        == ["train/21_training", "train/22_training", "train/23_training"]
        + ["test/01_test", "test/02_test"]
    )
    #expect(contents.exclusions.isEmpty)
    for (sample, number) in zip(contents.samples, [21, 22, 23, 1, 2]) {
      let example = try contents.reader.read(sample)
      let picture = TwinMask.photograph(number, DRIVETwin.width, DRIVETwin.height)
      #expect(example.image.pixels == picture.values.flatMap { [$0, $0, $0] })
      #expect(example.target.layout == .labels(DRIVETwin.vessels(number).plane()))
      #expect(example.target.region(ofClass: 0) == DRIVETwin.vessels(number).plane())
      #expect(example.field == DRIVETwin.field(number).plane())
      #expect(example.target.width == 11 && example.target.height == 7)
    }
    #expect(contents.faults(on: WorkerPool(threadCount: 2)).isEmpty)
    #expect(
      contents.warnings == [
        "split ‘train’: 3 of 20 declared samples", "split ‘test’: 2 of 20 declared samples",
      ]
    )
  }

  @Test("Splits are the makers'; a validation split is made of train")
  func splits() throws {
    let twin = try DRIVETwin()
    let contents = try twin.open()
    let splits = try contents.splits(SplitOptions(validationShare: 0.34))
    #expect(splits.test == [3, 4] && splits.testOrigin == .makers)
    #expect(
      splits.validation.count == 1 && (splits.train + splits.validation).sorted() == [0, 1, 2]
    )
    #expect(contents.listing(of: splits).contains("test\ttest/01_test\n"))
    #expect(contents.checksum(of: splits).count == 64)
    let folds = try contents.folds(5, of: Array(0..<5), seed: 1)
    #expect(folds.map(\.count) == [1, 1, 1, 1, 1])
  }

  @Test("A sample's key changes with its photograph, mask and field of view")
  func keys() throws {
    let twin = try DRIVETwin()
    let contents = try twin.open()
    var keys = [try contents.contentKey(of: contents.samples[3])]
    for path in ["mask/01_test_mask.gif", "1st_manual/01_manual1.gif", "images/01_test.tif"] {
      let url = twin.folder.url.appending(path: "test/\(path)")
      try (Data(contentsOf: url) + Data([0])).write(to: url)
      keys.append(try contents.contentKey(of: contents.samples[3]))
    }
    #expect(Set(keys).count == 4)
  }

  @Test("The download without the test masks is told by name")
  func presentDownload() throws {
    let twin = try DRIVETwin()
    let masks = twin.folder.url.appending(path: "test/1st_manual")
    try FileManager.default.removeItem(at: masks.appending(path: "02_manual1.gif"))
    let one = try twin.open()
    #expect(one.samples.count == 4)
    #expect(one.exclusions.map(\.kind) == [.missingMask])
    #expect(one.exclusions[0].description.contains("test/02_test: missing mask"))
    #expect(one.exclusions[0].detail.contains("its mask ‘02_manual1.gif’ is not in"))
    try FileManager.default.removeItem(at: masks)
    let error = #expect(throws: DatasetsError.self) { try twin.open() }
    #expect(
      error?.reason == .missingInLayout(wanted: "1st_manual", present: ["images", "mask"])
    )
    #expect(error?.isMissingInput == true)
  }

  @Test("A set of masks has no labels, and says so")
  func masksOnly() throws {
    let catalog = try DatasetCatalog(file: shippedCatalog)
    #expect(try catalog.maskSelection("drive").tasks.map(\.name) == ["vessels"])
    #expect(try catalog.maskSelection("drive/vessels").tasks.count == 1)
    for selection in ["drive", "drive/vessels"] {
      let error = #expect(throws: DatasetsError.self) { try catalog.selection(selection) }
      #expect(error?.reason == .masksOnly(tasks: ["vessels"], dataset: "drive"))
    }
    let labels = #expect(throws: DatasetsError.self) { try catalog.maskSelection("idrid-grading") }
    #expect(labels?.description.contains("sets with masks: drive") == true)
    let twin = try DRIVETwin()
    let check = try catalog["drive"].open(root: twin.folder.url).check()
    #expect(check.isClean && check.classes.map(\.found) == [[3, 2]])
    let page = try catalog["drive"].page()
    #expect(
      page.contains(
        "## Task `vessels`\n\nBlood vessels, as the first observer drew them (masks, binary)."
      )
    )
    #expect(
      page.contains("Values: 0 background, 255 vessels. Field of view: `mask/{stem}_mask.gif`.")
    )
  }
}
