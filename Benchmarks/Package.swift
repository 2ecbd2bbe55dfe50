// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that it never reaches those who depend on the library.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v13)],
  dependencies: [.package(name: "swift-autograd", path: "..")],
  targets: [
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "MachinePeak",
        .product(name: "Autograd", package: "swift-autograd"),
        .product(name: "NN", package: "swift-autograd"),
      ]),
    .executableTarget(
      name: "FirstGradient", dependencies: [.product(name: "Autograd", package: "swift-autograd")]),
    .target(name: "MachinePeak", cSettings: [.unsafeFlags(["-O2"])]),
  ],
  swiftLanguageModes: [.v6]
)
