// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target of this package is compiled with the same settings.
let commonSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// The C kernels' compiler flags.
///
/// `-O3` also in debug builds, where `swift test` would otherwise run them at `-O0`. No `-march` and
/// no `-ffast-math`: each kernel states its own instruction set and its own rounding.
let kernelSettings: [CSetting] = [
  .unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=on", "-Wall", "-Wextra", "-Werror"])
]

extension Target {
  /// A library target of this package.
  static func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: commonSettings)
  }

  /// The tests of the module `name`; `TestSupport` is always at hand.
  static func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
      name: name + "Tests",
      dependencies: [.target(name: name), "TestSupport"] + dependencies,
      swiftSettings: commonSettings
    )
  }

  /// A C library that Debian packages and pkg-config describes.
  static func library(_ name: String, pkgConfig: String?, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
  }
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "vbench",
  products: [.executable(name: "vbench", targets: ["vbench"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
  ],
  targets: [
    // Level 0
    .library("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
    .library("COneDNN", pkgConfig: nil, apt: "libdnnl-dev"),
    .library("CHDF5", pkgConfig: "hdf5", apt: "libhdf5-dev"),
    .library("CZip", pkgConfig: "libzip", apt: "libzip-dev"),
    .library("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
    .library("CJPEG", pkgConfig: "libjpeg", apt: "libjpeg-dev"),
    .library("CTIFF", pkgConfig: "libtiff-4", apt: "libtiff-dev"),
    .library("CGIF", pkgConfig: "libgif", apt: "libgif-dev"),
    .target(
      name: "CCodecs",
      dependencies: ["CPNG", "CJPEG", "CTIFF", "CGIF"],
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
    ),
    .target(name: "CKernels", cSettings: kernelSettings),
    .module("Parallelism", ["CKernels"]),
    .module("Randomness"),
    .module("Results"),
    .module("Tokenization"),
    .target(
      name: "ReportLabels",
      dependencies: ["Yams"],
      resources: [.embedInCode("findings.yaml")],
      swiftSettings: commonSettings
    ),
    // Level 1
    .module("Kernels", ["CKernels", "COpenBLAS", "COneDNN", "Parallelism"]),
    .module("Imaging", ["CCodecs", "CKernels", "Parallelism", "Randomness"]),
    .module("Metrics", ["Randomness", "Results"]),
    .module("Reporting", ["Results"]),
    // Level 2
    .module("Tensors", ["Kernels", "Parallelism"]),
    .module(
      "Datasets",
      ["Imaging", "Randomness", "Parallelism", "Yams", "SwiftCSV", crypto]
    ),
    // Level 3
    .module("Autograd", ["Tensors", "Kernels", "Parallelism"]),
    .module("Checkpoints", ["CHDF5", "CZip", "Parallelism", crypto]),
    // Level 4
    .module("Layers", ["Autograd", "Tensors", "Kernels", "Parallelism", "Randomness"]),
    .module("Optimizers", ["Tensors", "Kernels", "Parallelism", "Randomness"]),
    // Level 5
    .module(
      "Training",
      [
        "Layers", "Autograd", "Optimizers", "Checkpoints", "Datasets", "Imaging", "Tensors",
        "Kernels", "Parallelism", "Randomness",
      ]
    ),
    .module("Models", ["Layers", "Tensors", "Kernels", "Checkpoints", "Tokenization", "Imaging"]),
    // Level 6
    .module(
      "Evaluation",
      [
        "Models", "Training", "Layers", "Autograd", "Tensors", "Kernels", "Optimizers",
        "Checkpoints", "Datasets", "Imaging", "Metrics", "Results", "Tokenization", "Parallelism",
        "Randomness",
      ]
    ),
    .module(
      "Pretraining",
      [
        "Models", "Training", "Layers", "Autograd", "Tensors", "Kernels", "Optimizers",
        "Checkpoints", "Datasets", "Imaging", "Metrics", "Results", "Tokenization", "ReportLabels",
        "Parallelism", "Randomness",
      ]
    ),
    // Level 7
    .executableTarget(
      name: "vbench",
      dependencies: [
        "Evaluation", "Pretraining", "ReportLabels", "Models", "Checkpoints", "Datasets", "Imaging",
        "Reporting", "Results",
        "Tokenization", "Tensors", "Kernels", "Parallelism", "Optimizers", "Metrics", "Training",
        argumentParser,
      ],
      swiftSettings: commonSettings
    ),
    // Tests
    .target(
      name: "TestSupport",
      dependencies: ["Randomness"],
      path: "Tests/TestSupport",
      swiftSettings: commonSettings
    ),
    .tests(of: "Parallelism"),
    .tests(of: "Randomness"),
    .tests(of: "Results"),
    .tests(of: "Tokenization"),
    .tests(of: "Kernels", ["CKernels", "Parallelism", "Randomness"]),
    .tests(of: "Imaging", ["Parallelism", "Randomness"]),
    .tests(of: "Metrics", ["Results", "Randomness"]),
    .tests(of: "Reporting", ["Results"]),
    .tests(of: "Tensors", ["Kernels", "Parallelism"]),
    .tests(of: "Datasets", ["Imaging", "Parallelism", "Randomness"]),
    .tests(of: "Checkpoints", ["Randomness"]),
    .tests(of: "Autograd", ["Tensors", "Kernels", "Parallelism", "Randomness"]),
    .tests(
      of: "Training",
      [
        "Layers", "Autograd", "Optimizers", "Checkpoints", "Datasets", "Imaging", "Tensors",
        "Kernels", "Parallelism", "Randomness",
      ]
    ),
    .tests(of: "Layers", ["Autograd", "Tensors", "Kernels", "Parallelism", "Randomness"]),
    .tests(of: "Optimizers", ["Tensors", "Kernels", "CKernels", "Parallelism", "Randomness"]),
    .tests(
      of: "Models",
      [
        "Autograd", "Checkpoints", "Imaging", "Kernels", "Layers", "Optimizers", "Parallelism",
        "Randomness", "Tensors", "Tokenization",
      ]
    ),
    .tests(
      of: "Evaluation",
      [
        "Checkpoints", "Datasets", "Imaging", "Layers", "Metrics", "Models", "Optimizers",
        "Parallelism", "Reporting", "Results", "Tensors", "Tokenization", "Training",
      ]
    ),
    .tests(of: "ReportLabels", ["Datasets"]),
    .tests(
      of: "Pretraining",
      [
        "Autograd", "Checkpoints", "Datasets", "Imaging", "Layers", "Models", "Optimizers",
        "Parallelism", "Randomness", "Tensors", "Tokenization", "Training",
      ]
    ),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["Models", "Layers", "Checkpoints", "TestSupport"],
      swiftSettings: commonSettings
    ),
  ],
  cLanguageStandard: .gnu11
)
