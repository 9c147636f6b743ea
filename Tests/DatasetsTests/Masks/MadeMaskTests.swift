import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("Masks that no file holds")
struct MadeMaskTests {
  static let header = "split,image,class,x_center,y_center,width,height\n"

  private func write(_ boxes: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for split in ["a. Training Set", "b. Testing Set"] {
      let place = "B. Disease Grading/1. Original Images/\(split)"
      try folder.write(twinPhotograph, "\(place)/IDRiD_001.jpg")
      try folder.write(twinPhotograph, "\(place)/IDRiD_002.jpg")
    }
    try folder.write(Self.header + boxes, "boxes.csv")
    return folder
  }

  @Test("IDRiD's discs are ellipses in boxes, and named so")
  func boxes() throws {
    let folder = try write(
      """
      train,IDRiD_001,optic_disc,0.5,0.5,0.6,0.7
      train,IDRiD_001,haemorrhage,0.1,0.1,0.1,0.1
      test,IDRiD_001,optic_disc,0.25,0.5,0.2,0.4
      test,IDRiD_002,optic_disc,0.75,0.5,0.2,0.4

      """
    )
    let contents = try opened("idrid-disc", "optic-disc", folder)
    #expect(contents.samples.map(\.id) == ["train/IDRiD_001", "test/IDRiD_001", "test/IDRiD_002"])
    #expect(contents.exclusions.count == 1)
    #expect(contents.exclusions[0].detail.contains("has no box of optic_disc for it"))
    #expect(contents.warnings.contains { $0.contains("ellipses inscribed in the boxes") })
    let example = try contents.reader.read(contents.samples[0])
    let expected = TwinMask(9, 6) { x, y in
      let (horizontal, vertical) = ((Double(x) - 4) / 2.7, (Double(y) - 2.5) / 2.1)
      return horizontal * horizontal + vertical * vertical <= 1
    }
    #expect(example.target.layout == .labels(expected.plane()))
    #expect(expected.plane().reduce(0, { $0 + Int($1) }) == 16)
  }

  @Test("A box that leaves the photograph is an error with its line")
  func wrongBox() throws {
    for box in ["0.5,1.2,0.1,0.1", "0.5,0.5,0,0.1", "0.5,0.5,x,0.1"] {
      let folder = try write("train,IDRiD_001,optic_disc,\(box)\n")
      let error = #expect(throws: DatasetsError.self) {
        try opened("idrid-disc", "optic-disc", folder)
      }
      #expect(error?.line == 2)
    }
  }

  @Test("Drawn masks: vessels, the cup in its disc, lesions and the field of view")
  func drawn() throws {
    let dataset = try DatasetCatalog(file: shippedCatalog)["synthetic-masks"]
    let contents = try dataset.open(root: nil)
    #expect(contents.splitCounts.map(\.found) == [120, 40, 40])
    #expect(
      contents.check().classes.map(\.name) == [
        "vessels", "disc, cup",
        "microaneurysms, haemorrhages, exudates, cotton-wool, drusen, crescent",
      ]
    )
    let sample = try require(dataset.collection).sample(0)
    for task in dataset.maskTasks {
      let masks = try contents.contents(of: task)
      let index = masks.samples.firstIndex { $0.image == .synthetic(index: 0) }
      let example = try masks.reader.read(masks.samples[require(index)])
      #expect(example.image == sample.image)
      #expect(example.field == sample.masks[.field]?.map { $0 == 0 ? 0 : 1 })
      for (position, name) in task.classes.enumerated() {
        let drawn = try require(SyntheticMask(rawValue: name).flatMap { sample.masks[$0] })
        #expect(example.target.region(ofClass: position) == drawn.map { $0 == 0 ? 0 : 1 })
      }
    }
  }
}

@Suite(
  "IDRiD's discs on the real subset",
  .enabled(if: Fixtures.realData != nil, "the real data's folder: needs VBENCH_DATA")
)
struct RealDiscTests {
  @Test("121 and 62 photographs have ellipses of their boxes' area")
  func discs() throws {
    let root = try require(Fixtures.realData).appending(path: "IDRiD")
    let contents = try opened("idrid-disc", "optic-disc", root)
    #expect(contents.indices(ofSplit: "train").count == 121)
    #expect(contents.indices(ofSplit: "test").count == 62)
    #expect(contents.exclusions.isEmpty)
    #expect(contents.warnings.contains { $0.contains("ellipses inscribed in the boxes") })
    for index in [0, 120, 121, 182] {
      let example = try contents.reader.read(contents.samples[index])
      #expect(example.image.width == 4288 && example.image.height == 2848)
      guard case .boxes(let lists) = contents.samples[index].masks.source else {
        Issue.record("\(contents.samples[index])")
        continue
      }
      #expect(lists.count == 1 && lists[0].count == 1)
      let box = lists[0][0]
      let share = Double(example.target.region(ofClass: 0).count { $0 == 1 }) / (4288 * 2848)
      let expected = Double.pi / 4 * box.width * box.height
      #expect(abs(share - expected) < 0.002 * expected, "\(contents.samples[index].id)")
      // A disc is 1 to 5 per cent of the field of view, and lies on the papilla's side.
      #expect(share > 0.005 && share < 0.05, "\(contents.samples[index].id): \(share)")
    }
  }
}
