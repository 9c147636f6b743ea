@unsafe @preconcurrency import CHDF5

/// An object of a file.
package struct HDF5Object: Equatable, Sendable {
  /// A group's or a data set's particulars.
  package enum Kind: Equatable, Sendable {
    case group
    case dataset(HDF5Dataset)
    /// A link that leads elsewhere, or a named type: listed, never followed.
    case other
  }
  /// The absolute path, such as `/model/logit_scale`.
  package var name: String
  /// What it is.
  package var kind: Kind
}

extension HDF5File {
  /// Whether the file holds an object of this name.
  ///
  /// Symbolic and external links count for nothing: a file can't make its reader open another one.
  ///
  /// - Parameter name: the object's path.
  /// - Returns: false also for what can be no path.
  package func contains(_ name: String) -> Bool {
    guard let components = try? Self.components(of: name) else { return false }
    var prefix = ""
    for component in components {
      prefix += "/" + component
      guard HDF5Library.perform({ unsafe H5Lexists(identifier, prefix, 0) }) > 0,
        (try? isHardLink(prefix)) == true
      else { return false }
    }
    return true
  }

  /// Describes a data set.
  ///
  /// - Parameter name: its path.
  /// - Returns: type, shape and storage.
  /// - Throws: `CheckpointError`: `missingObject`, `unexpectedType` when it is no data set,
  ///   `malformed`.
  package func describe(_ name: String) throws -> HDF5Dataset {
    try withDataset(name) { dataset, description in description }
  }

  /// Lists what lies under a group, at every depth, in the order of names.
  ///
  /// - Parameter group: the group's path.
  /// - Returns: groups and data sets, a group before its contents.
  /// - Throws: `CheckpointError`: `missingObject`, `malformed` for a file whose groups contain each
  ///   other or that holds more objects than `limits` allows.
  package func list(under group: String = "/") throws -> [HDF5Object] {
    var objects: [HDF5Object] = []
    try list(group: Self.absolute(group), depth: 0, into: &objects)
    return objects
  }

  private func list(group: String, depth: Int, into objects: inout [HDF5Object]) throws {
    guard depth <= 64 else {
      throw CheckpointError(
        .malformed(place: group, detail: "groups more than 64 deep"),
        path: path
      )
    }
    for name in try linkNames(in: group) {
      let child = group == "/" ? "/" + name : group + "/" + name
      guard objects.count < limits.objects else {
        let detail = "more than \(limits.objects) objects"
        throw CheckpointError(.malformed(place: group, detail: detail), path: path)
      }
      switch try kind(of: child) {
      case H5O_TYPE_GROUP:
        objects.append(HDF5Object(name: child, kind: .group))
        try list(group: child, depth: depth + 1, into: &objects)
      case H5O_TYPE_DATASET:
        objects.append(HDF5Object(name: child, kind: .dataset(try describe(child))))
      default:
        objects.append(HDF5Object(name: child, kind: .other))
      }
    }
  }

  /// What a hard link leads to, `H5O_TYPE_UNKNOWN` for the other links.
  func kind(of name: String) throws -> H5O_type_t {
    try reporting(name) {
      guard try isHardLink(name) else { return H5O_TYPE_UNKNOWN }
      let object = try HDF5Handle(.object) { unsafe H5Oopen(identifier, name, 0) }
      var information = H5O_info_t()
      try HDF5Library.attempt {
        unsafe H5Oget_info2(object.identifier, &information, Self.basicInformation)
      }
      return information.type
    }
  }

  private func isHardLink(_ name: String) throws(HDF5Library.Failure) -> Bool {
    var link = H5L_info_t()
    try HDF5Library.attempt { unsafe H5Lget_info(identifier, name, &link, 0) }
    return link.type == H5L_TYPE_HARD
  }

  private static let basicInformation: UInt32 = 1

  private func linkNames(in group: String) throws -> [String] {
    guard contains(group) else { throw CheckpointError(.missingObject(name: group), path: path) }
    return try reporting(group) {
      let handle = try HDF5Handle(.group) { unsafe H5Gopen2(identifier, group, 0) }
      let number = handle.identifier
      return try unsafe Self.names(limit: limits.objects) { context in
        unsafe H5Literate(
          number,
          H5_INDEX_NAME,
          H5_ITER_INC,
          nil,
          { _, name, _, context in unsafe NameList.take(name, context) },
          context
        )
      }
    }
  }

  /// Collects the names that one of the library's iterations visits.
  ///
  /// - Parameters:
  ///   - limit: the most names.
  ///   - iterate: the call; its callback hands name and context to ``NameList``.
  /// - Returns: the names in the order of the visit.
  /// - Throws: `HDF5Library.Failure` also for more names than `limit`.
  static func names(
    limit: Int,
    _ iterate: (UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Library.Failure) -> [String] {
    let list = NameList(limit: limit)
    try HDF5Library.attempt { unsafe iterate(Unmanaged.passUnretained(list).toOpaque()) }
    return list.names
  }

  /// Names on their way from a C callback.
  final class NameList {
    private(set) var names: [String] = []
    private let limit: Int

    fileprivate init(limit: Int) { self.limit = limit }

    /// Takes a name; -1 ends the iteration.
    static func take(_ name: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?) -> herr_t {
      guard let name = unsafe name, let context = unsafe context else { return -1 }
      let list = unsafe Unmanaged<NameList>.fromOpaque(context).takeUnretainedValue()
      guard list.names.count < list.limit else { return -1 }
      unsafe list.names.append(String(cString: name))
      return 0
    }
  }

  // MARK: Names

  /// The path's components, `/` having none.
  static func components(of name: String) throws -> [String] {
    let parts = name.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard !name.utf8.contains(0), !parts.contains("."), !parts.contains("..") else {
      throw CheckpointError(
        .invalidName(name: name, detail: "a path has no \".\", no \"..\" and no NUL"),
        path: ""
      )
    }
    return parts
  }

  /// The path with its leading slash and no doubled ones.
  static func absolute(_ name: String) throws -> String {
    "/" + (try components(of: name)).joined(separator: "/")
  }

  /// Runs `body`, turning the library's failures into errors that name the object.
  ///
  /// - Parameters:
  ///   - name: the object's path.
  ///   - body: what to do with it.
  /// - Returns: what `body` returns.
  /// - Throws: `CheckpointError` with the file's path in place of `HDF5Library.Failure`, and what
  ///   else `body` throws.
  func reporting<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as HDF5Library.Failure {
      throw isBeingCreated
        ? CheckpointError(.notWritable(detail: "\"\(name)\": \(failure.detail)"), path: path)
        : CheckpointError(.malformed(place: "\"\(name)\"", detail: failure.detail), path: path)
    } catch var error as CheckpointError where error.path.isEmpty {
      error.path = path
      throw error
    }
  }
}
