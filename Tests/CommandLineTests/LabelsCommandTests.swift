import Foundation
import Testing

extension CommandLineTests {
  @Suite struct Labels {
    private static let table = """
      id,report,age
      a,"右眼未见出血，
      可见硬渗",50
      b,"青光眼待排，“豹纹”眼底",60
      c,,70

      """

    @Test func tablesBecomeTables() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(Data(Self.table.utf8), to: "in.csv")
      let outcome = try program.run("labels", "in.csv", "--output", "out.csv", "--json")
      #expect(outcome.status == 0, "\(outcome.error)")
      let summary = try object(outcome)
      #expect(summary["reports"] as? Int == 3)
      #expect(summary["silent"] as? Int == 1)
      #expect(
        summary["positive"] as? [String: Int] == ["hard-exudate": 1, "tessellated-fundus": 1]
      )
      let text = try String(contentsOfFile: program.path("out.csv"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(lines[0].hasPrefix("id,normal-fundus,cataract,"))
      #expect(lines[1].hasPrefix("a,0,"))
      #expect(
        lines[1].contains("haemorrhage:negated:right:4-6:出血; hard-exudate:present:right:10-12:硬渗")
      )
      #expect(lines[0].split(separator: ",").count == 34)
      #expect(lines[3].split(separator: ",", omittingEmptySubsequences: false).count == 34)
      #expect(program.names == ["in.csv", "out.csv"])
    }

    @Test func objectsBecomeObjects() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let input = "{\"name\": 7, \"text\": \"左眼可疑青光眼，右眼白内障\"}\n\n{\"name\": 8, \"text\": \"\"}\n"
      try program.write(Data(input.utf8), to: "in.jsonl")
      let outcome = try program.run(
        "labels",
        "in.jsonl",
        "--column",
        "text",
        "--id-column",
        "name",
        "--policy",
        "uncertain",
        "--output",
        "out.jsonl"
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.contains("2 reports, 1 of them without a known finding"))
      let text = try String(contentsOfFile: program.path("out.jsonl"), encoding: .utf8)
      let rows = try text.split(separator: "\n").map { line in
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
      try #require(rows.count == 2)
      #expect(rows[0]["id"] as? String == "7")
      #expect(rows[0]["findings"] as? [String] == ["cataract", "glaucoma"])
      #expect(rows[0]["right"] as? [String] == ["cataract"])
      #expect(rows[0]["left"] as? [String] == ["glaucoma"])
      #expect((rows[0]["labels"] as? [Int])?.reduce(0, +) == 2)
      let first = try #require((rows[0]["evidence"] as? [[String: Any]])?.first)
      #expect(first["state"] as? String == "uncertain")
      #expect(first["start"] as? Int == 4)
      #expect(first["text"] as? String == "青光眼")
      #expect(first["cue"] as? String == "可疑")
    }

    @Test func readingsAreExplained() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(Data("\u{FEFF}左眼未见出血\r\n正常眼底\r\n".utf8), to: "in.txt")
      let outcome = try program.run("labels", "in.txt", "--explain")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.contains("1: 左眼未见出血\n"))
      #expect(outcome.output.contains("haemorrhage  negated  left    4–6  ‘出血’  by ‘未见’"))
      #expect(outcome.output.contains("→ no label"))
      #expect(outcome.output.contains("→ normal-fundus"))
      let json = try program.run("labels", "in.txt", "--explain", "--json")
      #expect(json.output.split(separator: "\n").count == 2)
    }

    /// LF, CR LF and CR end lines, also where a piece of the file ends between CR and LF.
    @Test(arguments: ["\n", "\r\n", "\r"])
    func linesEndAsOnAnySystem(end: String) throws {
      let program = try Program()
      defer { program.removeFolder() }
      // The first line and its CR fill a piece of 1 MiB.
      let long = String(repeating: "a", count: (1 << 20) - 7) + "出血"
      for text in ["未见出血\(end)\(end)硬渗", "\(long)\(end)\(end)硬渗\(end)"] {
        try program.write(Data(text.utf8), to: "in.txt")
        let outcome = try program.run("labels", "in.txt", "--output", "out.csv", "--force")
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("3 reports, 1 of them without a known finding"))
        #expect(outcome.output.contains("hard-exudate"))
      }
      try program.write(Data("id,report\(end)a,\"未见\(end)出血\"\(end)b,硬渗".utf8), to: "in.csv")
      let outcome = try program.run("labels", "in.csv", "--explain", "--json")
      #expect(outcome.output.split(separator: "\n").count == 2, "\(outcome.error)")
    }

    @Test func repeatedIDsAreNamed() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(Data("id,report\na,出血\nb,硬渗\na,近视\na,青光眼\nb,近视\n".utf8), to: "in.csv")
      let outcome = try program.run("labels", "in.csv", "--output", "out.csv", "--json")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(
        outcome.error.contains("in.csv:4: the id ‘a’ is also that of line 2; 3 reports in all")
      )
      #expect(try object(outcome)["repeatedIDs"] as? Int == 3)
      #expect(try object(outcome)["reports"] as? Int == 5)
      let quiet = try program.run("labels", "in.csv", "--output", "out.csv", "--force", "--quiet")
      #expect(quiet.error.isEmpty)
      let lines = "{\"id\": 1, \"report\": \"出血\"}\n{\"id\": \"1\", \"report\": \"\"}\n"
      try program.write(Data(lines.utf8), to: "in.jsonl")
      let objects = try program.run("labels", "in.jsonl", "--explain")
      #expect(
        objects.error.contains("in.jsonl:2: the id ‘1’ is also that of line 1; 1 report in all")
      )
      try program.write(Data("report\n出血\n出血\n".utf8), to: "in.csv")
      #expect(try program.run("labels", "in.csv", "--explain").error.isEmpty)
    }

    @Test func aTableOfOnesOwnIsRead() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(
        Data("version: 1\nfindings:\n  - { name: pit, chinese: 视盘小凹, kind: sign }\n".utf8),
        to: "own.yaml"
      )
      try program.write(Data("未见视盘小凹\n视盘小凹\n".utf8), to: "in.txt")
      let outcome = try program.run(
        "labels",
        "in.txt",
        "--findings",
        "own.yaml",
        "--output",
        "out.csv"
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      let text = try String(contentsOfFile: program.path("out.csv"), encoding: .utf8)
      #expect(
        text == "id,pit,evidence\n1,0,pit:negated:unstated:2-6:视盘小凹\n"
          + "2,1,pit:present:unstated:0-4:视盘小凹\n"
      )
      try program.write(Data("version: 1\nfindings:\n  - { name: pit }\n".utf8), to: "own.yaml")
      let wrong = try program.run("labels", "in.txt", "--findings", "own.yaml", "--explain")
      expectFailure(wrong, status: 65, containing: "own.yaml:3", "‘chinese’")
    }

    @Test func whatCannotBeReadIsNamed() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(Data(Self.table.utf8), to: "in.csv")
      let column = try program.run(
        "labels",
        "in.csv",
        "--column",
        "text",
        "--output",
        "out.csv"
      )
      expectFailure(column, status: 65, containing: "in.csv:1", "‘text’", "‘report’", "‘age’")
      let missing = try program.run("labels", "nothing.csv", "--output", "out.csv")
      expectFailure(missing, status: 66, containing: "nothing.csv")
      try program.write(Data("出血\n".utf8) + Data([0xFF, 0x0A]), to: "wrong.txt")
      let bytes = try program.run("labels", "wrong.txt", "--output", "out.csv")
      expectFailure(bytes, status: 65, containing: "wrong.txt:2", "UTF-8")
      try program.write(Data("{\"report\": \"出血\"}\n{\n".utf8), to: "wrong.jsonl")
      let object = try program.run("labels", "wrong.jsonl", "--output", "out.csv")
      expectFailure(object, status: 65, containing: "wrong.jsonl:2")
      try program.write(Data("report\n\"出血\n".utf8), to: "wrong.csv")
      let quote = try program.run("labels", "wrong.csv", "--output", "out.csv")
      expectFailure(quote, status: 65, containing: "wrong.csv:2", "not closed")
      try program.write(Data(), to: "empty.txt")
      let empty = try program.run("labels", "empty.txt", "--output", "out.csv")
      expectFailure(empty, status: 65, containing: "holds no report")
      #expect(!program.names.contains { $0.contains("out.csv") })
    }

    @Test func anExistingOutputStays() throws {
      let program = try Program()
      defer { program.removeFolder() }
      try program.write(Data("出血\n".utf8), to: "in.txt")
      try program.write(Data("kept".utf8), to: "out.csv")
      let refused = try program.run("labels", "in.txt", "--output", "out.csv")
      expectFailure(refused, status: 64, containing: "--force")
      #expect(try String(contentsOfFile: program.path("out.csv"), encoding: .utf8) == "kept")
      let forced = try program.run("labels", "in.txt", "--output", "out.csv", "--force")
      #expect(forced.status == 0, "\(forced.error)")
      #expect(try String(contentsOfFile: program.path("out.csv"), encoding: .utf8).hasPrefix("id,"))
      #expect(try program.run("labels", "in.txt").status == 64)
      #expect(try program.run("labels", "in.txt", "--output", "out.xml").status == 64)
    }
  }
}
