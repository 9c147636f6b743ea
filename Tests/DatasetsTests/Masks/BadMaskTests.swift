import Datasets
import Foundation
import Imaging
import Parallelism
import Testing

@Suite("Bad masks are named with file and remedy")
struct BadMaskTests {
  /// What is wrong with a mask, once `data` stands in its place.
  private func fault(
    _ data: Data?,
    at path: String = DRIVETwin.manual(21, of: "training")
  ) throws -> DatasetsError? {
    let twin = try DRIVETwin()
    let contents = try twin.open()
    if let data {
      try twin.folder.write(data, path)
    } else {
      try FileManager.default.removeItem(at: twin.folder.url.appending(path: path))
    }
    let error = #expect(throws: DatasetsError.self) {
      try contents.reader.read(contents.samples[0])
    }
    #expect(error?.path.hasSuffix(path) == true)
    let faults = contents.faults(on: WorkerPool(threadCount: 2))
    #expect(faults == ["train/21_training": [error?.description ?? ""]])
    return error
  }

  @Test("Another size")
  func wrongSize() throws {
    let error = try fault(TwinPictures.gif(TwinMask(7, 11) { x, _ in x == 0 }))
    #expect(error?.reason == .badMask(.wrongSize(found: [7, 11], expected: [11, 7])))
    #expect(error?.description.contains("7 × 11 pixels, its photograph 11 × 7") == true)
    let field = try fault(
      TwinPictures.gif(TwinMask(10, 7) { _, _ in true }),
      at: "training/mask/21_training_mask.gif"
    )
    #expect(field?.reason == .badMask(.wrongSize(found: [10, 7], expected: [11, 7])))
  }

  @Test("Unknown values, with their counts")
  func unknownValues() throws {
    var mask = DRIVETwin.vessels(21)
    for (index, value) in [UInt8(64), 128, 64].enumerated() { mask.values[index] = value }
    let error = try fault(TwinPictures.gif(mask))
    guard case .badMask(.unknownValues(let values, let known))? = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(values.map(\.channels) == [[64], [128]] && values.map(\.count) == [2, 1])
    #expect(known == [0, 255])
    #expect(
      error?.description.contains("the unknown 64 in 2 pixels, 128 in 1 pixel; known are 0, 255")
        == true
    )
    let red = try fault(TwinPictures.redTIFF(TwinMask(11, 7) { x, y in x == 3 && y < 2 }))
    #expect(red?.description.contains("the unknown (255, 0, 0) in 2 pixels") == true)
  }

  @Test("A file that is gone, cut short, packed or no picture")
  func unreadable() throws {
    let gone = try fault(nil)
    #expect(gone?.reason == .badMask(.missing) && gone?.isMissingInput == true)
    for data in [
      TwinPictures.gif(DRIVETwin.vessels(21)).prefix(800), Data("no picture".utf8), Data(),
      Data([0x1F, 0x8B, 8, 0]),
    ] {
      let error = try fault(Data(data))
      guard case .badMask(.unreadable(let detail))? = error?.reason else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(!detail.isEmpty)
      if data.first == 0x1F { #expect(detail.contains("the gzip ends before")) }
    }
  }

  @Test("A field of view that is empty")
  func emptyField() throws {
    let empty = TwinMask(11, 7) { _, _ in false }
    let error = try fault(TwinPictures.gif(empty), at: "training/mask/21_training_mask.gif")
    #expect(error?.reason == .badMask(.emptyField))
  }

  @Test("All ignored, in the whole mask or inside the field of view")
  func allIgnored() throws {
    let twin = try DRIVETwin()
    var dataset = try DatasetCatalog(file: shippedCatalog)["drive"]
    dataset.maskTasks[0].values.ignored = 127
    let contents = try dataset.open(root: twin.folder.url).contents(of: dataset.maskTasks[0])
    let path = DRIVETwin.manual(21, of: "training")
    let masks = [
      TwinMask(11, 7, value: 127) { _, _ in true },
      TwinMask(11, 7, value: 127) { x, y in DRIVETwin.field(21).values[y * 11 + x] != 0 },
    ]
    for mask in masks {
      try twin.folder.write(TwinPictures.gif(mask), path)
      let error = #expect(throws: DatasetsError.self) {
        try contents.reader.read(contents.samples[0])
      }
      #expect(error?.reason == .badMask(.allIgnored))
      #expect(error?.path.hasSuffix(path) == true)
    }
    let some = TwinMask(11, 7, value: 127) { x, _ in x == 4 }
    try twin.folder.write(TwinPictures.gif(some), path)
    let example = try contents.reader.read(contents.samples[0])
    #expect(example.target.layout == .labels(some.plane(127).map { $0 == 1 ? 255 : 0 }))
  }

  @Test("A photograph that can't be read is an error of the picture, not of the mask")
  func photograph() throws {
    let twin = try DRIVETwin()
    let contents = try twin.open()
    try twin.folder.write(Data("x".utf8), "training/images/21_training.tif")
    let error = #expect(throws: ImagingError.self) {
      try contents.reader.read(contents.samples[0])
    }
    #expect(error?.path.hasSuffix("21_training.tif") == true)
  }

  @Test("A check names each bad mask with its file and a remedy, and isn't clean")
  func check() throws {
    let twin = try DRIVETwin()
    let dataset = try DatasetCatalog(file: shippedCatalog)["drive"]
    let pool = WorkerPool(threadCount: 2)
    let good = try dataset.open(root: twin.folder.url)
    #expect(good.maskReadingCount == 5 && good.maskFindings(on: pool).isEmpty)
    let rows = good.check().classes
    #expect(rows.map(\.name) == ["vessels"] && rows[0].found == [3, 2])
    // Two bad files of one photograph, one of another, and one that is not there.
    try twin.folder.write(
      TwinPictures.gif(TwinMask(7, 11) { x, _ in x == 0 }),
      DRIVETwin.manual(21, of: "training")
    )
    try twin.folder.write(
      TwinPictures.gif(TwinMask(11, 7) { _, _ in false }),
      "training/mask/21_training_mask.gif"
    )
    try twin.folder.write(
      TwinPictures.gif(TwinMask(11, 7, value: 9) { _, _ in true }),
      DRIVETwin.manual(1, of: "test")
    )
    try FileManager.default.removeItem(
      at: twin.folder.url.appending(path: DRIVETwin.manual(2, of: "test"))
    )
    let bad = try dataset.open(root: twin.folder.url)
    let check = bad.check(masks: bad.maskFindings(on: pool))
    #expect(!check.isClean)
    let errors = check.findings.filter { $0.level == .error }.map(\.text)
    let expected = [
      ("21_manual1.gif", "7 × 11 pixels, its photograph 11 × 7; fetch both anew"),
      ("21_training_mask.gif", "the field of view is empty; fetch its mask anew"),
      ("01_manual1.gif", "the unknown 9 in 77 pixels; known are 0, 255; save it without loss"),
      ("02_manual1.gif", "fetch it, or take the photograph out of its folder"),
    ]
    #expect(errors.count == expected.count)
    for (error, (file, remedy)) in zip(errors, expected) {
      #expect(error.contains(file) && error.contains(remedy), "\(error)")
    }
  }
}
