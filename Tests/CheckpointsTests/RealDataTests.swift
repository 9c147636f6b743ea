import Checkpoints
import Foundation
import Testing
import TestSupport

/// Files that others saved, against values recorded from PyTorch 2.15.
struct RealDataTests {
  private struct Reference {
    var file: String
    var format: ArchiveFormat
    var tensors: Int
    var parameters: Int
    var wrapping: ArchiveWrapping
    /// Name, shape and, in float64, the sum of the elements and of their absolute values.
    var samples: [(name: String, shape: [Int], sum: Double, absoluteSum: Double)]
  }

  private static let references: [Reference] = [
    Reference(
      file: "weights/wnet_drive.pth",
      format: .pyTorchLegacy,
      tensors: 240,
      parameters: 69_572,
      wrapping: ArchiveWrapping(container: "model_state_dict", prefix: "", alternatives: []),
      samples: [
        ("unet1.first.shortcut.0.weight", [8, 3, 1, 1], 1.3381378874182701, 13.157336823642254),
        ("unet2.first.shortcut.0.weight", [8, 4, 1, 1], -2.641449992195703, 14.679888124926947),
        ("unet2.final.bias", [1], -0.17615310847759247, 0.17615310847759247),
        (
          "unet1.down_path.1.block.3.weight", [32, 32, 3, 3], -473.1308339704592, 2658.5093540699636
        ),
      ]
    ),
    Reference(
      file: "weights/dinov2_vits14.pth",
      format: .pyTorch,
      tensors: 222,
      parameters: 22_056_192,
      wrapping: ArchiveWrapping(container: "", prefix: "", alternatives: []),
      samples: [
        ("embeddings.cls_token", [1, 1, 384], -0.04400433797491132, 2.8154156916625652),
        ("encoder.layer.9.norm1.weight", [384], 681.508069217205, 681.508069217205),
        ("embeddings.position_embeddings", [1, 1370, 384], 42.893077953728465, 2313.559365498212),
        ("encoder.layer.0.mlp.fc1.weight", [1536, 384], 12.868260597621969, 8235.646449205378),
      ]
    ),
    Reference(
      file: "reference/vilref_vit_tiny.pt",
      format: .pyTorch,
      tensors: 83,
      parameters: 1_871_201,
      wrapping: ArchiveWrapping(container: "state_dict", prefix: "module.", alternatives: []),
      samples: [
        ("text_projection", [64, 48], 6.284038219248032, 314.523447043528),
        (
          "visual.transformer.resblocks.2.mlp.c_proj.bias", [96], -0.38636535697150975,
          3.6187066327547655
        ),
        (
          "bert.encoder.layer.1.output.LayerNorm.bias", [64], 0.5382685654767556, 2.2822817783307983
        ),
        (
          "bert.embeddings.word_embeddings.weight", [21128, 64], -15.919678253335832,
          21599.593772562715
        ),
      ]
    ),
    Reference(
      file: "reference/vilref_rn_tiny.pt",
      format: .pyTorch,
      tensors: 180,
      parameters: 2_794_839,
      wrapping: ArchiveWrapping(container: "state_dict", prefix: "module.", alternatives: []),
      samples: [
        ("text_projection", [64, 40], 8.200714754064393, 258.5062100951982),
        ("visual.layer3.0.bn1.running_var", [64], 60.96180307865143, 60.96180307865143),
        (
          "bert.encoder.layer.1.output.LayerNorm.bias", [64], 0.37033882760442793,
          2.3830972380237654
        ),
        (
          "bert.embeddings.word_embeddings.weight", [21128, 64], -59.15130576525901,
          21577.84764665365
        ),
      ]
    ),
  ]

  @Test(
    "released files are listed and equal PyTorch's sums",
    .enabled(if: Fixtures.realData != nil, "the released files need VBENCH_DATA")
  )
  func released() throws {
    let root = try #require(Fixtures.realData)
    for reference in Self.references {
      let archive = try openArchive(
        at: root.appending(path: reference.file).path(percentEncoded: false)
      )
      #expect(archive.format == reference.format)
      #expect(archive.tensors.count == reference.tensors)
      #expect(archive.parameterCount == reference.parameters)
      #expect(archive.wrapping == reference.wrapping)
      for sample in reference.samples {
        let values = try archive.read(sample.name, shape: sample.shape)
        let sum = values.reduce(0) { $0 + Double($1) }
        let absoluteSum = values.reduce(0) { $0 + Double(abs($1)) }
        let tolerance = Tolerance(
          absolute: 1e-9 * max(1, sample.absoluteSum),
          reason: "another order of float64 sums"
        )
        #expect(
          mismatch(
            [sum, absoluteSum],
            [sample.sum, sample.absoluteSum],
            within: tolerance,
            context: "\(reference.file): \(sample.name)"
          ) == nil
        )
      }
    }
  }
}
