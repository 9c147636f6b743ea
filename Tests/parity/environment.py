"""The Python environment that scripts compare vbench in."""

import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = ["torch", "transformers", "safetensors", "numpy", "pillow", "h5py", "scikit-learn"]


def interpreter(venv):
    """The Python of a virtual environment; without one, of .build/torch-venv, which is made where it is missing.

    PyTorch takes some gigabytes from PyPI, so that the environment is kept.
    """
    if venv is not None:
        python = pathlib.Path(venv) / "bin" / "python"
        if not python.exists():
            sys.exit(f"{venv}: no virtual environment, {python} is missing")
        return python
    folder = PROJECT / ".build" / "torch-venv"
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():
        print(f"making {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        complete.touch()
    return python
