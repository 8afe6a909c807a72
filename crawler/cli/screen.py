"""The terminal, out of reach of what pages say: no control character of a title, URL or message gets there."""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.text import Text

__all__ = ["Screen"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Screen(Console):
    """A rich Console that shows U+FFFD for what would move the cursor, set the window's title or turn a line around.
    rich's own colours and cursor movements are added behind this point."""

    def render_str(self, text: str, **options: Any) -> Text:
        return super().render_str(_CONTROL.sub("\ufffd", text), **options)
