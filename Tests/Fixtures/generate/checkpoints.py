"""Writes Tests/Fixtures/Checkpoints: small files of torch.save, safetensors and h5py, and what they hold.

Run: python checkpoints.py            writes the files, expected.json and manifest.json
     python checkpoints.py FILE.h5    checks a checkpoint that vbench wrote, with h5py alone

Each tensor in expected.json has its shape, its stored type and the bits of its elements as float32.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import platform
import sys
import zipfile

import h5py
import numpy
import safetensors
import safetensors.torch
import torch

SEED = 20260
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Checkpoints"
STAMP = (1980, 1, 1, 0, 0, 0)

TYPES = {
    torch.float64: "float64", torch.float32: "float32", torch.float16: "float16",
    torch.bfloat16: "bfloat16", torch.int64: "int64", torch.int32: "int32", torch.int16: "int16",
    torch.int8: "int8", torch.uint8: "uint8", torch.bool: "bool", torch.uint16: "uint16",
    torch.uint32: "uint32", torch.uint64: "uint64",
}


def types():
    """One tensor of each type, unequal dimensions, with extremes."""
    random = torch.Generator().manual_seed(SEED)
    normal = lambda *shape: torch.randn(*shape, generator=random)
    special = torch.tensor([0.0, -0.0, 1e-45, 3.4e38, float("inf"), -float("inf"), 2**-24, 65504.0])
    return {
        "f32": normal(3, 5),
        "f32.special": special,
        "f64": normal(2, 3).double() * 1e3,
        "f16": torch.cat([normal(5), special]).half(),
        "bf16": torch.cat([normal(6), special]).bfloat16(),
        "i64": torch.tensor([[0, 1, -1], [2**24 + 1, 2**62, -(2**63)]]),
        "i32": torch.tensor([7, -(2**31), 2**31 - 1], dtype=torch.int32),
        "i16": torch.tensor([-32768, 32767], dtype=torch.int16),
        "i8": torch.tensor([-128, 127, 3], dtype=torch.int8),
        "u8": torch.tensor([0, 255, 17, 4], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(4.6052),
        "empty": torch.zeros(0, 3),
    }


def views():
    """Tensors that are not their whole storage in order."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    half = torch.arange(30).half().reshape(2, 3, 5)
    return {
        "base": base,
        "shared.rows": base[1:3],
        "shared.transposed": base.t(),
        "shared.column": base[:, 2],
        "shared.steps": base[::2, 1::3],
        "shared.diagonal": torch.diagonal(base),
        "expanded": torch.arange(5).expand(3, 5),
        "permuted": half.permute(2, 0, 1),
        "channels.last": torch.arange(48).float().reshape(2, 3, 4, 2).to(memory_format=torch.channels_last),
        "last": base[3, 5],
    }


def training_state():
    """What a training program saves: wrapped weights, an optimiser, options, scores."""
    torch.manual_seed(SEED)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model(torch.randn(6, 3)).square().sum().backward()
    optimizer.step()
    state = collections.OrderedDict(("module." + k, v) for k, v in model.state_dict().items())
    state._metadata = model.state_dict()._metadata
    return {
        "epoch": 3,
        "arch": "linear",
        "best": 0.5,
        "done": True,
        "state_dict": state,
        "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=1e-3, devices=[0, 1], output=pathlib.PurePosixPath("runs")),
        "stats": {"auc": numpy.float64(0.75), "counts": numpy.arange(3), "history": [numpy.float32(1)] * 3},
        "seen": {1, 2, 3},
        "device": torch.device("cpu"),
        "shape": torch.Size([2, 3]),
        "dtype": torch.float32,
    }


def describe(tensors):
    result = {}
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().to(torch.float32).flatten()
        result[name] = {
            "shape": list(tensor.shape),
            "type": TYPES[tensor.dtype],
            "bits": [int(x) for x in values.numpy().view(numpy.uint32)],
        }
    return result


def rewrite(source, target, compression=zipfile.ZIP_STORED, big_endian=False):
    """Repacks a torch.save archive, deflated or as a big-endian machine would have written it."""
    sizes = {key: type.itemsize for key, type in storage_types(source).items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for item in old.infolist():
            data = old.read(item)
            key = item.filename.split("/data/")[-1]
            if big_endian and item.filename.endswith("/byteorder"):
                data = b"big"
            elif big_endian and key in sizes:
                data = numpy.frombuffer(data, dtype=f"u{sizes[key]}").byteswap().tobytes()
            new.writestr(zipfile.ZipInfo(item.filename, STAMP), data, compress_type=compression)


def storage_types(path):
    """The element type of each storage, by its key, in the order in which torch.save numbers them."""
    types, seen = {}, {}
    for tensor in torch.load(path, weights_only=True).values():
        pointer = tensor.untyped_storage()._cdata
        if pointer not in seen:
            seen[pointer] = str(len(seen))
            types[seen[pointer]] = tensor.dtype
    return types


def checkpoint(path, tensors, vocabulary):
    """A checkpoint as vbench writes it, by h5py."""
    sha = lambda data: hashlib.sha256(data).hexdigest()
    texts = {
        "architecture": json.dumps({"kind": "test", "width": 5}),
        "preprocessing": json.dumps({"size": [32, 32]}),
        "provenance": json.dumps({"source": "fixture", "sha256": "", "tool": "h5py"}),
    }
    sums = {"@" + name: sha(text.encode()) for name, text in texts.items()}
    with h5py.File(path, "w", libver=("v110", "v110")) as file:
        attribute(file, "format", "vbench-checkpoint")
        file.attrs["version"] = 1
        for name, text in texts.items():
            attribute(file, name, text)
        strings(file, "tokenizer/vocabulary", vocabulary)
        sums["/tokenizer/vocabulary"] = sha(b"".join(t.encode() + b"\0" for t in vocabulary))
        for name, tensor in tensors.items():
            values = tensor.numpy().astype("<f4")
            file["model/" + name] = values
            sums["/model/" + name] = tensor_sum("/model/" + name, values)
        lines = [f"{sums[name]}  {name}" for name in sorted(sums, key=str.encode)]
        strings(file, "checksums", lines)
        attribute(file, "checksum", sha("".join(line + "\n" for line in lines).encode()))


def attribute(file, name, text):
    """A string of fixed length: vbench reads no other, since the library checks no heap."""
    file.attrs.create(name, text.encode(), dtype=h5py.string_dtype("utf-8", len(text.encode())))


def strings(file, name, values):
    data = [value.encode() for value in values]
    file.create_dataset(name, data=data, dtype=h5py.string_dtype("utf-8", max(map(len, data))))


def tensor_sum(path, values):
    head = path.encode() + b"\0" + ",".join(map(str, values.shape)).encode() + b"\0"
    return hashlib.sha256(head + numpy.ascontiguousarray(values).tobytes()).hexdigest()


def check(path):
    """Checks a checkpoint that vbench wrote against its own checksums."""
    with h5py.File(path) as file:
        assert file.attrs["format"] == b"vbench-checkpoint" and file.attrs["version"] == 1
        lines = [line.decode() for line in file["checksums"][:]]
        total = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
        assert file.attrs["checksum"].decode() == total, "checksum of the list"
        sums = dict(reversed(line.split("  ", 1)) for line in lines)
        for name in ["architecture", "preprocessing", "provenance"]:
            assert sums.pop("@" + name) == hashlib.sha256(file.attrs[name]).hexdigest(), name
            json.loads(file.attrs[name])
        tokens = file["tokenizer/vocabulary"][:]
        digest = hashlib.sha256(b"".join(token + b"\0" for token in tokens)).hexdigest()
        assert sums.pop("/tokenizer/vocabulary") == digest, "vocabulary"
        for name, dataset in file["model"].items():
            assert dataset.dtype == numpy.dtype("<f4"), name
            assert sums.pop("/model/" + name) == tensor_sum("/model/" + name, dataset[()]), name
        assert not sums, f"no such parts: {sorted(sums)}"
        print(f"{path}: {len(file['model'])} tensors, {len(tokens)} tokens, all checksums agree")


def foreign_hdf5(path, libver):
    """Everything that the HDF5 wrapper is to read; the lower version h5py's default is the old format."""
    with h5py.File(path, "w", libver=libver) as file:
        file["numbers/float32"] = numpy.arange(6, dtype="f4").reshape(2, 3)
        file["numbers/float64"] = numpy.array([0.1, 1e300])
        file["numbers/float16"] = numpy.array([0.5, 65504], dtype="f2")
        file["numbers/big.endian"] = numpy.array([1.5, -2], dtype=">f4")
        file["numbers/int64"] = numpy.array([-(2**63), 2**63 - 1])
        file["numbers/int32"] = numpy.array([[-1], [5]], dtype="i4")
        file["numbers/uint8"] = numpy.array([0, 255], dtype="u1")
        file["numbers/bool"] = numpy.array([True, False])
        file["numbers/scalar"] = numpy.float32(2.5)
        file["numbers/empty"] = numpy.zeros((0, 4), dtype="f4")
        file["numbers/null"] = h5py.Empty("f4")
        file["numbers/complex"] = numpy.array([1j])
        file.create_dataset(
            "chunked", data=numpy.arange(20, dtype="f4").reshape(10, 2), chunks=(3, 2),
            maxshape=(None, 2), compression="gzip", shuffle=True)
        file["texts/variable"] = ["眼底", "", "a b"]
        file["texts/fixed"] = numpy.array(["ab".encode(), b"", "视".encode()], dtype="S5")
        file["texts/scalar"] = "one"
        file.attrs["text"] = "双眼"
        file.attrs["fixed"] = numpy.bytes_(b"seven")
        file.attrs["integer"] = 42
        file.attrs["number"] = 0.25
        file.attrs["list"] = [1, 2]
        file["numbers"].attrs["unit"] = "mm"
        file["link"] = h5py.SoftLink("/numbers/float32")
        file["outside"] = h5py.ExternalLink("elsewhere.h5", "/x")


def main():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    expected = {}

    def save(name, content, tensors, **options):
        torch.save(content, FOLDER / name, **options)
        expected[name] = describe(tensors)

    legacy = {"_use_new_zipfile_serialization": False}
    all_types, all_views, training = types(), views(), training_state()
    weights = {k.removeprefix("module."): v for k, v in training["state_dict"].items()}
    save("types.pt", all_types, all_types)
    save("types-legacy.pt", all_types, all_types, **legacy)
    save("types-protocol4.pt", all_types, all_types, pickle_protocol=4)
    save("types-protocol5-legacy.pt", all_types, all_types, pickle_protocol=5, **legacy)
    unsigned = {
        "u16": torch.tensor([0, 65535], dtype=torch.uint16),
        "u32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
        "u64": torch.tensor([1, 2**63], dtype=torch.uint64),
    }
    save("unsigned.pt", unsigned, unsigned)
    save("views.pt", all_views, all_views)
    save("views-legacy.pt", all_views, all_views, **legacy)
    save("training.pt", training, weights)
    save("training-legacy.pt", training, weights, **legacy)
    parameter = {"weight": torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))}
    save("parameter.pt", {"model": parameter}, parameter)
    pair = {"student": {"w": torch.ones(2)}, "teacher": {"w": torch.zeros(3)}}
    save("student-teacher.pt", pair, pair["teacher"])
    save("number.pt", 7, {})
    rewrite(FOLDER / "types.pt", FOLDER / "types-deflated.pt", zipfile.ZIP_DEFLATED)
    rewrite(FOLDER / "types.pt", FOLDER / "types-big-endian.pt", big_endian=True)
    expected["types-deflated.pt"] = expected["types-big-endian.pt"] = expected["types.pt"]

    safetensors.torch.save_file(all_types, FOLDER / "types.safetensors", metadata={"note": 'a "b" \n眼'})
    expected["types.safetensors"] = describe(all_types)
    wrapped = {"module." + name: tensor.clone() for name, tensor in weights.items()}
    safetensors.torch.save_file(wrapped, FOLDER / "wrapped.safetensors")
    expected["wrapped.safetensors"] = describe(weights)

    floats = {"a.weight": all_types["f32"], "b": all_types["scalar"], "c.bias": torch.zeros(0, 3)}
    checkpoint(FOLDER / "checkpoint.h5", floats, ["[PAD]", "[UNK]", "眼", "##ing"])
    expected["checkpoint.h5"] = describe(floats)
    foreign_hdf5(FOLDER / "foreign.h5", libver=("earliest", "v110"))
    foreign_hdf5(FOLDER / "foreign-v110.h5", libver=("v110", "v110"))

    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=None, separators=(",", ":")) + "\n")
    for path in FOLDER.iterdir():
        path.chmod(0o644)
    files = sorted(p for p in FOLDER.iterdir() if p.name != "manifest.json")
    manifest = {
        "script": "Tests/Fixtures/generate/checkpoints.py",
        "seed": SEED,
        "versions": {
            "python": platform.python_version(), "torch": torch.__version__,
            "numpy": numpy.__version__, "safetensors": safetensors.__version__,
            "h5py": h5py.__version__, "hdf5": h5py.version.hdf5_version,
        },
        "sha256": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        check(argument)
    if len(sys.argv) == 1:
        main()
