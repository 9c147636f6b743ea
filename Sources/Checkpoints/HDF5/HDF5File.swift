@unsafe @preconcurrency import CHDF5
import Foundation

/// An HDF5 file: groups, data sets and attributes, behind a face that can't crash on a bad file.
///
/// A file is either open for reading or being created. A created file has a temporary name until
/// `commit()` flushes it and gives it its own; one that is never committed leaves nothing behind.
/// Names are paths inside the file (`/model/logit_scale`); the leading slash may be left out.
///
/// Not `Sendable`: a file belongs to one thread, and the library runs one call at a time anyway.
package final class HDF5File {
  /// How much a file may ask for.
  package struct Limits: Sendable {
    /// The largest array in bytes, whatever the file's size.
    package var arrayBytes: Int
    /// The largest number of objects that a listing visits.
    package var objects: Int

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - arrayBytes: the largest array in bytes.
    ///   - objects: the largest number of objects in a listing.
    package init(arrayBytes: Int = 32 << 30, objects: Int = 1_000_000) {
      self.arrayBytes = arrayBytes
      self.objects = objects
    }
  }

  /// The file's name as given.
  package let path: String
  /// How much the file may ask for.
  package let limits: Limits
  /// Whether the file is known to be intact.
  let isTrusted: Bool
  /// The library's number for the open file; nil once closed.
  private var openIdentifier: hid_t?
  /// Where a file that is being created lies until it is committed.
  private var temporaryPath: String?
  /// The largest array in bytes that a file of this size can honestly hold.
  let honestBytes: Int

  /// Opens a file for reading.
  ///
  /// The library (1.10) checks neither the old file format (superblocks 0 and 1, h5py's default) nor
  /// the heap that holds strings of variable length: a few changed bytes there overrun its buffers.
  /// Both are refused unless the file is trusted. Files that this type creates have neither: all of
  /// their structure is under checksums.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limits: how much it may ask for.
  ///   - isTrusted: whether the file is known to be intact.
  /// - Throws: `CheckpointError`: `notFound`; `unreadable` when it is no intact HDF5 file;
  ///   `unsupported` for the old format in a file that isn't trusted.
  package init(
    reading path: String,
    limits: Limits = Limits(),
    isTrusted: Bool = false
  ) throws {
    self.path = path
    self.limits = limits
    self.isTrusted = isTrusted
    let size = try FileSystem.size(of: path)
    // Deflate shrinks by at most 1032; up to 64 MiB may be fill values that take no space.
    honestBytes = min(limits.arrayBytes, max(64 << 20, size.saturatingMultiply(by: 1032)))
    if !isTrusted { try Self.checkSuperblock(of: path) }
    do {
      let access = try Self.accessProperties()
      openIdentifier = try HDF5Library.attempt {
        unsafe H5Fopen(path, Self.readOnly, access.identifier)
      }
    } catch {
      throw CheckpointError(
        .unreadable(detail: "no intact HDF5 file: \(error.detail)"),
        path: path
      )
    }
  }

  /// Starts a new file, which appears under its name only with `commit()`.
  ///
  /// - Parameters:
  ///   - path: the file; one that exists is replaced on commit.
  ///   - limits: how much may be read back from it.
  /// - Throws: `CheckpointError`: `notWritable`.
  package init(creating path: String, limits: Limits = Limits()) throws {
    self.path = path
    self.limits = limits
    isTrusted = true
    honestBytes = limits.arrayBytes
    let temporary = FileSystem.temporaryName(for: path)
    do {
      let access = try Self.accessProperties()
      let creation = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_FILE_CREATE_ID_g) }
      // No modification times: the same content gives the same bytes.
      try HDF5Library.attempt { H5Pset_obj_track_times(creation.identifier, false) }
      openIdentifier = try HDF5Library.attempt {
        unsafe H5Fcreate(temporary, Self.exclusive, creation.identifier, access.identifier)
      }
      temporaryPath = temporary
    } catch {
      throw CheckpointError(.notWritable(detail: error.detail), path: path)
    }
  }

  deinit {
    close()
  }

  /// Flushes a created file to disk and gives it its name, then closes it.
  ///
  /// - Throws: `CheckpointError`: `notWritable`; then nothing appears under the file's name.
  package func commit() throws {
    guard let temporary = temporaryPath, let identifier = openIdentifier else {
      preconditionFailure("\(path): only a file that is being created can be committed, and once")
    }
    do {
      try HDF5Library.attempt { H5Fflush(identifier, H5F_SCOPE_GLOBAL) }
      openIdentifier = nil
      try HDF5Library.attempt { H5Fclose(identifier) }
      try FileSystem.publish(temporary, as: path)
      temporaryPath = nil
    } catch let failure as HDF5Library.Failure {
      close()
      throw CheckpointError(.notWritable(detail: failure.detail), path: path)
    } catch {
      close()
      throw error
    }
  }

  /// Closes the file; one that was being created and not committed is deleted.
  package func close() {
    if let identifier = openIdentifier { _ = HDF5Library.perform { H5Fclose(identifier) } }
    openIdentifier = nil
    if let temporary = temporaryPath { FileSystem.remove(temporary) }
    temporaryPath = nil
  }

  /// Whether the file is being created.
  var isBeingCreated: Bool { temporaryPath != nil }

  /// The library's number for the open file.
  var identifier: hid_t {
    guard let openIdentifier else { preconditionFailure("\(path): the file is closed") }
    return openIdentifier
  }

  /// The first bytes of every HDF5 file that begins at byte 0.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func checkSuperblock(of path: String) throws {
    let start = try InputFile(path).bytes(at: 0, atMost: 9)
    guard start.count == 9, start.starts(with: signature) else {
      throw CheckpointError(
        .unreadable(detail: "it doesn't start as an HDF5 file does"),
        path: path
      )
    }
    guard start[8] >= 2 else {
      throw CheckpointError(
        .unsupported(
          detail: "is in HDF5's old format, which has no checksums and can't be read safely",
          remedy: "write it in the new one (h5repack --low=2, or in h5py: libver=\"v110\")"
        ),
        path: path
      )
    }
  }

  // H5F_ACC_RDONLY and H5F_ACC_EXCL, which C defines as expressions.
  private static let readOnly: UInt32 = 0
  private static let exclusive: UInt32 = 4

  private static func accessProperties() throws(HDF5Library.Failure) -> HDF5Handle {
    try HDF5Library.attempt { H5open() }
    let list = try HDF5Handle(.propertyList) { H5Pcreate(H5P_CLS_FILE_ACCESS_ID_g) }
    // Checksummed metadata (readable by HDF5 1.10 and later, h5py included).
    try HDF5Library.attempt {
      H5Pset_libver_bounds(list.identifier, H5F_LIBVER_V110, H5F_LIBVER_V110)
    }
    try HDF5Library.attempt { H5Pset_fclose_degree(list.identifier, H5F_CLOSE_STRONG) }
    // No locks: files are renamed into their places when they are whole, so a lock guards nothing. It
    // would fail on disks that know none, and a process that is just being started inherits one.
    try HDF5Library.attempt { H5Pset_file_locking(list.identifier, false, true) }
    return list
  }
}

extension Int {
  /// The product, or the largest number when it overflows.
  func saturatingMultiply(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
