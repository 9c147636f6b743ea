"""Makes Tests/Fixtures/Models, what ModelsTests compare with.

    pip install torch torchvision transformers safetensors numpy
    python Tests/Fixtures/generate/models.py [--data FOLDER]

Small random models, with sizes that no two dimensions share. transformers gives CLIP's and DINOv2's transformers,
BERT and Chinese-CLIP, torchvision the ResNet; CLIP's modified ResNet lies in models_modified_resnet.py, RET-CLIP's
heads are written here. Weights are rounded to float16 before they are used, and saved so; outputs are computed in
float64 and rounded to float32. Images are not stored but made by `images`, which the tests repeat.

With --data, the folder of VBENCH_DATA, reference.json is made as well: recorded outputs of the three networks there,
and one image of noise for each of the two small ones (no photograph).
"""

import argparse
import base64
import json
import pathlib
import platform
import tempfile

import numpy
import safetensors.torch
import torch
import torchvision
import transformers
from models_modified_resnet import ModifiedResNet
from torch import nn
from torch.nn import functional

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "Models"
SEED = 20262
LENGTHS = (9, 2, 5)
VOCABULARY = 23


def stored(values):
    """An array as the tests read it."""
    values = numpy.asarray(values.detach() if isinstance(values, torch.Tensor) else values).astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def case(name, arrays, **numbers):
    """A named set of arrays and numbers."""
    return {"name": name, "numbers": numbers, "arrays": {key: stored(value) for key, value in arrays.items()}}


def images(count, side):
    """Images [count, 3, side, side] in float64; the tests make the same ones as [count, side, side, 3]."""
    index = numpy.arange(count * side * side * 3, dtype=numpy.int64)
    values = (index * 7919 % 10007).astype(numpy.float32) / numpy.float32(5003.5) - numpy.float32(1)
    return torch.from_numpy(values.reshape(count, side, side, 3)).permute(0, 3, 1, 2).double().contiguous()


def randomize(model):
    """Gives every parameter and running statistic random values that float16 holds; returns the model in float64."""
    with torch.no_grad():
        for name, value in list(model.named_parameters()) + list(model.named_buffers()):
            if not value.is_floating_point():
                continue
            if value.ndim > 1 and "embedding" not in name:
                made = torch.randn(value.shape) * 1.3 / value[0].numel() ** 0.5
            elif name.endswith("running_var"):
                made = torch.rand(value.shape) + 0.5
            elif name.endswith("weight") or name.endswith("lambda1"):
                made = 1 + 0.4 * torch.randn(value.shape)
            else:
                made = 0.5 * torch.randn(value.shape)
            value.copy_(made.half())
    return model.double().eval()


def random(*shape):
    """A random parameter that float16 holds, in float64."""
    return (torch.randn(*shape) / shape[0] ** 0.5).half().double()


def saved(state, path, **beside):
    """Saves a state dict in float16 as released training code does, or as safetensors."""
    state = {
        name: (value.detach().half() if value.is_floating_point() else value.detach()).clone().contiguous()
        for name, value in state.items()
    }
    if path.endswith(".safetensors"):
        safetensors.torch.save_file(state, FOLDER / path)
    else:
        named = {f"module.{name}": value for name, value in state.items()}
        torch.save({"epoch": 3, "name": "tiny", "state_dict": named} | beside, FOLDER / path)


class Text:
    """BERT from transformers, and texts of different lengths."""

    def __init__(self, width, heads, hidden, layers):
        config = transformers.BertConfig(
            vocab_size=VOCABULARY, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
            intermediate_size=hidden, max_position_embeddings=13, type_vocab_size=3, attn_implementation="eager",
        )
        self.model = randomize(transformers.BertModel(config))
        self.ids, self.mask = tokens(11)

    def state(self):
        return {f"bert.{name}": value for name, value in self.model.state_dict().items()}

    def first(self):
        """The first token's last state, and the check that padding changes nothing."""
        whole = self.model(input_ids=self.ids, attention_mask=self.mask).last_hidden_state[:, 0]
        for row, length in enumerate(LENGTHS):
            alone = self.model(input_ids=self.ids[row : row + 1, :length]).last_hidden_state[0, 0]
            assert torch.allclose(alone, whole[row], atol=1e-12)
        return whole


def tokens(context):
    ids = torch.zeros(len(LENGTHS), context, dtype=torch.int64)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.randint(1, VOCABULARY, (length,))
    return ids, (ids != 0).long()


def clip_vision(width, heads, hidden, layers, patch, grid, projection):
    config = transformers.CLIPVisionConfig(
        hidden_size=width, intermediate_size=hidden, projection_dim=projection, num_hidden_layers=layers,
        num_attention_heads=heads, image_size=grid * patch, patch_size=patch, hidden_act="quick_gelu",
        layer_norm_eps=1e-5, attn_implementation="eager",
    )
    return transformers.CLIPVisionModelWithProjection(config)


def released(model):
    """The state dict of CLIP's vision transformer under the released names."""
    state = {name.removeprefix("vision_model."): value for name, value in model.state_dict().items()}
    made = {
        "class_embedding": state["embeddings.class_embedding"],
        "conv1.weight": state["embeddings.patch_embedding.weight"],
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "proj": state["visual_projection.weight"].T,
    }
    for kind in ("weight", "bias"):
        made[f"ln_pre.{kind}"] = state[f"pre_layrnorm.{kind}"]
        made[f"ln_post.{kind}"] = state[f"post_layernorm.{kind}"]
        for layer in range(model.config.num_hidden_layers):
            old, new = f"encoder.layers.{layer}.", f"transformer.resblocks.{layer}."
            parts = [state[f"{old}self_attn.{part}_proj.{kind}"] for part in "qkv"]
            made[f"{new}attn.in_proj_{kind}"] = torch.cat(parts)
            made[f"{new}attn.out_proj.{kind}"] = state[f"{old}self_attn.out_proj.{kind}"]
            made[f"{new}ln_1.{kind}"] = state[f"{old}layer_norm1.{kind}"]
            made[f"{new}ln_2.{kind}"] = state[f"{old}layer_norm2.{kind}"]
            made[f"{new}mlp.c_fc.{kind}"] = state[f"{old}mlp.fc1.{kind}"]
            made[f"{new}mlp.c_proj.{kind}"] = state[f"{old}mlp.fc2.{kind}"]
    return {f"visual.{name}": value for name, value in made.items()}


def clip_features(model, pixels):
    """The pooled, the projected, the patches' mean feature, and that of the patches before the last norm."""
    vision = model.vision_model
    before = vision(pixel_values=pixels).last_hidden_state
    states = vision.post_layernorm(before)
    projected = model(pixel_values=pixels).image_embeds
    assert torch.allclose(model.visual_projection(states[:, 0]), projected, atol=1e-12)
    return states[:, 0], projected, states[:, 1:].mean(1), vision.post_layernorm(before[:, 1:].mean(1))


def clip_at(model, side):
    """The same transformer for images of another side, positions resized with aligned corners."""
    config = model.config
    grid, old = side // config.patch_size, config.image_size // config.patch_size
    sizes = (
        config.hidden_size, config.num_attention_heads, config.intermediate_size, config.num_hidden_layers,
        config.patch_size, grid, config.projection_dim,
    )
    state = dict(model.state_dict())
    name = next(key for key in state if key.endswith("position_embedding.weight"))
    learnt = state[name]
    square = learnt[1:].T.reshape(1, -1, old, old)
    resized = functional.interpolate(square, (grid, grid), mode="bicubic", align_corners=True)
    state[name] = torch.cat([learnt[:1], resized[0].flatten(1).T])
    state = {key: value for key, value in state.items() if not key.endswith("position_ids")}
    other = clip_vision(*sizes).double().eval()
    missing, unexpected = other.load_state_dict(state, strict=False)
    assert not unexpected and all(key.endswith("position_ids") for key in missing)
    return other


def pair(path, visual, text, projection, sides, features, **logit):
    """Saves an image encoder with a text encoder and yields their outputs."""
    matrix = random(text.model.config.hidden_size, projection)
    state = visual | text.state() | {"text_projection": matrix, "logit_scale": torch.tensor(3.5).double()}
    saved(state, path)
    stem = pathlib.Path(path).stem
    arrays = {"ids": text.ids, "lengths": torch.tensor(LENGTHS), "features": text.first() @ matrix}
    yield case(f"{stem}/texts", arrays, context=text.ids.shape[1], scale=float(numpy.exp(3.5)))
    for side in sides:
        pooled, projected, *means = features(side)
        arrays = {"pooled": pooled, "projected": projected}
        if means:
            arrays["pooled_and_mean_patch"] = torch.cat([pooled, means[0]], dim=1)
            arrays["mean_patch"] = means[1]
        yield case(f"{stem}/images-{side}", arrays, side=side)


def clip_vit():
    model = randomize(clip_vision(40, 5, 52, 3, 5, 3, 7))
    at = lambda side: clip_features(model if side == 15 else clip_at(model, side), images(3, side))
    yield from pair("clip-vit.pt", released(model), Text(24, 3, 36, 2), 7, (15, 25, 10), at)


def clip_rn():
    model = randomize(ModifiedResNet(4, (1, 2, 1, 1), 8, 2, 9))
    with torch.no_grad():  # so that features have a magnitude near 1
        model.attnpool.c_proj.weight /= 16
        model.attnpool.c_proj.bias /= 16
    visual = {f"visual.{name}": value for name, value in model.state_dict().items()}

    def at(side):
        features = model(images(2, side))
        return features, features

    yield from pair("clip-rn.pt", visual, Text(16, 2, 36, 1), 9, (64, 96), at)


def ret_clip():
    """A perceptron for each eye's text and a mapping of each eye's image; the left eye's are used."""
    vision, text = randomize(clip_vision(32, 1, 36, 2, 4, 2, 7)), Text(32, 2, 20, 1)
    perceptrons = {
        eye: randomize(nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 7))) for eye in ("left", "right")
    }
    state = released(vision) | text.state() | {"logit_scale": torch.tensor(1.5).double()}
    mappings = {eye: random(7, 7) for eye in ("left", "right")}
    for eye, perceptron in perceptrons.items():
        state |= {f"text_projection_{eye}.{name}": value for name, value in perceptron.state_dict().items()}
        state[f"{eye}_feature_mapping.weight"] = mappings[eye]
        state[f"logit_scale_{eye}"] = torch.tensor({"left": 2.5, "right": 4.5}[eye]).double()
    saved(state, "ret-clip.pt")
    arrays = {
        "ids": text.ids, "lengths": torch.tensor(LENGTHS), "features": perceptrons["left"](text.first()),
    }
    yield case("ret-clip/texts", arrays, context=11, scale=float(numpy.exp(2.5)))
    pooled, projected, *_ = clip_features(vision, images(3, 8))
    arrays = {"pooled": pooled, "projected": functional.linear(projected, mappings["left"])}
    yield case("ret-clip/images-8", arrays, side=8)


def dinov2():
    config = transformers.Dinov2Config(
        hidden_size=40, num_hidden_layers=3, num_attention_heads=5, mlp_ratio=2, image_size=21, patch_size=7,
        attn_implementation="eager",
    )
    model = randomize(transformers.Dinov2Model(config))
    for side in (21, 28, 14):
        output = model(pixel_values=images(3, side), output_hidden_states=True)
        states, before = output.last_hidden_state, output.hidden_states[-1]
        assert torch.allclose(model.layernorm(before), states, atol=1e-12)
        both = torch.cat([states[:, 0], states[:, 1:].mean(1)], dim=1)
        mean = model.layernorm(before[:, 1:].mean(1))
        arrays = {"pooled": states[:, 0], "pooled_and_mean_patch": both, "mean_patch": mean}
        yield case(f"dinov2/images-{side}", arrays, side=side)
    moved(model, "dinov2.safetensors")


def moved(model, path):
    """Saves a model as transformers does, and keeps the weights only."""
    with tempfile.TemporaryDirectory() as folder:
        model.half().save_pretrained(folder)
        weights = safetensors.torch.load_file(pathlib.Path(folder) / "model.safetensors")
    safetensors.torch.save_file(weights, FOLDER / path, metadata={"format": "pt"})


class SmallResNet(torchvision.models.ResNet):
    """torchvision's blocks, stages and forward pass with fewer channels."""

    def __init__(self, width, layers):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation = nn.BatchNorm2d, width, 1
        self.groups, self.base_width = 1, 64
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        for stage, count in enumerate(layers):
            block = torchvision.models.resnet.Bottleneck
            made = self._make_layer(block, width << stage, count, stride=2 if stage else 1)
            setattr(self, f"layer{stage + 1}", made)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(32 * width, 5)


def resnet():
    model = randomize(SmallResNet(4, (2, 1, 1, 2)))
    saved(model.state_dict(), "resnet.safetensors")
    model.fc = nn.Identity()
    for side in (45, 64):
        yield case(f"resnet/images-{side}", {"pooled": model(images(2, side))}, side=side)


def chinese_clip():
    config = transformers.ChineseCLIPConfig(
        text_config={
            "vocab_size": VOCABULARY, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
            "intermediate_size": 48, "max_position_embeddings": 13, "type_vocab_size": 3,
        },
        vision_config={
            "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 80,
            "image_size": 20, "patch_size": 5,
        },
        projection_dim=7,
    )
    config._attn_implementation = "eager"
    model = randomize(transformers.ChineseCLIPModel(config))
    ids, mask = tokens(11)
    pixels = images(3, 20)
    both = model(input_ids=ids, attention_mask=mask, pixel_values=pixels)
    vision = model.vision_model(pixel_values=pixels)
    projected = model.visual_projection(vision.pooler_output)
    texts = model.text_projection(model.text_model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0])
    for made, normal in ((projected, both.image_embeds), (texts, both.text_embeds)):
        assert torch.allclose(functional.normalize(made), normal, atol=1e-12)
    scale = float(model.logit_scale.detach().exp())
    arrays = {"ids": ids, "lengths": torch.tensor(LENGTHS), "features": texts}
    yield case("chinese-clip/texts", arrays, context=11, scale=scale)
    yield case("chinese-clip/images-20", {"pooled": vision.pooler_output, "projected": projected}, side=20)
    moved(model, "chinese-clip.safetensors")


def reference(folder):
    """Recorded outputs of the networks of VBENCH_DATA."""
    for name in ("vit", "rn"):
        recorded = numpy.load(folder / "reference" / f"vilref_{name}_tiny.npz")
        # The first image is the photograph, which the tests prepare themselves; the third is noise.
        arrays = {
            "noise": recorded["images_nchw"][2].transpose(1, 2, 0),
            "photograph_features": recorded["image_features"][0], "noise_features": recorded["image_features"][2],
            "text_features": recorded["text_features"],
        }
        yield case(f"vilref_{name}_tiny", arrays, scale=float(recorded["logit_scale_exp"]))
    states = numpy.load(folder / "reference" / "dinov2_retina.npz")["last_hidden_state"][0].astype(numpy.float64)
    yield case("dinov2_retina", {"features": numpy.concatenate([states[0], states[1:].mean(0)])})


def write(name, cases, **more):
    manifest = {"script": "Tests/Fixtures/generate/models.py"} | more
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases)
    text = '{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n"
    (FOLDER / name).write_text(text, encoding="ascii")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, help="the folder of VBENCH_DATA, for reference.json")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    with torch.no_grad():
        sets = (clip_vit(), clip_rn(), ret_clip(), dinov2(), resnet(), chinese_clip())
        cases = [made for cases in sets for made in cases]
    modules = torch, torchvision, transformers, numpy
    versions = {module.__name__: module.__version__.split("+")[0] for module in modules}
    write("pytorch.json", cases, python=platform.python_version(), seed=SEED, **versions)
    if options.data:
        write("reference.json", reference(options.data), numpy=numpy.__version__)


main()
