import Datasets
import Foundation
import Imaging
import Testing

/// Opens a folder through a shipped description.
func opened(
  _ name: String,
  _ task: String,
  _ folder: TemporaryFolder
) throws -> MaskContents {
  try opened(name, task, folder.url)
}

/// Opens a folder through a shipped description.
func opened(_ name: String, _ task: String, _ root: URL) throws -> MaskContents {
  let dataset = try DatasetCatalog(file: shippedCatalog)[name]
  return try dataset.open(root: root).contents(of: dataset.maskTask(task))
}

/// A photograph of 9 × 6 pixels.
let twinPhotograph = TwinPictures.tiff(.photograph(3, 9, 6))

/// A mask of 9 × 6 pixels that differs with `number`.
private func mask(_ number: Int, _ value: UInt8 = 255) -> TwinMask {
  TwinMask(9, 6, value: value) { x, y in (2 * x + y + number) % 4 == 0 }
}

@Suite("Layout twins of sets with masks")
struct LayoutTwinTests {
  @Test("IDRiD's lesions: red TIFFs, a missing file means no such lesion")
  func idridLesions() throws {
    let folder = try TemporaryFolder()
    let part = "A. Segmentation"
    let truth = "\(part)/2. All Segmentation Groundtruths"
    let lesions = [
      "1. Microaneurysms", "2. Haemorrhages", "3. Hard Exudates", "4. Soft Exudates",
      "5. Optic Disc",
    ]
    for (split, name) in [("a. Training Set", "IDRiD_01"), ("b. Testing Set", "IDRiD_55")] {
      try folder.write(twinPhotograph, "\(part)/1. Original Images/\(split)/\(name).jpg")
      for (index, suffix) in ["MA", "HE", "EX", "SE", "OD"].enumerated() {
        let file = suffix == "SE" && split.hasPrefix("a") ? "IDRiD_99_SE" : "\(name)_\(suffix)"
        let data = TwinPictures.redTIFF(mask(index, index == 0 ? 1 : 76))
        try folder.write(data, "\(truth)/\(split)/\(lesions[index])/\(file).tif")
      }
    }
    let contents = try opened("idrid-lesions", "lesions", folder)
    let train = try contents.reader.read(contents.samples[0])
    let empty = [UInt8](repeating: 0, count: 54)
    let planes = [mask(0, 1).plane(1), mask(1).plane(), mask(2).plane()]
    #expect(train.target.layout == .planes(planes + [empty]))
    let test = try contents.reader.read(contents.samples[1])
    #expect(test.target.layout == .planes(planes + [mask(3).plane()]))
    #expect(test.field == nil && contents.samples[1].masks.field == .computed)
    #expect(
      contents.warnings.contains {
        $0.hasPrefix("‘lesions’, split ‘train’: no mask of ‘soft-exudates’")
      }
    )
    #expect(
      contents.warnings.contains {
        $0.hasPrefix("‘lesions’: 1 file(s) among the masks belong to no photograph, e.g. ")
          && $0.contains("4. Soft Exudates/IDRiD_99_SE.tif: a class may be taken to be absent")
      }
    )
    let disc = try opened("idrid-lesions", "optic-disc", folder)
    let example = try disc.reader.read(disc.samples[0])
    #expect(example.target.layout == .labels(mask(4).plane()))
    let place = folder.url.appending(path: "\(truth)/b. Testing Set/\(lesions[0])")
    try FileManager.default.removeItem(at: place)
    #expect(throws: DatasetsError.self) { try opened("idrid-lesions", "lesions", folder) }
  }

  @Test("Retinal-Lesions: 127 is ignored for its class alone, an image may have no folder")
  func retinalLesions() throws {
    let folder = try TemporaryFolder()
    for name in ["10_left", "10_right", "22_left", "31_right"] {
      try folder.write(twinPhotograph, "images_896x896/\(name).jpg")
    }
    var marked = mask(0)
    marked.values[5] = 127
    try folder.write(
      TwinPictures.tiff(marked),
      "lesion_segs_896x896/10_left/retinal_hemorrhage.png"
    )
    let contents = try opened("retinal-lesions", "lesions", folder)
    #expect(contents.samples.count == 4)
    #expect(contents.samples.map(\.group) == ["10", "10", "22", "31"])
    let example = try contents.reader.read(contents.samples[0])
    var expected = mask(0).plane()
    expected[5] = 255
    #expect(example.target.region(ofClass: 1) == expected)
    for other in [0, 2, 7] { #expect(example.target.region(ofClass: other).allSatisfy { $0 == 0 }) }
    let splits = try contents.splits(SplitOptions(validationShare: 0.4, testShare: 0.3))
    let groups = [splits.train, splits.validation, splits.test].map { part in
      Set(part.compactMap { contents.samples[$0].group })
    }
    #expect(groups[0].isDisjoint(with: groups[1]) && groups[1].isDisjoint(with: groups[2]))
    #expect(groups[0].isDisjoint(with: groups[2]))
  }

  @Test("REFUGE: bitmaps, the cup inside the disc, folders by diagnosis and one too many")
  func refuge() throws {
    let folder = try TemporaryFolder()
    var map = TwinMask(9, 6, background: 255, value: 128) { x, y in x >= 2 && x < 8 && y > 0 }
    map.values[3 * 9 + 4] = 0
    map.values[3 * 9 + 5] = 0
    let bitmap = TwinPictures.bitmap(map)
    let labels = map.values.map { $0 == 255 ? 0 : $0 == 128 ? 1 : 2 } as [UInt8]
    for (image, truth) in [
      (
        "Training400/Glaucoma/g0001.jpg",
        "Annotation-Training400/Annotation-Training400/Disc_Cup_Masks/Glaucoma/g0001.bmp"
      ),
      (
        "Training400/Non-Glaucoma/n0001.jpg",
        "Annotation-Training400/Annotation-Training400/Disc_Cup_Masks/Non-Glaucoma/n0001.bmp"
      ),
      (
        "REFUGE-Validation400/REFUGE-Validation400/V0001.jpg",
        "REFUGE-Validation400-GT/Disc_Cup_Masks/V0001.bmp"
      ),
      ("Test400/T0001.jpg", "REFUGE-Test-GT/Disc_Cup_Masks/T0001.bmp"),
    ] {
      try folder.write(twinPhotograph, image)
      try folder.write(bitmap, truth)
    }
    let contents = try opened("refuge-disc-cup", "disc-cup", folder)
    #expect(contents.samples.count == 4 && contents.exclusions.isEmpty)
    for sample in contents.samples {
      let target = try contents.reader.read(sample).target
      #expect(target.layout == .labels(labels))
      #expect(target.region(ofClass: 0) == labels.map { $0 > 0 ? 1 : 0 })
      #expect(target.region(ofClass: 1) == labels.map { $0 == 2 ? 1 : 0 })
    }
    map.values[0] = 0
    try folder.write(TwinPictures.bitmap(map), "REFUGE-Test-GT/Disc_Cup_Masks/T0001.bmp")
    let error = #expect(throws: DatasetsError.self) {
      try contents.reader.read(contents.samples[3])
    }
    #expect(error?.reason == .badMask(.outside(inner: "cup", outer: "disc", count: 1)))
    #expect(error?.path.hasSuffix("T0001.bmp") == true)
  }

  @Test("Vessels of FIVES, CHASE_DB1, HRF and lesions of DDR lie where they are published")
  func otherLayouts() throws {
    let folder = try TemporaryFolder()
    let files = [
      ("train/Original/1_A.png", "train/Ground truth/1_A.png"),
      ("test/Original/1_A.png", "test/Ground truth/1_A.png"),
      ("Image_10R.jpg", "Image_10R_1stHO.png"), ("Image_11L.jpg", "Image_11L_1stHO.png"),
      ("images/05_dr.JPG", "manual1/05_dr.tif"), ("images/06_h.jpg", "manual1/06_h.tif"),
    ]
    for (image, truth) in files {
      try folder.write(twinPhotograph, image)
      try folder.write(TwinPictures.tiff(mask(2)), truth)
    }
    try folder.write(Data(), "train/Original/Thumbs.db")
    try folder.write(TwinPictures.tiff(mask(1)), "Image_10R_2ndHO.png")
    for name in ["05_dr", "06_h"] {
      try folder.write(TwinPictures.redTIFF(mask(3)), "mask/\(name)_mask.tif")
    }
    for (part, truth) in [
      ("train", "label"), ("valid", "segmentation label"), ("test", "label"),
    ] {
      let base = "lesion_segmentation/\(part)"
      try folder.write(twinPhotograph, "\(base)/image/007-1.jpg")
      for lesion in ["MA", "HE", "EX", "SE"] {
        try folder.write(TwinPictures.tiff(mask(2)), "\(base)/\(truth)/\(lesion)/007-1.tif")
      }
    }
    for name in ["fives-vessels", "chase-db1", "hrf"] {
      let contents = try opened(name, "vessels", folder)
      #expect(contents.samples.map(\.split) == ["train", "test"], "\(name)")
      for sample in contents.samples {
        let example = try contents.reader.read(sample)
        #expect(example.target.layout == .labels(mask(2).plane()), "\(sample.id)")
        #expect(example.field == (name == "hrf" ? mask(3).plane() : nil))
      }
    }
    let lesions = try opened("ddr-lesions", "lesions", folder)
    for sample in lesions.samples {
      let planes = Array(repeating: mask(2).plane(), count: 4)
      #expect(try lesions.reader.read(sample).target.layout == .planes(planes))
    }
  }

  @Test("STARE: maps as they are published, packed by gzip, or unpacked; of two observers")
  func stare() throws {
    let folder = try TemporaryFolder()
    let picture = TwinMask.photograph(4, 9, 6)
    for name in ["im0001", "im0002"] {
      try folder.write(TwinPictures.pixmap(picture), "\(name).ppm")
      try folder.write(TwinPictures.greymap(mask(2)), "\(name).ah.ppm")
      try folder.write(TwinPictures.pixmap(mask(1)), "\(name).vk.ppm")
    }
    // Packed, and once beside the unpacked file, which goes first.
    try folder.write(Data("no archive".utf8), "im0002.ppm.gz")
    try folder.write(PackedMaps.stored, "im0003.ppm.gz")
    try folder.write(PackedMaps.fixed, "im0003.ah.ppm.gz")
    try folder.write(TwinPictures.pixmap(picture), "im0004.ppm")
    let contents = try opened("stare", "vessels", folder)
    #expect(contents.samples.map(\.id) == ["all/im0001", "all/im0002", "all/im0003"])
    let example = try contents.reader.read(contents.samples[1])
    #expect(example.image.pixels == picture.values.flatMap { [$0, $0, $0] })
    #expect(example.target.layout == .labels(mask(2).plane()))
    let packed = PackedMaps.map(9, 6)
    let third = try contents.reader.read(contents.samples[2])
    #expect(third.image.pixels == packed.values.flatMap { [$0, $0, $0] })
    #expect(third.target.layout == .labels(packed.plane()))
    #expect(contents.exclusions.map(\.name) == ["im0004"])
    #expect(contents.exclusions[0].detail.contains("its mask ‘im0004.ah.ppm’ is not in"))
    #expect(contents.exclusions[0].detail.contains("; fetch it"))
    let splits = try contents.splits(SplitOptions(validationShare: 0.5, testShare: 0.34))
    #expect(splits.test.count == 1)
    let folds = try contents.folds(3, of: [0, 1, 2], seed: 5)
    #expect(folds.map(\.count) == [1, 1, 1])
    let second = try opened("stare-second", "vessels", folder)
    #expect(second.samples.map(\.id) == ["all/im0001", "all/im0002"])
    let other = try second.reader.read(second.samples[0])
    #expect(other.target.layout == .labels(mask(1).plane()))
  }

  @Test("Retinal-Lesions by lists: names with and without folder, one that isn't there")
  func lists() throws {
    let folder = try TemporaryFolder()
    for name in ["10_left", "10_right", "22_left", "31_right", "40_left"] {
      try folder.write(twinPhotograph, "images_896x896/\(name).jpg")
      try folder.write(
        TwinPictures.tiff(mask(1)),
        "lesion_segs_896x896/\(name)/hard_exudate.png"
      )
    }
    try folder.write("10_left\n\n10_right\n10_left\n", "train.txt")
    try folder.write("images_896x896/22_left.jpg 2\n77_left\n", "val.txt")
    try folder.write("31_right.jpg", "test.txt")
    let contents = try opened("retinal-lesions-lists", "lesions", folder)
    #expect(
      contents.samples.map(\.id)
        == ["train/10_left", "train/10_right", "validation/22_left", "test/31_right"]
    )
    #expect(contents.exclusions.map(\.name) == ["77_left"])
    #expect(contents.exclusions.map(\.kind) == [.missingImage])
    #expect(contents.exclusions[0].detail.contains("val.txt:2: there is no image ‘77_left’"))
    let splits = try contents.splits()
    #expect(splits.train == [0, 1] && splits.validation == [2] && splits.test == [3])
    #expect(
      try contents.reader.read(contents.samples[2]).target.region(ofClass: 2) == mask(1).plane()
    )
    try FileManager.default.removeItem(at: folder.url.appending(path: "val.txt"))
    let error = #expect(throws: DatasetsError.self) {
      try opened("retinal-lesions-lists", "lesions", folder)
    }
    #expect(error?.isMissingInput == true && error?.description.contains("val.txt") == true)
  }
}
