import Foundation
import Layers
import Models
import TestSupport
import Testing

extension CommandLineTests {
  /// Segmentation networks in `convert` and `inspect`.
  @Suite struct SegmentationNetworks {
    private let program: Program

    init() throws {
      program = try Program()
      let architecture = SegmentationArchitecture(
        name: "net",
        imageSize: 64,
        network: .wNet(UNetArchitecture(classes: 2, widths: [3, 5]))
      )
      let tensors = try SegmentationModel(architecture).parameters.parameters
        .map { (name: $0.name, shape: $0.shape) }
      try program.write(WeightFiles.safetensors(tensors), to: "net.safetensors")
    }

    @Test func recognizesAndSaysSo() throws {
      defer { program.removeFolder() }
      let outcome = try program.run("convert", "net.safetensors", "net.h5", "--image-size", "96")
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.hasPrefix("net.h5: wnet-3.5, recognised by names and shapes"))
      #expect(outcome.output.contains("3 channels to 2 logits per pixel, 96 × 96 pixels"))
      let text = try program.run("inspect", "net.h5")
      #expect(text.output.contains("wnet-3.5, as the file states"))
      #expect(text.output.contains("each parameter has its tensor"))
      for file in ["net.h5", "net.safetensors"] {
        let inspection = try object(try program.run("inspect", file, "--json"))
        let model = try #require(inspection["model"] as? [String: Any])
        let architecture = try #require(model["architecture"] as? [String: Any])
        #expect(architecture["kind"] as? String == "segmentation")
        #expect(architecture["imageSize"] as? Int == (file == "net.h5" ? 96 : 512))
        #expect(model["isRecognized"] as? Bool == (file != "net.h5"))
        let json = try JSONSerialization.data(withJSONObject: architecture)
        try program.write(json, to: "stated.json")
      }
      let stated = try program.run(
        "convert",
        "net.safetensors",
        "again.h5",
        "--architecture",
        "stated.json"
      )
      #expect(stated.status == 0 && stated.output.contains("as asked for"), "\(stated.error)")
    }

    @Test func wrongWishesAreNamed() throws {
      defer { program.removeFolder() }
      let input = "net.safetensors"
      let context = try program.run("convert", input, "o.h5", "--context", "12")
      expectFailure(context, status: 64, containing: input, "no text encoder")
      let size = try program.run("convert", input, "o.h5", "--image-size", "33")
      expectFailure(size, status: 65, containing: input, "33 × 33", "that 2 divides")
      let encoder = try program.run("convert", input, "o.h5", "--architecture", "resnet50")
      expectFailure(encoder, status: 65, containing: input, "missing")
      #expect(program.names == [input])
    }
  }
}
