"""The article's part of docs/formats.md, made from `sites.article`: `python -m tests.article_doc` puts it there."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from sites.article import Article, Block, Image, TextLink
from sites.moment import Moment

__all__ = ["DOCUMENT", "put_in", "written"]

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/formats.md"
BEGIN, END = "<!-- made by tests/article_doc.py -->", "<!-- end -->"
_NAMES: dict[Any, str] = {str: "text", int: "number", bool: "true or false", Moment: "date"}


def written() -> str:
    """The part between the marks."""
    return "\n".join(line for struct in (Article, Block, TextLink, Image) for line in _section(struct))


def put_in(document: str) -> str:
    """The document with the part as it must be now."""
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{written()}\n{END}{rest.partition(END)[2]}"


def _section(struct: type[msgspec.Struct]) -> list[str]:
    hints = get_type_hints(struct)
    rows = [
        f"| `{field.name}` | {_type(hints[field.name])} | {'always' if field.required else ''} |"
        for field in msgspec.structs.fields(struct)
    ]
    title = "The article" if struct is Article else struct.__name__
    about = inspect.cleandoc(struct.__doc__ or "")
    return [f"### {title}", "", about, "", "| field | JSON | there |", "|---|---|---|", *rows, ""]


def _type(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if get_origin(hint) is UnionType:
        return " or ".join(_type(part) for part in get_args(hint) if part is not NoneType)
    return _NAMES.get(hint) or f"{hint.__name__}"


if __name__ == "__main__":
    DOCUMENT.write_text(put_in(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
