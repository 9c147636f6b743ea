import Testing

/// A change of the small catalog that the schema doesn't allow, and the error that it gives.
struct CatalogFault: Sendable, CustomTestStringConvertible {
  let original: String
  let replacement: String
  /// The error's line.
  let line: Int
  /// A part of its message.
  let message: String

  var testDescription: String { replacement.debugDescription }

  static let all: [CatalogFault] = [
    CatalogFault(
      original: "  version: 1",
      replacement: "  vershion: 1",
      line: 2,
      message: "unknown key ‘vershion’ in the entry (did you mean ‘version’?)"
    ),
    CatalogFault(
      original: "  version: 1\n",
      replacement: "",
      line: 1,
      message: "lacks the key ‘version’"
    ),
    CatalogFault(
      original: "version: 1",
      replacement: "version: one",
      line: 2,
      message: "‘version’ is the text ‘one’, expected a whole number"
    ),
    CatalogFault(
      original: "version: 1",
      replacement: "version: '1'",
      line: 2,
      message: "a whole number"
    ),
    CatalogFault(
      original: "version: 1",
      replacement: "version: 0",
      line: 2,
      message: "allowed: 1 and above"
    ),
    CatalogFault(
      original: "title: A set",
      replacement: "title: [A, set]",
      line: 3,
      message: "‘title’ is a list, expected a text"
    ),
    CatalogFault(
      original: "title: A set",
      replacement: "title:",
      line: 3,
      message: "is empty, expected a text"
    ),
    CatalogFault(
      original: "adapter: csv",
      replacement: "adapter: cvs",
      line: 4,
      message: "did you mean ‘csv’?"
    ),
    CatalogFault(
      original: "root: fundus",
      replacement: "root: Fundus A",
      line: 5,
      message: "small letters, digits and hyphens"
    ),
    CatalogFault(
      original: "root: fundus",
      replacement: "root: fundus\n  root: other",
      line: 5,
      message: "repeated key ‘root’"
    ),
    CatalogFault(
      original: "table: train.csv",
      replacement: "table: ../train.csv",
      line: 8,
      message: "a path below the root, without ‘..’"
    ),
    CatalogFault(
      original: "count: 4",
      replacement: "number: 4",
      line: 8,
      message: "unknown key ‘number’ in ‘fundus’ splits train"
    ),
    CatalogFault(
      original: "    test: { table",
      replacement: "    tset: { table",
      line: 9,
      message: "unknown key ‘tset’ in ‘fundus’ splits (did you mean ‘test’?)"
    ),
    CatalogFault(
      original: "count: 4",
      replacement: "sha256: abc",
      line: 8,
      message: "64 hexadecimal digits"
    ),
    CatalogFault(
      original: "en: [\"a photo of {}\"",
      replacement: "en: [\"a photo\"",
      line: 10,
      message: "a sentence with {} once"
    ),
    CatalogFault(
      original: "kind: multiclass",
      replacement: "kind: multi-class",
      line: 15,
      message: "did you mean ‘multiclass’?"
    ),
    CatalogFault(
      original: "ordered: true",
      replacement: "ordered: yes",
      line: 16,
      message: "expected true or false"
    ),
    CatalogFault(
      original: "[none, mild, severe]",
      replacement: "[none, mild, mild]",
      line: 18,
      message: "each text once"
    ),
    CatalogFault(
      original: "train: [2, 1, 1]",
      replacement: "train: [2, 1]",
      line: 19,
      message: "‘train’ is ‘2 numbers’, allowed: 3, one for each class"
    ),
    CatalogFault(
      original: "{ none: [a normal fundus],",
      replacement: "{ non: [a normal fundus],",
      line: 21,
      message: "(did you mean ‘none’?)"
    ),
    CatalogFault(
      original: ", severe: [disease] }",
      replacement: " }",
      line: 21,
      message: "lacks the key ‘severe’"
    ),
    CatalogFault(
      original: "from: grade",
      replacement: "from: grades",
      line: 25,
      message: "a multiclass task above: grade (did you mean ‘grade’?)"
    ),
    CatalogFault(
      original: "positive: [1, 2]",
      replacement: "positive: [1, 3]",
      line: 25,
      message: "‘positive’ is ‘3’, allowed: 0…2"
    ),
    CatalogFault(
      original: "positive: [1, 2]",
      replacement: "positive: [0, 1, 2]",
      line: 25,
      message: "not all of them"
    ),
    CatalogFault(
      original: "[healthy, sick]",
      replacement: "[healthy]",
      line: 26,
      message: "2 classes, the negative first"
    ),
    CatalogFault(
      original: "columns: [D, G]",
      replacement: "columns: [D]",
      line: 30,
      message: "‘1 columns’, allowed: 2"
    ),
    CatalogFault(
      original: "columns: [D, G]",
      replacement: "column: D",
      line: 30,
      message: "‘column’ has no place here, remove it; allowed: with one label per image"
    ),
    CatalogFault(
      original: "source: { title: Nobody }",
      replacement: "source: { doi: 10.1/2 }",
      line: 35,
      message: "lacks the key ‘title’"
    ),
    CatalogFault(
      original: "source: { title: Nobody }",
      replacement: "source: { title: Nobody",
      line: 36,
      message: "is not valid YAML"
    ),
    CatalogFault(
      original: "source: {",
      replacement: "generator: { seed: 1 }\n  source: {",
      line: 35,
      message: "with the adapter synthetic only"
    ),
    CatalogFault(
      original: "source: {",
      replacement: "group: { pattern: '([0-9' }\n  source: {",
      line: 35,
      message: "a regular expression with a capture group"
    ),
  ]
}
