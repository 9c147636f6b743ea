"""Makes the fixtures of TokenizationTests with Chinese-CLIP's released tokenizer.

    pip install --no-deps --target REFERENCE cn-clip==1.6.0 six
    VBENCH_DATA=… python Tests/Fixtures/generate/tokenization.py REFERENCE

REFERENCE is the folder that `pip --target` filled; `cn_clip/clip/bert_tokenizer.py` in it is Google's
`FullTokenizer` of 2018 as Chinese-CLIP and ViLReF ship it, and cn_clip/clip/vocab.txt is BERT-base-Chinese's
vocabulary. Hugging Face's tokenizers are no reference: they drop all of category C, stop at 100 scalars per word and
normalise to NFC first. VBENCH_DATA holds the reference model's texts and token ids, of which a hash is recorded.

Writes Tests/Fixtures/Tokenization/: vocabulary.txt (a small vocabulary of our own), lines.json (texts, their words, and
their ids with both vocabularies at contexts 52 and 100) and scalars.json (a hash of the words around every scalar).
"""

import importlib.util
import json
import os
import pathlib
import platform
import random
import sys
import unicodedata

import numpy
import tokenization_lines

SEED = 20
CONTEXTS = (52, 100)
OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "Tokenization"


def load_reference(folder):
    """The module bert_tokenizer.py alone: the package's own __init__ asks for torch."""
    sys.path.append(folder)
    path = pathlib.Path(folder) / "cn_clip" / "clip" / "bert_tokenizer.py"
    specification = importlib.util.spec_from_file_location("bert_tokenizer", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module, path.parent / "vocab.txt"


def preprocess(text):
    """cn_clip/training/data.py, `_preprocess_text`."""
    return text.lower().replace("“", '"').replace("”", '"')


def encode(tokenizer, text, context):
    """cn_clip/clip/utils.py, `tokenize`, without the zeros that fill the row."""
    ids = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(preprocess(text)))
    return [tokenizer.vocab["[CLS]"], *ids[: context - 2], tokenizer.vocab["[SEP]"]]


def small_vocabulary(reference, lines):
    """A few hundred tokens with long, overlapping and continuing ones, in an order that says nothing."""
    generator = random.Random(SEED)
    basic = reference.BasicTokenizer()
    counts = {}
    for line in lines:
        for word in basic.tokenize(preprocess(line)):
            counts[word] = counts.get(word, 0) + 1
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:260]
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)] + [str(d) for d in range(10)]
    pieces = """retin ##opathy ##opath ##o ##pathy diab ##etic ##etic macul ##ar ##a ede ##ma glauc ##oma un ##aff
        ##able ##aaaa aa aaa ##aa ##b ##bb hem ##orr ##hage ο ##δ ##ος ##ς ##σ σ ##一 ##眼 ##≈ ##😀 😀 ##か が か
        ##\u3099 ##ll ##0 ##1 ##00 ##\u200d ##mm ##μm ##µm straße stra ##ss ##e ᄀ ##ᅡ ##ᆨ ## #""".split()
    continued = ["##" + letter for letter in letters if letter not in "qxz7"]
    rest = sorted(set(frequent + letters + pieces + continued) - {"[PAD]", "[UNK]", "[CLS]", "[SEP]"})
    generator.shuffle(rest)
    place = len(rest) // 3
    return ["[PAD]", *rest[:place], "[SEP]", "[UNK]", *rest[place : 2 * place], "[CLS]", *rest[2 * place :]]


def is_checked(value):
    """Whether a scalar is in scalars.json: assigned, no surrogate; vast uniform ranges are sampled."""
    if unicodedata.category(chr(value)) in ("Cn", "Cs") or value == 0x1171E:
        return False  # U+1171E was Mn until Unicode 15.1 and is Mc since.
    uniform = (
        0x3400 <= value < 0x9FF0 or 0xAC00 <= value < 0xD7A0 or 0xE000 <= value < 0xF900
        or 0x17000 <= value < 0x18D00 or 0x12000 <= value < 0x14647 or 0x20000 <= value < 0x31350
        or value >= 0xF0000
    )
    return not uniform or value % 61 == 0 or 0x2F800 <= value < 0x2FA20


def fnv1a(content):
    """The 64-bit FNV-1a hash of bytes, in hexadecimal."""
    state = 0xCBF29CE484222325
    for byte in content:
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return f"{state:016x}"


def model_hash(tokenizer):
    """The hash of the reference model's token ids (little-endian int32), which this tokenizer must give too."""
    folder = pathlib.Path(os.environ["VBENCH_DATA"]) / "reference"
    stored = numpy.load(folder / "vilref_vit_tiny.npz")["token_ids"]
    texts = (folder / "texts.txt").read_text(encoding="utf-8").splitlines()
    rows = [encode(tokenizer, text, stored.shape[1]) for text in texts]
    assert [row + [0] * (stored.shape[1] - len(row)) for row in rows] == stored.tolist()
    return fnv1a(stored.astype("<i4").tobytes())


def scalar_hashes(reference):
    """One FNV-1a hash per run of checked scalars: of the words of `x?y` and of `?` alone, for each scalar."""
    basic = reference.BasicTokenizer()
    runs = []
    for value in filter(is_checked, range(0x110000)):
        last = runs[-1] if runs else None
        if last and last["count"] == 1 and value - last["first"] in (1, 61):
            last.update(count=2, step=value - last["first"])
        elif last and last["first"] + last["count"] * last["step"] == value and last["count"] < 256:
            last["count"] += 1
        else:
            runs.append({"first": value, "count": 1, "step": 1})
    for run in runs:
        content = b""
        for value in (run["first"] + index * run["step"] for index in range(run["count"])):
            words = basic.tokenize(preprocess(f"x{chr(value)}y")) + basic.tokenize(preprocess(chr(value)))
            content += "".join(word + "\n" for word in words).encode()
        run["hash"] = fnv1a(content)
    return runs


def main():
    reference, vocabulary = load_reference(sys.argv[1])
    lines = tokenization_lines.lines(random.Random(SEED))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "vocabulary.txt").write_text("\n".join(small_vocabulary(reference, lines)) + "\n", encoding="utf-8")

    small = reference.FullTokenizer(str(OUTPUT / "vocabulary.txt"))
    full = reference.FullTokenizer(str(vocabulary))
    assert len(small.vocab) == (OUTPUT / "vocabulary.txt").read_text(encoding="utf-8").count("\n")
    manifest = {
        "script": "Tests/Fixtures/generate/tokenization.py",
        "reference": "cn-clip 1.6.0, cn_clip/clip/bert_tokenizer.py",
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "seed": SEED,
    }
    cases = []
    for text in lines:
        case = {"text": text, "words": small.basic_tokenizer.tokenize(preprocess(text))}
        for name, tokenizer in (("small", small), ("full", full)):
            for context in CONTEXTS:
                case[f"{name}{context}"] = encode(tokenizer, text, context)
            if case[f"{name}52"] == case[f"{name}100"]:
                del case[f"{name}52"]  # Nothing was cut: the same as at context 100.
        cases.append(case)
    dump("lines.json", {"manifest": manifest, "modelHash": model_hash(full), "cases": cases}, "cases")
    dump("scalars.json", {"manifest": manifest, "runs": scalar_hashes(reference)}, "runs")
    print(len(cases), "lines,", len(small.vocab), "tokens")


def dump(name, document, items):
    """JSON in ASCII with one item per line, so that a difference can be read."""
    rows = [json.dumps(item, separators=(",", ":")) for item in document.pop(items)]
    head = json.dumps(document)[:-1]
    (OUTPUT / name).write_text(head + f', "{items}": [\n' + ",\n".join(rows) + "\n]}\n", encoding="ascii")


main()
