/// Figures from elsewhere, such as a paper's, that runs of the same protocol are compared with.
///
/// They are no run of this program: they have no status and no interval, and none of them is ever
/// the best of a column.
package struct PublishedResult: Equatable, Sendable {
  /// How the figures came about.
  package enum Origin: String, CaseIterable, Sendable {
    /// They stand in the source.
    case published
    /// They don't: somebody measured them with the weights that belong to the source.
    case releasedWeights = "released-weights"
  }

  /// The model, as the source calls it.
  package var model: String
  /// How the figures came about.
  package var origin: Origin
  /// The data set's name in `datasets.yaml`.
  package var dataset: String
  /// The task's name there.
  package var task: String
  /// The split that the metrics were computed on.
  package var split: String
  /// How many samples of that split they were computed on.
  package var count: Int
  /// The name of the protocol that comes nearest, such as `segmentation`.
  package var protocolName: String
  /// The preset that repeats the source's steps; nil where none does.
  package var preset: String?
  /// The numbers.
  package var figures: [PublishedFigure]
  /// Where they, or the weights, come from.
  package var source: PublishedSource
  /// What else a reader has to know.
  package var notes: String?

  /// States figures from elsewhere.
  package init(
    model: String,
    origin: Origin,
    dataset: String,
    task: String,
    split: String,
    count: Int,
    protocolName: String,
    preset: String? = nil,
    figures: [PublishedFigure],
    source: PublishedSource,
    notes: String? = nil
  ) {
    self.model = model
    self.origin = origin
    self.dataset = dataset
    self.task = task
    self.split = split
    self.count = count
    self.protocolName = protocolName
    self.preset = preset
    self.figures = figures
    self.source = source
    self.notes = notes
  }
}

/// One metric's number from elsewhere.
package struct PublishedFigure: Equatable, Sendable {
  /// The metric's identifier, as runs have it.
  package var identifier: String
  /// How classes were put together.
  package var averaging: Averaging
  /// The number.
  package var value: Double

  /// States a number.
  package init(identifier: String, averaging: Averaging = .none, value: Double) {
    self.identifier = identifier
    self.averaging = averaging
    self.value = value
  }
}

/// Where figures from elsewhere can be looked up.
package struct PublishedSource: Equatable, Sendable {
  /// Authors, title and journal in one line.
  package var title: String
  /// The digital object identifier, such as `10.1038/s41598-022-09675-y`.
  package var doi: String?
  /// The number on arXiv, such as `2009.01907`.
  package var arxiv: String?
  /// A page.
  package var url: String?
  /// Where in the source, such as `Table 2`.
  package var place: String?

  /// States a source.
  package init(
    title: String,
    doi: String? = nil,
    arxiv: String? = nil,
    url: String? = nil,
    place: String? = nil
  ) {
    self.title = title
    self.doi = doi
    self.arxiv = arxiv
    self.url = url
    self.place = place
  }
}
