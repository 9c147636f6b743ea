import Foundation
import Models
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct Convert {
    private let program: Program

    init() throws {
      program = try Program()
      try program.write(WeightFiles.safetensors(WeightFiles.tensors()), to: "pair.safetensors")
      try program.write(Data(WeightFiles.vocabulary.utf8), to: "vocab.txt")
    }

    @Test func recognizesAndSaysSo() throws {
      defer { program.removeFolder() }
      let outcome = try program.run("convert", "pair.safetensors", "pair.h5")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.error.isEmpty)
      #expect(
        outcome.output.hasPrefix("pair.h5: clip-vit-64x1-p16, recognised by names and shapes")
      )
      #expect(outcome.output.contains("image encoder: 2 heads of 32 features"))
      #expect(outcome.output.contains("convert again with --vocabulary vocab.txt"))
      #expect(program.names == ["pair.h5", "pair.safetensors", "vocab.txt"])
    }

    @Test func checkpointHoldsWhatWasConverted() throws {
      defer { program.removeFolder() }
      let tensors = try WeightFiles.tensors()
      let converted = try program.run(
        "convert",
        "pair.safetensors",
        "pair.h5",
        "--vocabulary",
        "vocab.txt",
        "--context",
        "12",
        "--json"
      )
      let summary = try object(converted)
      #expect(summary["tensors"] as? Int == tensors.count)
      #expect(summary["isRecognized"] as? Bool == true)
      let inspected = try program.run("inspect", "pair.h5", "--json")
      let inspection = try object(inspected)
      let found = try #require(inspection["tensors"] as? [[String: Any]])
      let shapes = Dictionary(uniqueKeysWithValues: tensors)
      #expect(found.count == tensors.count)
      for tensor in found {
        #expect(tensor["shape"] as? [Int] == shapes[tensor["name"] as? String ?? ""])
      }
      let model = try #require(inspection["model"] as? [String: Any])
      let text = (model["architecture"] as? [String: Any])?["text"] as? [String: Any]
      #expect(text?["contextLength"] as? Int == 12)
      #expect((inspection["metadata"] as? [String: String])?["vocabulary"] == "8 tokens")
    }

    @Test func overwritesOnlyWhenForced() throws {
      defer { program.removeFolder() }
      try program.write(Data("mine".utf8), to: "pair.h5")
      let refused = try program.run("convert", "pair.safetensors", "pair.h5")
      expectFailure(refused, status: 64, containing: "pair.h5", "--force")
      #expect(try Data(contentsOf: program.folder.appending(path: "pair.h5")) == Data("mine".utf8))
      let forced = try program.run("convert", "pair.safetensors", "pair.h5", "--force")
      #expect(forced.status == 0, "\(forced.error)")
      #expect(try program.run("inspect", "pair.h5").status == 0)
    }

    @Test func placesThatCannotBeWrittenAreRefused() throws {
      defer { program.removeFolder() }
      let input = "pair.safetensors"
      let same = try program.run("convert", input, "./pair.safetensors", "--force")
      expectFailure(same, status: 64, containing: "is the input")
      let folder = try program.run("convert", input, ".", "--force")
      expectFailure(folder, status: 64, containing: "is a folder")
      let nowhere = try program.run("convert", input, "missing/pair.h5")
      expectFailure(nowhere, status: 64, containing: "there is no such folder")
    }

    @Test func wrongWishesAreNamed() throws {
      defer { program.removeFolder() }
      let input = "pair.safetensors"
      let unknown = try program.run("convert", input, "o.h5", "--architecture", "vit-99")
      expectFailure(unknown, status: 64, containing: "vit-99", "vilref-vit-b16")
      let other = try program.run("convert", input, "o.h5", "--architecture", "dinov2-vits14")
      expectFailure(other, status: 65, containing: "pair.safetensors", "missing")
      let missing = try program.run("convert", input, "o.h5", "--architecture", "none.json")
      expectFailure(missing, status: 66, containing: "none.json")
      try program.write(Data("{}".utf8), to: "empty.json")
      let empty = try program.run("convert", input, "o.h5", "--architecture", "empty.json")
      expectFailure(empty, status: 65, containing: "empty.json")
      try program.write(Data("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".utf8), to: "short.txt")
      let short = try program.run("convert", input, "o.h5", "--vocabulary", "short.txt")
      expectFailure(short, status: 65, containing: "short.txt", "5 tokens", "8")
      let noVocabulary = try program.run("convert", input, "o.h5", "--vocabulary", "none.txt")
      expectFailure(noVocabulary, status: 66, containing: "none.txt")
      let names = ["empty.json", "pair.safetensors", "short.txt", "vocab.txt"]
      #expect(program.names == names)
    }

    @Test func statedArchitectureIsTaken() throws {
      defer { program.removeFolder() }
      let json = Data(WeightFiles.architecture.json.utf8)
      try program.write(json, to: "stated.json")
      let outcome = try program.run(
        "convert",
        "pair.safetensors",
        "pair.h5",
        "--architecture",
        "stated.json"
      )
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.contains("as asked for"))
    }

    @Test func missingTensorIsNamed() throws {
      defer { program.removeFolder() }
      let tensors = try WeightFiles.tensors().filter { $0.name != "visual.ln_post.bias" }
      try program.write(WeightFiles.safetensors(tensors), to: "cut.safetensors")
      let outcome = try program.run("convert", "cut.safetensors", "cut.h5")
      expectFailure(outcome, status: 65, containing: "cut.safetensors", "visual.ln_post.bias")
      #expect(!program.names.contains("cut.h5"))
    }
  }
}
