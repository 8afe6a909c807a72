"""Reads every Nth page of the corpus in an order of its own and prints a digest of each result; a process for itself."""

from __future__ import annotations

import hashlib
import json
import random
import sys

import msgspec

from sites.extract import extract
from tests.corpus import CORPUS
from tests.score.predict import cases, load

__all__ = ["digests"]


def digests(step: int, seed: int) -> dict[str, str]:
    """For every `step`th page of the corpus, read in the order of `seed`, a digest of all that it yields."""
    chosen = [*cases(CORPUS / "extraction"), *cases(CORPUS / "extraction-extra")][::step]
    random.Random(seed).shuffle(chosen)
    out = {}
    for case in chosen:
        expected, page = load(case)
        told = msgspec.json.encode(extract(page, why=True), enc_hook=str)
        out[expected["case"]] = hashlib.sha256(told).hexdigest()
    return out


if __name__ == "__main__":
    print(json.dumps(digests(int(sys.argv[1]), int(sys.argv[2]))))
