import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Tables")
struct TableTests {
  private let task = "kind: binary\ncolumn: level\nclasses: [no, yes]"

  private func read(
    _ table: String,
    keys: String = "",
    images: [String] = ["a", "b"]
  ) throws
    -> TaskContents
  {
    try tableContents(table, images: images, task: task, keys: keys)
  }

  @Test(
    "Headers are read without regard to case and white space, rows without regard to line ends",
    arguments: [
      "image,level\na,0\nb,1\n", "Image , LEVEL\r\na,0\r\nb,1", "\u{FEFF}image,level\na,0\nb,1\n",
      "\n\nimage,level\n\na,0\n\n\nb,1\n\n,,\n", "level,image,,\n0,a\n1,b,,\n",
      "image,level\n\"a\",\"0\"\n\" b \",1\n", "image,level\na.png,0\nB.PNG,1\n",
      "image,level,note\na,0,\"two\nlines, \"\"quoted\"\"\"\nb,1,\n", "image,level\n a , 0 \nb,1",
      "image,level\na.jpg,0\nb.tif,1",
    ]
  )
  func forms(_ table: String) throws {
    let contents = try read(table)
    #expect(contents.labels == .classes([0, 1]))
    #expect(contents.samples.map(\.id) == ["all/a", "all/b"])
    #expect(contents.exclusions.isEmpty)
  }

  @Test(
    "Malformed tables are one line with the place",
    arguments: [
      ("image,level\na,0\nb,1,2\n", 3, "the row has 3 cells, the header 2"),
      ("image,level\na,0\nb,\"1\n", 3, "is not closed"),
      ("image,level\na,\"0\"x\nb,1", 2, "malformed table"),
      ("image;level\na;0\n", 1, "no column ‘image’; the table has ‘image;level’"),
      ("image,level,Level\na,0,1\n", 1, "the column ‘level’ occurs twice"),
      ("image,levle\na,0\n", 1, "no column ‘level’ (did you mean ‘levle’?)"),
    ]
  )
  func malformed(_ table: String, _ line: Int, _ message: String) throws {
    let error = #expect(throws: DatasetsError.self) { try read(table) }
    #expect(error?.line == line)
    #expect(error?.path.hasSuffix("labels.csv") == true)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.isMissingInput == false)
  }

  @Test("Unusable rows are left out with their lines")
  func unusable() throws {
    let contents = try read("image,level\na,0\n,1\n../b,1\n/etc/passwd,1\nc,1\nb,1\n")
    #expect(contents.samples.count == 2)
    #expect(
      contents.exclusions.map(\.kind) == [.unusableRow, .unusableRow, .unusableRow, .missingImage]
    )
    #expect(
      contents.exclusions.map { $0.detail.prefix { $0 != " " } } == [
        "labels.csv:3:", "labels.csv:4:", "labels.csv:5:", "labels.csv:6:",
      ]
    )
  }

  @Test("Lines are counted through cells that hold line breaks")
  func lines() throws {
    let contents = try read(
      "\r\nimage,level,note\r\na,0,\"one\r\ntwo\nthree\"\r\n\r\nb,1,\r\nc,1,\r\n"
    )
    #expect(contents.exclusions.map(\.detail).first?.hasPrefix("labels.csv:8: ") == true)
  }

  @Test("Ungradable rows are left out and counted")
  func ungradable() throws {
    let contents = try read(
      "image,level,gradable\na,0,1\nb,,0\nc,1,1\n",
      keys: "ungradable: { column: Gradable, values: ['0'] }",
      images: ["a", "b", "c"]
    )
    #expect(contents.samples.map(\.id) == ["all/a", "all/c"])
    #expect(contents.exclusions.map(\.kind) == [.ungradable])
  }

  @Test("Reports come from a column, without their leading eye marks")
  func reports() throws {
    let table = "image,level,Report\na,0,\"左眼：出血，渗出\"\nb,1,右眼：\nc,1,\n"
    let images = ["a", "b", "c"]
    let contents = try read(table, keys: "report_column: report", images: images)
    #expect(contents.dataset.hasReports)
    #expect(contents.samples.map(\.report) == ["出血，渗出", nil, nil])
    #expect(contents.dataset.page().contains("| Reports | column ‘report’"))
    let silent = try read(table, images: images)
    #expect(!silent.dataset.hasReports && silent.samples.allSatisfy { $0.report == nil })
    #expect(!silent.dataset.page().contains("Reports"))
    let error = #expect(throws: DatasetsError.self) {
      try read(table, keys: "report_column: text", images: images)
    }
    #expect(error?.reason == .missingColumn(column: "text", found: ["image", "level", "Report"]))
  }

  @Test("Groups come from a column or from the image's name")
  func groups() throws {
    let table = "image,level,patient\na_1,0,x\na_2,1,\n"
    let images = ["a_1", "a_2"]
    let byColumn = try read(table, keys: "group: { column: patient }", images: images)
    #expect(byColumn.samples.map(\.group) == ["x", nil])
    #expect(byColumn.warnings.first?.hasPrefix("1 samples have no group") == true)
    let byName = try read(table, keys: "group: { pattern: '^([a-z]+)_' }", images: images)
    #expect(byName.samples.map(\.group) == ["a", "a"])
  }

  @Test("Images of one name and several formats are told apart")
  func sameStem() throws {
    let folder = try TemporaryFolder()
    try folder.write("image,level\na.png,0\na.jpg,1\n", "labels.csv")
    try folder.write(tinyPNG("1"), "images/a.png")
    try folder.write(tinyPNG("2"), "images/a.jpg")
    let dataset = try folderCatalog(
      "adapter: csv\n  image_column: image",
      "{ all: { table: labels.csv, images: images } }",
      "column: level"
    )
    let contents = try dataset.open(root: folder.url)
    #expect(contents.samples.map(\.id) == ["all/a.jpg", "all/a.png"])
    #expect(contents.samples.map { $0.labels["only"] } == [.classIndex(1), .classIndex(0)])
  }

  @Test("A changed table is reported against the published SHA-256")
  func checksum() throws {
    let folder = try TemporaryFolder()
    let text = "image,level\na,0\nb,1\n"
    let table = try folder.write(text, "labels.csv")
    for name in ["a", "b"] { try folder.write(tinyPNG(name), "images/\(name).png") }
    let published = try fileSHA256(table)
    for (sha256, warns) in [(published, false), (String(repeating: "0", count: 64), true)] {
      let dataset = try folderCatalog(
        "adapter: csv\n  image_column: image",
        "{ all: { table: labels.csv, images: images, sha256: \(sha256) } }",
        "column: level"
      )
      let contents = try dataset.open(root: folder.url)
      #expect(contents.warnings.contains { $0.contains("the table was changed") } == warns)
    }
  }
}

/// A set with one binary task of the classes `no` and `yes`.
func folderCatalog(_ adapter: String, _ splits: String, _ labels: String) throws -> Dataset {
  let text = """
    - name: made
      version: 1
      title: A set
      \(adapter)
      root: made
      splits: \(splits)
      tasks:
        only:
          title: The task
          kind: binary
          classes: ["no", "yes"]
          \(labels)
      license: CC0-1.0
      source: { title: Nobody }
    """
  return try DatasetCatalog(text: text, file: URL(filePath: "/made.yaml"))["made"]
}

@Suite("Folders")
struct FolderTests {
  @Test("The class is the folder's name")
  func folders() throws {
    let folder = try TemporaryFolder()
    let paths = [
      "no/1.png", "no/2.JPG", "yes/1.png", "yes/Thumbs.db", "maybe/3.png", "4.png",
      "no/folder.png/.hidden.png", ".cache/no/5.png", "no/.6.png", "no/folder.png/readme.txt",
    ]
    for path in paths {
      try folder.write(tinyPNG(path), "train/\(path)")
    }
    try folder.write(tinyPNG(), "test/yes/9.png")
    let dataset = try folderCatalog(
      "adapter: folders",
      "{ train: { images: train, count: 3 }, test: { images: test } }",
      "class_from: folder"
    )
    let contents = try dataset.open(root: folder.url)
    #expect(
      contents.samples.map(\.id) == ["train/no/1", "train/no/2", "train/yes/1", "test/yes/9"]
    )
    #expect(Set(contents.exclusions.map(\.kind)) == [.labelOutOfRange, .missingLabel])
    #expect(contents.exclusions.map(\.name).sorted() == ["4", "maybe/3"])
    #expect(contents.warnings.count == 1)
    #expect(contents.warnings[0].contains(": 2 file(s) that are no images"))
    let task = try contents.contents(of: dataset.task("only"))
    #expect(task.labels == .classes([0, 0, 1, 1]))
    #expect(
      task.warnings.last
        == "‘only’, split ‘test’: no sample of ‘no’; its own scores are undefined there"
    )
  }

  @Test("The class is a part of the name, as in 1_N.png")
  func names() throws {
    let folder = try TemporaryFolder()
    for path in ["1_N.png", "2_A.png", "3_N.png", "4.png"] {
      try folder.write(tinyPNG(path), "images/\(path)")
    }
    let dataset = try folderCatalog(
      "adapter: folders",
      "{ all: { images: images } }",
      "class_from: name\n      class_pattern: '_([A-Z])$'\n      values: { N: 'no', A: 'yes' }"
    )
    let contents = try dataset.open(root: folder.url)
    #expect(contents.samples.map(\.id) == ["all/1_N", "all/2_A", "all/3_N"])
    #expect(contents.exclusions.map(\.name) == ["4"])
    let absent = #expect(throws: DatasetsError.self) {
      try dataset.open(root: folder.url.appending(path: "images"))
    }
    #expect(absent?.isMissingInput == true)
  }
}
