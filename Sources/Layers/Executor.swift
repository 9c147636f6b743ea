package import Kernels
package import Tensors

/// Runs the operations of which models are made.
///
/// Models are written once, against this protocol: an executor of tensors computes at once and
/// fuses what it can; an executor of a tape's variables also notes how to differentiate. Shapes:
/// B sequences or images, T tokens, C features; feature maps are [B, H, W, C].
package protocol Executor: AnyObject {
  /// What flows between operations.
  associatedtype Value

  /// A value that doesn't depend on parameters, e.g. images.
  func constant(_ tensor: Tensor) -> Value
  /// The sizes of a value.
  func shape(of value: Value) -> [Int]

  /// activation(x·Wᵀ + b) over the last dimension.
  func linear(_ x: Value, _ layer: Linear, activation: Activation?) -> Value
  /// residual + x·Wᵀ + b.
  func addLinear(_ x: Value, _ layer: Linear, to residual: inout Value)
  /// Convolution, batch normalisation (where the layer has one) and ReLU (where wanted).
  func convolution(_ x: Value, _ layer: Convolution, relu: Bool) -> Value
  /// relu(residual + convolution with its batch normalisation).
  func addConvolution(_ x: Value, _ layer: Convolution, to residual: inout Value)
  /// The batch normalisation of relu(convolution).
  func rectifiedConvolution(_ x: Value, _ layer: RectifiedConvolution) -> Value
  /// residual + the batch normalisation of relu(convolution).
  func addRectifiedConvolution(_ x: Value, _ layer: RectifiedConvolution, to residual: inout Value)
  /// A map `factor` times higher and wider.
  func transposedConvolution(_ x: Value, _ layer: TransposedConvolution) -> Value
  /// Maps [B, H, W, C] brought to [B, height, width, C] bilinearly, the maps' edges staying in place.
  ///
  /// As PyTorch's `interpolate` with `align_corners=False` and without antialiasing.
  func resized(_ x: Value, height: Int, width: Int) -> Value
  /// The tokens [B, T, C] of images [B, H, W, 3].
  func patchEmbedding(_ x: Value, _ layer: PatchEmbedding) -> Value
  /// Layer normalisation over the last dimension.
  func layerNorm(_ x: Value, _ layer: LayerNorm) -> Value
  /// Average or maximum of windows.
  func pooled(_ x: Value, _ kind: PoolingKind, _ window: PoolingShape) -> Value
  /// Multi-head self-attention of a joined value [B, T, 3·C] in the order query, key, value.
  ///
  /// `lengths` says how many first tokens of each sequence are seen.
  func selfAttention(_ joined: Value, heads: Int, lengths: [Int]?) -> Value
  /// Attention of queries [B, C] or [B, Q, C] over a joined value [B, T, 2·C]: key, value.
  ///
  /// The result has the queries' shape.
  func crossAttention(_ query: Value, _ joined: Value, heads: Int, lengths: [Int]?) -> Value
  /// The sum of rows of tables, for B sequences of T tokens.
  func embedding(_ lookups: [(indices: [Int32], table: Parameter)], batch: Int) -> Value
  /// A class token before tokens, positions added (interpolated to the number of tokens).
  func prepend(_ token: Parameter, to tokens: Value, positions: PositionTable) -> Value
  /// The mean of tokens [B, T, C] before them, positions added.
  func prependMean(to tokens: Value, positions: PositionTable) -> Value
  /// One token of each sequence: [B, C].
  func token(_ index: Int, of x: Value) -> Value
  /// All tokens of each sequence but the first: [B, T − 1, C].
  func tokensBehindFirst(of x: Value) -> Value
  /// The mean of some tokens of each sequence: [B, C].
  func meanToken(of x: Value, over range: Range<Int>) -> Value
  /// The same elements in another shape.
  func reshaped(_ x: Value, _ shape: [Int]) -> Value
  /// Values of the same rows side by side: [..., C₁], [..., C₂], … become [..., C₁ + C₂ + …].
  func concatenated(_ parts: [Value]) -> Value
  /// Rows of Euclidean length 1.
  func normalized(_ x: Value) -> Value
  /// A block of a network, which an executor that saves memory may run again later.
  ///
  /// `body` depends on nothing that a second run would find changed, and changes `x` only.
  func segment(_ x: inout Value, _ body: @escaping (inout Value) -> Void)
}

/// Learnt positions of a class token and a grid of patches, for any number of patches.
package struct PositionTable {
  /// [1 + grid·grid, C], perhaps with leading dimensions of 1.
  package let parameter: Parameter
  /// The grid's side that the positions were learnt for.
  package let learntGrid: Int
  /// How positions for another grid are made.
  package let rule: Rule

  /// How positions for another grid are made, bicubically with a = −0.75.
  package enum Rule: String, Codable, Sendable {
    /// Corner patches keep their positions, as CLIP's released code does.
    case alignedCorners = "aligned_corners"
    /// Patches are areas, as Hugging Face's DINOv2 does.
    case areas
  }

  /// Describes positions.
  ///
  /// - Parameters:
  ///   - parameter: the learnt positions.
  ///   - learntGrid: the grid's side that they were learnt for.
  ///   - rule: how positions for another grid are made.
  package init(parameter: Parameter, learntGrid: Int, rule: Rule) {
    self.parameter = parameter
    self.learntGrid = learntGrid
    self.rule = rule
  }
}
