"""Where a plugin's code stands: files, lines, and the source that makes its rules."""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
from functools import lru_cache
from pathlib import Path

__all__ = ["SOURCE", "class_chain", "file_of", "source_of", "where_of_attribute", "where_of_error"]

SOURCE = "__broadsheet_source__"
"""Where a module loaded by path keeps the source it was made from: the file may change meanwhile."""


def class_chain(cls: type, root: type) -> list[type]:
    """The class and its bases up to `root`, which is left out, in the order Python looks names up."""
    return [each for each in cls.__mro__ if each is not root and each is not object]


def file_of(cls: type) -> str:
    """The file a class was written in; "" when there is none (typed into a shell)."""
    return getattr(sys.modules.get(cls.__module__), "__file__", None) or ""


@lru_cache(maxsize=512)
def _text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def source_of(cls: type) -> str:
    """The source of the whole module a class stands in, helpers and all; its name when there is none."""
    module = sys.modules.get(cls.__module__)
    if kept := getattr(module, SOURCE, ""):
        return str(kept)
    try:
        return inspect.getsource(module if module is not None else cls)
    except (OSError, TypeError):
        return f"{cls.__module__}.{cls.__qualname__}"


def where_of_attribute(cls: type, name: str, root: type) -> str:
    """Where a class (or the base it has it from) sets an attribute, as "file:line"; else of the class."""
    for each in class_chain(cls, root):
        if name in vars(each) or name == "":
            return _where(each, name)
    return _where(cls, "")


def _where(cls: type, name: str) -> str:
    file = file_of(cls)
    if not file:
        return ""
    try:
        tree = ast.parse(_text(file))
    except SyntaxError:
        return file
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            return f"{file}:{next((s.lineno for s in node.body if name in _targets(s)), node.lineno)}"
    return file


def _targets(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def where_of_error(error: BaseException, files: set[str]) -> str:
    """ "file:line" of the last frame of a traceback that lies in one of the files; "" when none does."""
    if isinstance(error, SyntaxError) and error.filename in files:
        return f"{error.filename}:{error.lineno or 1}"
    frames = traceback.extract_tb(error.__traceback__)
    return next(
        (f"{frame.filename}:{frame.lineno}" for frame in reversed(frames) if frame.filename in files), ""
    )
