// The few calls to the C library that this package needs outside its kernels, in one place:
// files, the terminal, the environment. Foundation offers them too, for 50 MB of executable.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The operating system, as far as this package needs it.
package enum Platform {
  /// A failed call to the operating system: its number and its text.
  package struct Failure: Error, Equatable, Sendable {
    package let code: Int32
    package var message: String { String(cString: strerror(code)) }

    static var last: Failure { Failure(code: errno) }
  }

  // MARK: Files

  /// Reads a whole file, or its first `limit` + 1 bytes if it has more than `limit`.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .last }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = readChunk(file, &chunk)
      guard count >= 0 else { throw .last }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<min(count, limit + 1 - bytes.count)])
    }
    return bytes
  }

  /// Whether there is a file or folder of that name.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Replaces a file's content at once: readers see the old content or the new, never a part.
  ///
  /// The bytes go to a new file in the same folder, are forced to the disk, and take the name.
  package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .last }
    do throws(Failure) {
      defer { close(file) }
      try writeAll(bytes, to: file)
      if fsync(file) != 0 { throw .last }
    } catch {
      unlink(temporary)
      throw error
    }
    if rename(temporary, path) != 0 {
      let failure = Failure.last
      unlink(temporary)
      throw failure
    }
    synchronizeFolder(of: path)
  }

  /// Writes text to a file descriptor: 1 is standard output, 2 standard error.
  ///
  /// A reader who has gone away is no reason to stop.
  package static func print(_ text: String, to descriptor: Int32) {
    try? writeAll(Array(text.utf8), to: descriptor)
  }

  private static func readChunk(_ file: Int32, _ chunk: inout [UInt8]) -> Int {
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(file, $0.baseAddress, $0.count) }
      if count >= 0 || errno != EINTR { return count }
    }
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        systemWrite(file, $0.baseAddress! + sent, bytes.count - sent)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last }
      sent += count
    }
  }

  /// Forces the new name to the disk; some file systems refuse this, and the file is whole anyway.
  private static func synchronizeFolder(of path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  // MARK: Terminal and environment

  /// Whether a file descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The width of the terminal in columns, 80 if unknown.
  package static func terminalWidth(_ descriptor: Int32) -> Int {
    var size = winsize()
    let status = ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// The value of an environment variable.
  package static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Ends the process.
  package static func exit(_ status: Int32) -> Never { systemExit(status) }

  // MARK: Mathematics

  /// xʸ.
  package static func power(_ x: Double, _ y: Double) -> Double { systemPow(x, y) }

  /// cos x.
  package static func cosine(_ x: Double) -> Double { systemCos(x) }

  /// log₁₀ x.
  package static func log10(_ x: Double) -> Double { systemLog10(x) }

  /// 10ˣ.
  package static func power10(_ exponent: Double) -> Double { systemPow(10, exponent) }

  /// 10ⁿ, correctly rounded: the decimal literal is read by the same routine as source text.
  package static func power10(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .nan }
}

// Inside the enum these names would mean its own functions.
private func systemRead(_ file: Int32, _ to: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, to, count)
}
private func systemWrite(_ file: Int32, _ from: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, from, count)
}
private func systemExit(_ status: Int32) -> Never { exit(status) }
private func systemPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func systemCos(_ x: Double) -> Double { cos(x) }
private func systemLog10(_ x: Double) -> Double { log10(x) }
