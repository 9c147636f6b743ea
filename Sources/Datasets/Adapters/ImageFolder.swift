import Foundation

/// The image files below a folder, found by name.
struct ImageFolder {
  /// One image file.
  struct Entry: Hashable {
    /// The path below the folder, as on disk.
    let path: String
    /// The file.
    let url: URL
    /// The path without its extension.
    let name: String
    /// The name of the folder that holds the image; nil where that is the folder itself.
    var parent: String? {
      let folder = (path as NSString).deletingLastPathComponent
      return folder.isEmpty ? nil : (folder as NSString).lastPathComponent
    }
    /// The last part of `name`.
    var stem: String { (name as NSString).lastPathComponent }
  }

  /// The folder.
  let url: URL
  /// The images, sorted by path.
  let entries: [Entry]
  /// How many other files there are, such as `Thumbs.db`; hidden ones aside.
  let otherFileCount: Int

  private let extensions: [String]
  /// From lower-case paths, with and without extension, to indices in `entries`.
  private let places: [String: [Int]]

  /// Lists a folder and the folders below it.
  ///
  /// - Parameters:
  ///   - url: the folder.
  ///   - extensions: of image files, lower case, without the dot; earlier ones are preferred.
  /// - Throws: `DatasetsError` where it is no folder that can be read.
  init(_ url: URL, extensions: [String]) throws {
    self.url = url
    self.extensions = extensions
    let base = url.resolvingSymlinksInPath()
    guard isFolder(base),
      let walk = FileManager.default.enumerator(atPath: base.path(percentEncoded: false))
    else {
      let detail = "it is no folder that can be read, expected a folder of images"
      throw DatasetsError(.unreadable(detail: detail), path: url.shortPath)
    }
    var paths: [String] = []
    var folders: Set<String> = []
    var others = 0
    for case let path as String in walk where !path.hasPrefix(".") && !path.contains("/.") {
      if let slash = path.lastIndex(of: "/") { folders.insert(String(path[..<slash])) }
      if Self.imageExtension(of: path, among: extensions) != nil {
        paths.append(path)
      } else if isFile(base.appending(path: path)) {
        others += 1
      }
    }
    // What looks like an image is not looked at: that takes longer than all the rest.
    entries = Self.unpackedFirst(paths.filter { !folders.contains($0) }.sorted()).map { path in
      let count = Self.imageExtension(of: path, among: extensions)?.count ?? 0
      let name = String(path.dropLast(count + 1))
      return Entry(path: path, url: url.appending(path: path), name: name)
    }
    otherFileCount = others
    var places: [String: [Int]] = [:]
    for (index, entry) in entries.enumerated() {
      for key in Set([entry.path.lowercased(), entry.name.lowercased()]) {
        places[key, default: []].append(index)
      }
    }
    self.places = places
  }

  /// The extension by which a path is an image's, in lower case; nil where it is none.
  ///
  /// One with a dot in it, such as `ppm.gz`, goes before `gz`.
  private static func imageExtension(of path: String, among extensions: [String]) -> String? {
    let last = (path as NSString).pathExtension.lowercased()
    if last == "gz" {
      let inner = ((path as NSString).deletingPathExtension as NSString).pathExtension.lowercased()
      return extensions.contains("\(inner).gz") ? "\(inner).gz" : nil
    }
    return extensions.contains(last) ? last : nil
  }

  /// The paths without packed files that lie unpacked beside them.
  private static func unpackedFirst(_ paths: [String]) -> [String] {
    let all = Set(paths)
    return paths.filter { path in
      !path.lowercased().hasSuffix(".gz") || !all.contains(String(path.dropLast(3)))
    }
  }

  /// The image that a table names, with or without extension, in any letter case.
  ///
  /// - Parameter name: a path below the folder.
  /// - Returns: the image, nil where there is none; of several, the one of the same letter case and
  ///   then of the earliest extension.
  func image(named name: String) -> Entry? {
    // `.jpg` in the table may be `.jpeg` or `.JPG` on disk.
    let fileExtension = (name as NSString).pathExtension.lowercased()
    let bare =
      extensions.contains(fileExtension) ? (name as NSString).deletingPathExtension : name
    let candidates = places[name.lowercased()] ?? places[bare.lowercased()] ?? []
    return candidates.map { entries[$0] }.min { rank($0, name, bare) < rank($1, name, bare) }
  }

  private func rank(_ entry: Entry, _ name: String, _ bare: String) -> (Int, Int, String) {
    let sameCase = entry.path == name || entry.name == bare ? 0 : 1
    let fileExtension = (entry.path as NSString).pathExtension.lowercased()
    return (sameCase, extensions.firstIndex(of: fileExtension) ?? extensions.count, entry.path)
  }
}

/// Finds a file or folder below `root`; where the exact name is absent, one that differs in letter
/// case or white space only will do, or one in a folder of the same name, as archives leave them:
/// `A/A/B` for `A/B`.
///
/// - Parameters:
///   - path: a path below the root; empty for the root itself.
///   - root: a folder.
/// - Returns: what is there.
/// - Throws: `DatasetsError` that lists what the deepest existing folder holds.
func locate(_ path: String, below root: URL) throws -> URL {
  var place = root
  for component in path.split(separator: "/").map(String.init) {
    let next = place.appending(path: component)
    if FileManager.default.fileExists(atPath: next.path(percentEncoded: false)) {
      place = next
      continue
    }
    let inner = unnested(place).appending(path: component)
    if FileManager.default.fileExists(atPath: inner.path(percentEncoded: false)) {
      place = inner
      continue
    }
    let names = namesInFolder(place)
    let alike = names.filter { normalized($0) == normalized(component) }
    guard alike.count == 1, let name = alike.first else {
      throw DatasetsError(
        .missingInLayout(wanted: path, present: names.filter { !$0.hasPrefix(".") }),
        path: place.shortPath
      )
    }
    place = place.appending(path: name)
  }
  return place
}

/// The innermost of folders of one name that hold each other, as archives leave them: `A/A` for `A`.
///
/// - Parameter folder: an existing folder.
/// - Returns: the folder, or the one of its name in it.
func unnested(_ folder: URL) -> URL {
  let inner = folder.appending(path: folder.lastPathComponent)
  return isFolder(inner) ? unnested(inner) : folder
}

/// A name in lower case, with single spaces and none at its ends.
func normalized(_ name: String) -> String {
  name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
