// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-autograd",
  platforms: [.macOS(.v13)],
  products: [
    .library(name: "Autograd", targets: ["Autograd"]),
    .library(name: "NN", targets: ["NN"]),
    .executable(name: "Demos", targets: ["Demos"]),
  ],
  dependencies: [],
  targets: [
    // MARK: - Public API
    .target(name: "Autograd", dependencies: ["Kernels"]),
    .target(name: "NN", dependencies: ["Autograd"]),

    // MARK: - Implementation details
    // Tests and debug builds run the same optimised kernels: SwiftPM accepts this flag in versioned
    // dependencies from tools version 6.2 on.
    .target(
      name: "Kernels",
      cSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

    // MARK: - Programs
    .executableTarget(
      name: "Demos", dependencies: ["Autograd", "NN"],
      // The tables and the text are string literals: reading a bundle needs Foundation, and embedded
      // files become array literals, which take the compiler half a minute.
      exclude: ["Resources/README.md", "Resources/generate.py"]),

    // MARK: - Tests
    // Optimised also in debug builds: the oracles then run 10 to 15 times faster.
    .target(
      name: "Oracles", dependencies: [], path: "Tests/Oracles",
      swiftSettings: [.unsafeFlags(["-O"])]),
    .testTarget(name: "OraclesTests", dependencies: ["Oracles"], exclude: ["goldens.py"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Oracles"]),
    .testTarget(
      name: "AutogradTests", dependencies: ["Autograd", "Kernels", "Oracles"],
      exclude: ["Fixtures/generate.py"]),
    .testTarget(name: "NNTests", dependencies: ["NN"], exclude: ["References"]),
    .testTarget(name: "DemosTests", dependencies: ["Demos"]),
  ],
  swiftLanguageModes: [.v6]
)

// Warnings are errors in this project's own checks, not for those who depend on it.
if Context.environment["AUTOGRAD_STRICT"] != nil {
  for target in package.targets {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    target.cSettings = (target.cSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}
