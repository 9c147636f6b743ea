import Datasets
import Foundation
import Testing

/// Reads a table of pairs beside a folder of tiny images.
func readPairs(
  _ table: String,
  named name: String = "pairs.csv",
  images: [String] = ["a.png", "b.png", "c.png"],
  columns: PairColumns = PairColumns()
) throws -> PairCollection {
  let folder = try TemporaryFolder()
  for image in images { try folder.write(tinyPNG(image), "images/\(image)") }
  let file = try folder.write(table, name)
  return try PairCollection.reading(
    table: file,
    images: folder.url.appending(path: "images"),
    columns: columns
  )
}

@Suite("Tables of pairs")
struct PairTableTests {
  private let all = PairColumns(group: "patient", split: "split")

  @Test(
    "CSV and JSON lines give the same pairs, whatever the order of rows",
    arguments: [
      (
        "pairs.csv",
        "image,patient,split,report\nb.png,2,test,右眼：出血\na,1,train,\"左眼：渗出，出血\"\n"
      ),
      ("pairs.csv", "Report, IMAGE ,split,patient,\n\"左眼：渗出，出血\",a.png,train,1\n右眼：出血,B,test,2\n"),
      (
        "pairs.jsonl",
        """
        {"image": "b.png", "report": "右眼：出血", "patient": 2, "split": "test", "age": null}

        {"image": "a", "Report": " 左眼：渗出，出血", "patient": "1", "split": "train", "x": [1, {}]}
        """
      ),
    ]
  )
  func forms(_ name: String, _ table: String) throws {
    let collection = try readPairs(table, named: name, columns: all)
    #expect(collection.pairs.map(\.id) == ["a.png", "b.png"])
    #expect(collection.pairs.map(\.report) == ["渗出，出血", "出血"])
    #expect(collection.pairs.map(\.rawReport) == ["左眼：渗出，出血", "右眼：出血"])
    #expect(collection.pairs.map(\.group) == ["1", "2"])
    #expect(collection.pairs.map(\.split) == ["train", "test"])
    #expect(collection.pairs.allSatisfy { $0.labels == nil })
    #expect(collection.skipped.isEmpty)
    #expect(collection.notes.count == 1, "c.png has no row")
    #expect(collection.indices(ofSplit: "test") == [1])
    #expect(collection.name == name)
    #expect(collection.pictures.count == 2)
  }

  @Test("The identity follows what was read and not where or in which order it lies")
  func identity() throws {
    let first = try readPairs("image,report\na,出血\nb,渗出\n").identity
    #expect(first.count == 64)
    #expect(try readPairs("report,image\n渗出,b\n出血,a.png\n").identity == first)
    let others = [
      try readPairs("image,report\na,出血\nb,右眼：渗出\n"),
      try readPairs("image,report\na,出血\nc,渗出\n"),
      try readPairs("image,report\na,出血\n"),
      try readPairs("image,report\na,出血\nb,渗出\n", images: ["a.png", "b.png", "b.jpg"]),
      try readPairs("image,report,g\na,出血,1\nb,渗出,1\n", columns: PairColumns(group: "g")),
    ]
    #expect(Set(others.map(\.identity) + [first]).count == others.count + 1)
  }

  @Test("The columns' names can be chosen")
  func columns() throws {
    let collection = try readPairs(
      "file,描述\na,出血\n",
      columns: PairColumns(image: "File", report: "描述")
    )
    #expect(collection.pairs.map(\.report) == ["出血"])
  }

  @Test(
    "A malformed table is one line with its place",
    arguments: [
      ("pairs.csv", "image,reprot\na,出血\n", 1, "no column ‘report’ (did you mean ‘reprot’?)"),
      ("pairs.csv", "image,report,Report\na,x,y\n", 1, "the column ‘report’ occurs twice"),
      ("pairs.csv", "image,report\na,出血,3\n", 2, "the row has 3 cells, the header 2"),
      (
        "pairs.jsonl", "{\"image\": \"a\", \"report\": \"x\"}\n{\"image\": \"b\"}", 2,
        "no column ‘report’"
      ),
      ("pairs.jsonl", "{\"image\": \"a\", \"report\": \"x\"}\n\n[1]\n", 3, "no JSON object"),
      ("pairs.jsonl", "{\"image\": \"a\", \"report\": {}}", 1, "‘report’ is neither a text nor"),
      ("pairs.jsonl", "{\"image\": true, \"report\": \"x\"}", 1, "‘image’ is neither a text nor"),
      ("pairs.txt", "image,report\na,x\n", nil, "ends with .csv or .jsonl"),
      ("pairs.csv", "image,report\n", nil, "it has no rows"),
      ("pairs.csv", "image,report\nz,出血\n", nil, "no row can be used: z: missing image"),
    ] as [(String, String, Int?, String)]
  )
  func malformed(_ name: String, _ table: String, _ line: Int?, _ message: String) throws {
    let error = #expect(throws: DatasetsError.self) { try readPairs(table, named: name) }
    #expect(error?.line == line)
    #expect(error?.path.hasSuffix(name) == true)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test("A missing table or folder is missing input")
  func missing() throws {
    let folder = try TemporaryFolder()
    let table = folder.url.appending(path: "pairs.csv")
    let absent = #expect(throws: DatasetsError.self) {
      try PairCollection.reading(table: table, images: folder.url)
    }
    #expect(absent?.reason == .notFound)
    try folder.write("image,report\na,x\n", "pairs.csv")
    #expect(throws: DatasetsError.self) {
      try PairCollection.reading(table: table, images: folder.url.appending(path: "images"))
    }
  }

  @Test("Rows that can't be used are left out, counted and named")
  func skipped() throws {
    let collection = try readPairs(
      "image,report\na,出血\n,出血\n../a,出血\nz,出血\nb,左眼：\nc,出血\nc,渗出\nd,\na,出血\n",
      images: ["a.png", "b.png", "c.png", "d.png"]
    )
    #expect(collection.pairs.map(\.id) == ["a.png"])
    #expect(
      collection.skipped.map(\.kind) == [
        .unusableRow, .unusableRow, .missingImage, .emptyReport, .contradictoryRows,
        .contradictoryRows, .emptyReport, .repeatedRow,
      ]
    )
    let lines = collection.skipped.compactMap {
      $0.detail.split(separator: ":").dropFirst().first.map(String.init)
    }
    #expect(lines == ["3", "4", "5", "6", "7", "8", "9", "10"])
    #expect(collection.warnings.contains { $0.contains("missing image, 1 left out") })
    #expect(collection.warnings.contains { $0.contains("empty report, 2 left out") })
  }

  @Test(
    "A split that isn't known and a group in two splits are refused with their lines",
    arguments: [
      ("a,1,train,x\nb,2,dev,y\n", 3, "allowed: train, validation, test"),
      ("a,1,train,x\nc,2,test,z\nb,1,test,y\n", 4, "in test here and in train in line 2"),
      ("a,1,train,x\nb,1,,y\n", 3, "in no split here and in train in line 2"),
    ]
  )
  func splits(_ rows: String, _ line: Int, _ message: String) throws {
    let error = #expect(throws: DatasetsError.self) {
      try readPairs("image,patient,split,report\n" + rows, columns: all)
    }
    #expect(error?.line == line)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
