"""Makes Tests/Fixtures/Randomness/streams.json, what RandomnessTests compare with.

    pip install numpy mpmath randomgen==2.5.0
    python Tests/Fixtures/generate/randomness.py

The words come from randomgen's Philox 4x32 (NumPy's own Philox is 4x64, another generator), which is checked here
against the known answers that Salmon et al. publish with Random123 (kat_vectors, `philox4x32 10`). Everything drawn
from the words is computed here a second time from its definition; logarithm and cosine by mpmath with 60 digits.
"""

import itertools
import json
import pathlib
import platform

import mpmath
import randomgen

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "Randomness" / "streams.json"
MAX = 2**32 - 1
KNOWN_ANSWERS = [  # counter, key, output; least significant word first
    ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([MAX] * 4, [MAX] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]
STREAMS = [
    (0, []), (1, []), (2**64 - 1, []), (0x299F31D0A4093822, []), (7, [0]), (7, [1]), (7, [0, 0]), (7, [1, 0]), (7, [0, 1]),
    (2**40 + 3, [123456, 789]), (5, [MAX]), (5, [0, MAX]), (5, [MAX, MAX]), (5, [MAX - 1, MAX - 1]),
]
BOUNDS = [1, 2, 3, 7, 10, 1000, 2**32 + 1, 3 * 2**61, 2**62 + 1, 2**63 - 1]


def words(key, counter):
    """The 32-bit words of a stream from block `counter` on."""
    generator = randomgen.Philox(key=key, counter=(counter - 1) % 2**128, number=4, width=32)
    while True:
        yield int(generator.random_raw())


def join(parts):
    """A whole number from its 32-bit words, least significant first."""
    return sum(part << 32 * place for place, part in enumerate(parts))


def counter_of(indices):
    """The first block of a stream: index + 1 in word 3, then in word 2; a bit of word 1 where that wraps."""
    counter = [0, 0, 0, 0]
    for place, index in zip((3, 2), indices):
        counter[place] = (index + 1) % 2**32
        if index == MAX:
            counter[1] |= 1 << (28 + place)
    return join(counter)


class Stream:
    """The draws that RandomSource documents."""

    def __init__(self, seed, indices):
        self.words = words(seed, counter_of(indices))

    def next(self):
        low = next(self.words)
        return low | next(self.words) << 32

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def index(self, bound):
        """Lemire 2019, figure 5."""
        while True:
            product = self.next() * bound
            if product % 2**64 >= 2**64 % bound:
                return product >> 64

    def normal(self):
        radius = mpmath.sqrt(-2 * mpmath.log(mpmath.mpf(1) - mpmath.mpf(self.uniform())))
        # The angle as a double: the library rounds it before it takes the cosine.
        return float(radius * mpmath.cos(mpmath.mpf(2 * 3.141592653589793 * self.uniform())))

    def shuffled(self, count):
        items = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.index(last + 1)
            items[last], items[other] = items[other], items[last]
        return items


def main():
    mpmath.mp.dps = 60
    for counter, key, output in KNOWN_ANSWERS:
        assert list(itertools.islice(words(join(key), join(counter)), 4)) == output
    cases = []
    for seed, indices in STREAMS:
        stream = [Stream(seed, indices) for _ in range(5)]
        cases.append({
            "seed": f"{seed:x}",
            "indices": indices,
            "bits": [f"{stream[0].next():x}" for _ in range(9)],
            "uniforms": [stream[1].uniform() for _ in range(9)],
            "below": [[stream[2].index(bound) for bound in BOUNDS] for _ in range(3)],
            "normals": [stream[3].normal() for _ in range(40)],
            "shuffled": stream[4].shuffled(20),
        })
    document = {
        "manifest": {
            "script": "Tests/Fixtures/generate/randomness.py",
            "python": platform.python_version(),
            "randomgen": randomgen.__version__,
            "mpmath": mpmath.__version__,
        },
        "bounds": BOUNDS,
        "knownAnswers": [dict(zip(("counter", "key", "output"), answer)) for answer in KNOWN_ANSWERS],
    }
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(document)[:-1] + ', "streams": [\n' + rows + "\n]}\n", encoding="ascii")


main()
