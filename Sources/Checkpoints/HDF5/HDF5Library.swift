@unsafe @preconcurrency import CHDF5
import Parallelism

/// The only door to the HDF5 library: every call passes it, one at a time.
///
/// The library keeps global state and may have been built without its own lock, so calls are
/// serialised here. It is told to print nothing: what it has to say goes into the error.
enum HDF5Library {
  /// The lock; its value says whether the library has been set up.
  private static let gate = Monitor(false)

  /// The library's own account of a failed call.
  struct Failure: Error {
    let detail: String
  }

  /// Runs one call of the library alone.
  ///
  /// - Parameter call: the call; it must not come back to this type.
  /// - Returns: what the call returned, zero or more.
  /// - Throws: `Failure` when the call returned a negative number.
  @discardableResult
  static func attempt<Result: SignedInteger & Sendable>(
    _ call: () -> Result
  ) throws(Failure) -> Result {
    var detail: String?
    let result = gate.withLock { isReady in
      prepare(&isReady)
      let result = call()
      if result < 0 { detail = takeErrorStack() }
      return result
    }
    if let detail { throw Failure(detail: detail) }
    return result
  }

  /// Runs one call that answers no question with a negative number.
  static func perform<Result: Sendable>(_ call: () -> Result) -> Result {
    gate.withLock { isReady in
      prepare(&isReady)
      return call()
    }
  }

  /// Sets the library up once and silences it for this thread (its error stacks are per thread).
  private static func prepare(_ isReady: inout Bool) {
    if !isReady {
      // Every file is closed by its owner. What the library does as the process ends would touch a
      // file whose closing failed, as on a full disk, and crash.
      _ = H5dont_atexit()
      _ = H5open()
      // No filter plug-in is ever loaded: a file must not choose code to run.
      _ = H5PLset_loading_state(0)
      isReady = true
    }
    _ = H5Eset_auto2(0, nil, nil)
  }

  /// The deepest and the outermost message of this thread's error stack, which is then cleared.
  private static func takeErrorStack() -> String {
    let messages = MessageList()
    _ = unsafe H5Ewalk2(
      0,
      H5E_WALK_UPWARD,
      { _, record, context in
        guard let record = unsafe record, let context = unsafe context,
          let text = unsafe record.pointee.desc
        else { return 0 }
        unsafe Unmanaged<MessageList>.fromOpaque(context).takeUnretainedValue()
          .messages.append(String(cString: text))
        return 0
      },
      Unmanaged.passUnretained(messages).toOpaque()
    )
    _ = H5Eclear2(0)
    guard let deepest = messages.messages.first, let outermost = messages.messages.last else {
      return "the HDF5 library gave no reason"
    }
    return deepest == outermost ? deepest : "\(outermost) (\(deepest))"
  }

  private final class MessageList {
    var messages: [String] = []
  }
}

/// An open object of the HDF5 library, closed when it goes out of scope.
struct HDF5Handle: ~Copyable {
  /// How an object is closed.
  enum Kind {
    case dataset, dataspace, datatype, group, attribute, propertyList, object
  }

  /// The library's number for it.
  let identifier: hid_t
  private let kind: Kind

  /// Opens an object.
  ///
  /// - Parameters:
  ///   - kind: what `open` opens.
  ///   - open: the call that opens it.
  /// - Throws: `HDF5Library.Failure` when that fails.
  init(_ kind: Kind, _ open: () -> hid_t) throws(HDF5Library.Failure) {
    identifier = try HDF5Library.attempt(open)
    self.kind = kind
  }

  deinit {
    let (identifier, kind) = (identifier, kind)
    _ = HDF5Library.perform {
      switch kind {
      case .dataset: H5Dclose(identifier)
      case .dataspace: H5Sclose(identifier)
      case .datatype: H5Tclose(identifier)
      case .group: H5Gclose(identifier)
      case .attribute: H5Aclose(identifier)
      case .propertyList: H5Pclose(identifier)
      case .object: H5Oclose(identifier)
      }
    }
  }
}
