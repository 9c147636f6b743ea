import Checkpoints
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct Inspect {
    @Test(arguments: [
      ("checkpoint.h5", "vbench checkpoint (HDF5)"),
      ("types.pt", "PyTorch (zip)"), ("types-legacy.pt", "PyTorch (legacy)"),
      ("types.safetensors", "safetensors"),
    ])
    func everyFormatIsTold(name: String, format: String) throws {
      let program = try Program()
      defer { program.removeFolder() }
      let file = Fixtures.directory.appending(path: "Checkpoints/\(name)")
      let path = file.path(percentEncoded: false)
      let inspection = try object(try program.run("inspect", path, "--json"))
      #expect(inspection["format"] as? String == format)
      #expect(inspection["bytes"] as? Int == (try Data(contentsOf: file)).count)
      #expect((inspection["sha256"] as? String)?.count == 64)
      let tensors = try #require(inspection["tensors"] as? [[String: Any]])
      let counts = tensors.map { ($0["shape"] as? [Int] ?? []).reduce(1, *) }
      #expect(inspection["parameters"] as? Int == counts.reduce(0, +))
      let model = try #require(inspection["model"] as? [String: Any])
      #expect(model["failure"] is String)
      let text = try program.run("inspect", path, "--all")
      #expect(text.status == 0)
      #expect(text.output.contains(format))
      for tensor in tensors {
        #expect(text.output.contains("  \(tensor["name"] as? String ?? "?")  "))
      }
    }

    @Test func numbersOfAnyHDF5FileAreListed() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let file = try HDF5File(creating: program.path("numbers.h5"))
      try file.write([Float](repeating: 1, count: 15), shape: [3, 5], to: "/group/numbers")
      try file.commit()
      let inspection = try object(try program.run("inspect", "numbers.h5", "--json"))
      #expect(inspection["format"] as? String == "HDF5")
      let tensor = try #require((inspection["tensors"] as? [[String: Any]])?.first)
      #expect(tensor["name"] as? String == "group/numbers")
      #expect(tensor["shape"] as? [Int] == [3, 5])
      #expect(tensor["type"] as? String == "float32")
    }

    @Test func longListsAreCutUnlessAllIsAsked() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let tensors = try WeightFiles.tensors() + [("extra.weight", [5])]
      try program.write(WeightFiles.safetensors(tensors), to: "pair.safetensors")
      let short = try program.run("inspect", "pair.safetensors")
      #expect(short.output.contains("… and \(tensors.count - 20) more; --all lists them"))
      #expect(short.output.contains("not needed  1 tensor: extra.weight"))
      #expect(short.output.contains("clip-vit-64x1-p16, recognised by names and shapes"))
      let all = try program.run("inspect", "pair.safetensors", "--all")
      for tensor in tensors { #expect(all.output.contains(tensor.name)) }
    }

    @Test func containersAreChosen() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let file = Fixtures.directory.appending(path: "Checkpoints/student-teacher.pt")
      let path = file.path(percentEncoded: false)
      let teacher = try program.run("inspect", path, "--container", "teacher", "--json")
      #expect(try object(teacher)["container"] as? String == "teacher")
      let nobody = try program.run("inspect", path, "--container", "nobody")
      expectFailure(nobody, status: 64, containing: "nobody")
    }

    @Test(.enabled(if: Fixtures.realData != nil, "real weights: needs VBENCH_DATA"))
    func releasedWeightsAreRecognized() throws {
      let program = try Program()
      defer { program.removeFolder() }
      let data = try #require(Fixtures.realData).path(percentEncoded: false)
      for (file, name) in [
        ("weights/dinov2_vits14.pth", "dinov2-vits14"),
        ("reference/vilref_vit_tiny.pt", "clip-vit-96x3-p16"),
        ("reference/vilref_rn_tiny.pt", "clip-rn-16-1.2.1.1"),
      ] {
        let converted = try program.run("convert", "\(data)/\(file)", "out.h5", "--force", "--json")
        let architecture = try object(converted)["architecture"] as? [String: Any]
        #expect(architecture?["name"] as? String == name)
        let inspected = try program.run("inspect", "out.h5", "--json")
        let model = try #require(try object(inspected)["model"] as? [String: Any])
        #expect((model["missing"] as? [String])?.isEmpty == true)
        #expect(model["isRecognized"] as? Bool == false)
      }
    }
  }
}
