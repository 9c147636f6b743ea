import Foundation

/// Finds the masks of photographs where the description says they lie; nothing is decoded.
struct MaskLocator {
  /// Why a photograph has no masks.
  struct Absence: Error {
    let detail: String
  }

  let task: MaskTaskDescription
  /// By split the folder that paths start from.
  private var folders: [String: URL] = [:]
  private var boxes: MaskBoxTable?
  /// By folder, from names as on disk and in `normalized` form to names as on disk.
  private var listings: [String: [String: String]] = [:]
  /// By folder that holds masks, the names of those that some photograph has.
  private var used: [String: Set<String>] = [:]

  /// Finds the folders and reads the table of boxes.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - dataset: its set.
  ///   - root: the set's folder; nil where the program draws it.
  /// - Throws: `DatasetsError` where a folder of masks or the table is missing or malformed. A folder
  ///   must be there even where missing files mean that a class is absent.
  init(_ task: MaskTaskDescription, of dataset: Dataset, root: URL?) throws {
    self.task = task
    guard let root else { return }
    if case .boxes(let table, let names) = task.places {
      boxes = try MaskBoxTable(locate(table, below: root), names: names)
    }
    for split in dataset.splits where !templates.isEmpty {
      let folder = unnested(try locate(split.masks, below: root))
      for template in templates { _ = try locate(template.fixedFolder, below: folder) }
      folders[split.name] = folder
    }
  }

  /// Finds one photograph's masks.
  ///
  /// - Parameter raw: the photograph.
  /// - Returns: where its masks lie, or what is missing.
  mutating func find(_ raw: RawSample) -> Result<SampleMasks, Absence> {
    do {
      return .success(SampleMasks(source: try source(raw), field: try field(raw)))
    } catch {
      return .failure(error)
    }
  }

  private var templates: [MaskPathTemplate] {
    var templates: [MaskPathTemplate] = []
    if case .file(let template) = task.places { templates.append(template) }
    if case .files(let all) = task.places { templates += all }
    if case .file(let template) = task.field { templates.append(template) }
    return templates
  }

  private mutating func source(_ raw: RawSample) throws(Absence) -> MaskSource {
    switch task.places {
    case .file(let template):
      return .file(try file(template, raw))
    case .files(let templates):
      var urls: [URL?] = []
      for template in templates {
        do {
          urls.append(try file(template, raw))
        } catch  where task.missing == .absent {
          urls.append(nil)
        }
      }
      return .files(urls)
    case .boxes(_, let names):
      let lists = names.map {
        boxes?.boxes(of: $0, image: raw.texts.name, split: raw.split) ?? []
      }
      guard lists.contains(where: { !$0.isEmpty }) else {
        let wanted = names.joined(separator: ", ")
        throw Absence(detail: "\(boxes?.path ?? "") has no box of \(wanted) for it")
      }
      return .boxes(lists)
    case .drawn(let masks):
      return .drawn(masks)
    }
  }

  private mutating func field(_ raw: RawSample) throws(Absence) -> FieldOfViewSource {
    switch task.field {
    case .none: return .whole
    case .computed: return .computed
    case .drawn: return .drawn
    case .file(let template): return .file(try file(template, raw))
    }
  }

  private mutating func file(
    _ template: MaskPathTemplate,
    _ raw: RawSample
  ) throws(Absence) -> URL {
    let path = template.filled(name: raw.name, stem: raw.texts.name, key: raw.texts.key)
    guard var place = folders[raw.split] else {
      throw Absence(detail: "the split has no folder of masks")
    }
    let parts = path.split(separator: "/").map(String.init)
    for part in parts.dropLast() { place = try entry(part, in: place) }
    let folder = place.path(percentEncoded: false)
    if used[folder] == nil { used[folder] = [] }
    place = try entry(parts.last ?? "", in: place)
    used[folder]?.insert(place.lastPathComponent)
    return place
  }

  /// A part of a mask's path as it lies on disk, perhaps packed.
  private mutating func entry(_ part: String, in folder: URL) throws(Absence) -> URL {
    let name = name(of: part, in: folder)
    guard let found = name ?? self.name(of: "\(part).gz", in: folder) else {
      throw Absence(
        detail:
          "its mask ‘\(part)’ is not in \(folder.shortPath); fetch it, or take the photograph "
          + "out of its folder"
      )
    }
    return folder.appending(path: found)
  }

  /// The files in folders of masks that no photograph has, sorted.
  var strays: [String] {
    used.flatMap { folder, names in
      Set((listings[folder] ?? [:]).values).subtracting(names)
        .filter { !$0.hasPrefix(".") && $0 != "Thumbs.db" }
        .map { URL(filePath: folder, directoryHint: .isDirectory).appending(path: $0).shortPath }
    }.sorted()
  }

  /// The name on disk; letter case and white space don't matter where the exact name is absent.
  private mutating func name(of wanted: String, in folder: URL) -> String? {
    let path = folder.path(percentEncoded: false)
    if listings[path] == nil {
      var listing: [String: String] = [:]
      let names = namesInFolder(folder)
      for name in names { listing[normalized(name)] = name }
      for name in names { listing[name] = name }
      listings[path] = listing
    }
    return listings[path]?[wanted] ?? listings[path]?[normalized(wanted)]
  }
}
