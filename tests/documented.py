"""Documentation followed to the letter: its files are written, its commands run, what it shows must be printed.

```console             lines after "$ " are commands; the others must be among what they print (white space is
$ broadsheet status    folded, tables are), and "…" stands for anything
```python title="plugins/lantern.py"      a file
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["DOCS", "FileBlock", "Typed", "follow", "steps"]

DOCS = Path(__file__).parents[1] / "docs"
_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_BIN = Path(sys.executable).parent


class FileBlock(msgspec.Struct, frozen=True):
    """A file that the page shows."""

    name: str
    text: str


class Typed(msgspec.Struct, frozen=True):
    """A command that the page tells to type, and the lines it is to print."""

    command: str
    prints: tuple[str, ...]


def steps(page: str) -> Iterator[FileBlock | Typed]:
    """All that a reader would write and type, in order."""
    for language, title, text in _BLOCK.findall((DOCS / page).read_text("utf-8")):
        if title:
            yield FileBlock(title, text)
        elif language == "console":
            for typed in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, *printed = typed.splitlines()
                yield Typed(command, tuple(line for line in printed if line != "…"))


def follow(place: Path, step: FileBlock | Typed) -> None:
    """Do one step in a folder, as a reader would: a command in a shell, a file inside the folder written over."""
    match step:
        case FileBlock(name=name, text=text):
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        case Typed(command=command, prints=prints):
            done = subprocess.run(
                ["bash", "-c", f"PATH={_BIN}:$PATH; {command}"],
                cwd=place,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"
            printed = [" ".join(line.split()) for line in done.stdout.splitlines()]
            missing = [line for line in prints if " ".join(line.split()) not in printed]
            assert not missing, f"$ {command}\ndid not print {missing}, but:\n{done.stdout}"
