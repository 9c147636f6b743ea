/// A class or function that a pickle may name.
///
/// Naming it runs nothing: the reader knows what its result looks like and builds that itself.
/// Whatever is not listed here is refused.
struct AllowedGlobal: Equatable, Sendable {
  /// What the reader makes of it.
  enum Role: Equatable, Sendable {
    /// `torch.FloatStorage` and its like; nil is untyped.
    case storageType(ElementType?)
    /// `torch.float32` and its like.
    case elementType(ElementType)
    /// (storage, offset, size, stride, …), all versions that name the type through the storage.
    case rebuildTensor
    /// (storage, offset, size, stride, requires_grad, hooks, dtype, …).
    case rebuildTypedTensor
    /// (tensor, …): the tensor itself.
    case rebuildParameter
    /// (function, class, arguments, state): what the function makes of the arguments.
    case rebuildFromType
    /// A class of dictionaries.
    case dictionary
    /// A class of sets.
    case set
    /// A class of lists or tuples.
    case sequence
    /// Anything that matters to no weight: kept as a name with its arguments.
    case opaque
  }

  /// Its full name, such as `collections.OrderedDict`.
  let name: String
  /// What the reader makes of it.
  let role: Role

  /// Looks a name up; nil when it is not on the list.
  ///
  /// - Parameters:
  ///   - module: the Python module.
  ///   - name: the name in it.
  init?(module: String, name: String) {
    let full = module + "." + name
    guard let role = Self.roles[full] else { return nil }
    self.name = full
    self.role = role
  }

  /// The allow-list.
  static let roles: [String: Role] = {
    var roles: [String: Role] = [
      "torch._utils._rebuild_tensor": .rebuildTensor,
      "torch._utils._rebuild_tensor_v2": .rebuildTensor,
      "torch._utils._rebuild_tensor_v3": .rebuildTypedTensor,
      "torch._utils._rebuild_parameter": .rebuildParameter,
      "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
      "torch._tensor._rebuild_from_type": .rebuildFromType,
      "torch._tensor._rebuild_from_type_v2": .rebuildFromType,
      "torch.storage.UntypedStorage": .storageType(nil),
      "torch.UntypedStorage": .storageType(nil),
      "torch.Size": .sequence,
      "collections.OrderedDict": .dictionary,
      "collections.defaultdict": .dictionary,
      "collections.Counter": .dictionary,
      "collections.deque": .sequence,
    ]
    for (name, type) in storageTypes { roles["torch." + name] = .storageType(type) }
    for (name, type) in elementTypes { roles["torch." + name] = .elementType(type) }
    for module in ["builtins", "__builtin__"] {
      roles[module + ".dict"] = .dictionary
      roles[module + ".set"] = .set
      roles[module + ".frozenset"] = .set
      roles[module + ".list"] = .sequence
      roles[module + ".tuple"] = .sequence
      for name in ["int", "long", "float", "bool", "complex", "str", "bytes", "object", "slice"] {
        roles[module + "." + name] = .opaque
      }
    }
    for name in opaqueNames { roles[name] = .opaque }
    return roles
  }()

  private static let storageTypes: [(String, ElementType)] = [
    ("DoubleStorage", .float64), ("FloatStorage", .float32), ("HalfStorage", .float16),
    ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32),
    ("ShortStorage", .int16), ("CharStorage", .int8), ("ByteStorage", .uint8),
    ("BoolStorage", .bool),
  ]

  private static let elementTypes: [(String, ElementType)] = [
    ("float64", .float64), ("double", .float64), ("float32", .float32), ("float", .float32),
    ("float16", .float16), ("half", .float16), ("bfloat16", .bfloat16), ("int64", .int64),
    ("long", .int64), ("int32", .int32), ("int", .int32), ("int16", .int16), ("short", .int16),
    ("int8", .int8), ("uint64", .uint64), ("uint32", .uint32), ("uint16", .uint16),
    ("uint8", .uint8), ("bool", .bool),
  ]

  /// What real checkpoints hold beside weights: scores, dates, options, optimiser settings.
  private static let opaqueNames = [
    "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
    "torch.complex64", "torch.complex128", "torch.memory_format", "torch.strided",
    "torch.contiguous_format", "torch.channels_last",
    "numpy.dtype", "numpy.ndarray",
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "numpy.dtypes.Float64DType", "numpy.dtypes.Float32DType", "numpy.dtypes.Int64DType",
    "numpy.dtypes.Int32DType", "numpy.dtypes.BoolDType",
    "_codecs.encode", "copyreg._reconstructor", "copy_reg._reconstructor",
    "argparse.Namespace", "types.SimpleNamespace",
    "datetime.datetime", "datetime.date", "datetime.timedelta", "datetime.timezone",
    "pathlib.Path", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath",
    "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
    "decimal.Decimal", "fractions.Fraction", "uuid.UUID",
  ]
}
