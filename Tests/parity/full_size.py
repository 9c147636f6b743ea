#!/usr/bin/env python3
"""Full-size models with random weights: vbench's features against PyTorch's.

    python3 Tests/parity/full_size.py [--vbench .build/release/vbench] [--venv FOLDER]

ViLReF's two models are saved by PyTorch as the released files are (`state_dict`, names with `module.`, a pooler that
no one needs), DINOv2's ViT-S/14 and ViT-B/14 by transformers. `vbench convert` recognises each, `vbench embed` encodes
photographs-to-be (drawn here, as PNG) and texts. Images are prepared by Pillow and NumPy for PyTorch, and texts are of
characters that are tokens of their own, so that nothing of vbench is used on PyTorch's side.

Ends with 1 where features of magnitude 1 differ from PyTorch's float32 ones by more than 1e-4, or features of norm 1
by more than 1e-5. With VBENCH_DATA the recorded outputs of the networks there are compared, too.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
MEAN = {"clip": (0.48145466, 0.4578275, 0.40821073), "imagenet": (0.485, 0.456, 0.406)}
DEVIATION = {"clip": (0.26862954, 0.26130258, 0.27577711), "imagenet": (0.229, 0.224, 0.225)}
ABSOLUTE, NORMALIZED = 1e-4, 1e-5
SEED = 20263


def draw(folder, count):
    """PNG files of different sizes: a disc with vessels and noise on black."""
    import numpy as np
    from PIL import Image, ImageDraw

    random = np.random.default_rng(SEED)
    paths = []
    for index in range(count):
        width, height = 300 + 70 * index, 420 - 50 * index
        picture = Image.new("RGB", (width, height))
        pen = ImageDraw.Draw(picture)
        pen.ellipse((10, 5, width - 10, height - 5), fill=(190 - 20 * index, 90 + 10 * index, 40))
        for _ in range(12):
            points = [tuple(point) for point in random.integers(0, (width, height), (4, 2)).tolist()]
            pen.line(points, fill=tuple(random.integers(30, 220, 3).tolist()), width=4)
        noise = random.integers(-12, 13, (height, width, 3))
        pixels = np.clip(np.asarray(picture).astype(int) + noise, 0, 255).astype(np.uint8)
        paths.append(folder / f"{index}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def prepared(paths, family):
    """Images [N, 3, 224, 224] in float32."""
    import numpy as np
    import torch
    from PIL import Image

    made = []
    for path in paths:
        image = Image.open(path).convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
        values = np.asarray(image, np.float32) / np.float32(255)
        made.append((values - np.float32(MEAN[family])) / np.float32(DEVIATION[family]))
    return torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2).contiguous()


def vocabulary():
    """21,128 tokens, most of them Chinese characters."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = [chr(code) for code in range(0x4E00, 0x9FA6)]
    return special + characters + [f"[unused{index}]" for index in range(21128 - len(special) - len(characters))]


def sentences(tokens, context):
    """Texts, and their ids [N, context]; the last one is too long and is cut."""
    import torch

    position = {token: index for index, token in enumerate(tokens)}
    texts = ["左眼视网膜出血可见硬渗及微动脉瘤", "正常眼底", "豹", "右眼视盘旁萎缩弧大视杯" * 12]
    ids = torch.zeros(len(texts), context, dtype=torch.int64)
    for row, text in enumerate(texts):
        kept = [position[character] for character in text][: context - 2]
        row_ids = [position["[CLS]"], *kept, position["[SEP]"]]
        ids[row, : len(row_ids)] = torch.tensor(row_ids)
    return texts, ids


def run(vbench, *arguments):
    done = subprocess.run([vbench, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"vbench {' '.join(map(str, arguments))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def embed(vbench, checkpoint, output, *arguments):
    """The features that vbench writes, as they are and normalised."""
    import h5py

    run(vbench, "embed", "--checkpoint", checkpoint, "--output", output, *arguments)
    with h5py.File(output) as file:
        return file["features"][:], file["normalized"][:]


class Table:
    """Rows of a Markdown table, and whether every one is within the limits."""

    def __init__(self):
        self.passed = True
        print("| model | features | magnitude | vbench − PyTorch | PyTorch − float64 | of norm 1 | |")
        print("|---|---|---|---|---|---|---|", flush=True)

    def add(self, model, features, made, wanted, exact=None):
        import numpy as np

        values, normalized = made
        wanted = np.asarray(wanted)
        if values.shape != wanted.shape:
            sys.exit(f"{model}, {features}: {values.shape} features, expected {wanted.shape}")
        unit = wanted / np.linalg.norm(wanted.astype(np.float64), axis=1, keepdims=True)
        size = float(np.sqrt(np.mean(np.square(wanted, dtype=np.float64))))
        difference, of_units = np.abs(values - wanted).max(), np.abs(normalized - unit).max()
        passed = bool(difference <= ABSOLUTE * max(size, 1) and of_units <= NORMALIZED)
        self.passed &= passed
        own = "" if exact is None else f"{np.abs(wanted - np.asarray(exact)).max():.1e}"
        print(
            f"| {model} | {features}, {values.shape[0]} × {values.shape[1]} | {size:.2f} | {difference:.1e} "
            f"| {own} | {of_units:.1e} | {'equal' if passed else '**differs**'} |",
            flush=True,
        )


def check_pair(name, visual, projection, folder, paths, options, table):
    """One of ViLReF's models: its images and texts."""
    import networks
    import torch
    import transformers

    visual = networks.randomize(visual)
    text = networks.randomize(transformers.BertModel(transformers.BertConfig(vocab_size=21128)))
    matrix = torch.randn(768, projection) * 768**-0.5
    state = {f"module.visual.{key}": value for key, value in visual.state_dict().items()}
    state |= {f"module.bert.{key}": value for key, value in text.state_dict().items()}
    state |= {"module.text_projection": matrix, "module.logit_scale": torch.tensor(4.6)}
    torch.save({"epoch": 1, "name": name, "state_dict": state}, folder / "model.pt")
    tokens = vocabulary()
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    checkpoint = folder / "model.h5"
    words = ("--vocabulary", folder / "vocab.txt")
    said = run(options.vbench, "convert", folder / "model.pt", checkpoint, "--force", *words)
    if name not in said:
        sys.exit(f"{name} was not recognised:\n{said}")
    texts, ids = sentences(tokens, 100)
    (folder / "texts.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    pixels = prepared(paths, "clip")

    def encoded(ids):
        return text(input_ids=ids, attention_mask=(ids != 0).long()).last_hidden_state[:, 0] @ matrix

    images, words = visual(pixels), encoded(ids)
    matrix = matrix.double()
    text.double(), visual.double()
    exact_images, exact_words = visual(pixels.double()), encoded(ids)
    made = embed(options.vbench, checkpoint, folder / "images.h5", "--images", *paths)
    table.add(name, "images", made, images, exact_images)
    made = embed(options.vbench, checkpoint, folder / "texts.h5", "--texts", folder / "texts.txt")
    table.add(name, "texts", made, words, exact_words)


def check_dinov2(name, width, heads, folder, paths, options, table):
    """DINOv2 with positions of 37 × 37 patches, for images of 16 × 16."""
    import networks
    import torch
    import transformers

    config = transformers.Dinov2Config(hidden_size=width, num_attention_heads=heads, image_size=518, patch_size=14)
    model = networks.randomize(transformers.Dinov2Model(config))
    model.save_pretrained(folder / name)
    checkpoint = folder / "model.h5"
    said = run(options.vbench, "convert", folder / name / "model.safetensors", checkpoint, "--force")
    if name not in said:
        sys.exit(f"{name} was not recognised:\n{said}")
    pixels = prepared(paths, "imagenet")

    def encoded(pixels):
        states = model(pixel_values=pixels).last_hidden_state
        return torch.cat([states[:, 0], states[:, 1:].mean(1)], 1)

    wanted = encoded(pixels)
    model.double()
    kind = ("--features", "pooled_and_mean_patch")
    made = embed(options.vbench, checkpoint, folder / "images.h5", *kind, "--images", *paths)
    table.add(name, "images", made, wanted, encoded(pixels.double()))


def check_recorded(data, folder, options, table):
    """The networks of VBENCH_DATA against their recorded outputs."""
    import numpy as np

    checkpoint, photograph = folder / "model.h5", data / "retina.jpg"
    run(options.vbench, "convert", data / "weights/dinov2_vits14.pth", checkpoint, "--force")
    states = np.load(data / "reference/dinov2_retina.npz")["last_hidden_state"][0]
    wanted = np.concatenate([states[0], states[1:].mean(0)])[None]
    made = embed(
        options.vbench, checkpoint, folder / "images.h5", "--features", "pooled_and_mean_patch",
        "--images", photograph,
    )  # fmt: skip
    table.add("dinov2_vits14.pth", "photograph", made, wanted)
    for name in ("vilref_vit_tiny", "vilref_rn_tiny"):
        words = data / "weights/bert-base-chinese-vocab.txt"
        run(options.vbench, "convert", data / f"reference/{name}.pt", checkpoint, "--force", "--vocabulary", words)
        recorded = np.load(data / f"reference/{name}.npz")
        made = embed(options.vbench, checkpoint, folder / "texts.h5", "--texts", data / "reference/texts.txt")
        table.add(name, "texts", made, recorded["text_features"])
        made = embed(options.vbench, checkpoint, folder / "images.h5", "--images", photograph)
        table.add(name, "photograph", made, recorded["image_features"][:1])


def compare(options):
    import networks
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    print(f"PyTorch {torch.__version__}, transformers {transformers.__version__}, random weights, seed {SEED}\n")
    table = Table()
    with tempfile.TemporaryDirectory() as name, torch.inference_mode():
        folder = pathlib.Path(name)
        paths = draw(folder, 4)
        check_pair("vilref-vit-b16", networks.VisionTransformer(), 512, folder, paths, options, table)
        check_pair("vilref-rn50", networks.ModifiedResNet(), 1024, folder, paths, options, table)
        check_dinov2("dinov2-vits14", 384, 6, folder, paths, options, table)
        check_dinov2("dinov2-vitb14", 768, 12, folder, paths, options, table)
        if data := os.environ.get("VBENCH_DATA"):
            check_recorded(pathlib.Path(data), folder, options, table)
    print(f"\nlimits: {ABSOLUTE:g} (of the magnitude where that is above 1), of norm 1: {NORMALIZED:g}")
    return table.passed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vbench", default=PROJECT / ".build/release/vbench", help="the program, built in release")
    parser.add_argument("--venv", help="a virtual environment with what is needed; made in .build without")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not pathlib.Path(options.vbench).exists():
        sys.exit(f"{options.vbench}: there is no such program; build it with `make build`")
    if not options.here:
        import environment

        python = environment.interpreter(options.venv)
        sys.exit(subprocess.run([python, __file__, "--here", "--vbench", options.vbench]).returncode)
    sys.exit(0 if compare(options) else 1)


if __name__ == "__main__":
    main()
