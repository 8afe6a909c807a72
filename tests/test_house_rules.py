"""The house's own rules (CONTRIBUTING.md), read from the tracked files."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("crawler", "sites", "archive")


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git knows; without git, all in the folders that it would know."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        found = (
            p for top in (*PACKAGES, "tests", "docs", ".ci", "requirements") for p in (ROOT / top).rglob("*")
        )
        return tuple(p for p in [*found, *ROOT.glob("*.*")] if p.is_file() and "__pycache__" not in p.parts)
    return tuple(p for name in listed.split("\0") if name and (p := ROOT / name).is_file())


def modules(*tops: str) -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in tops]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST) -> set[str]:
    """Dotted names of everything that is called or used as a decorator or context manager."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_no_file_is_over_300_lines() -> None:
    long = {
        shown(p): n
        for p in modules(*PACKAGES)
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_every_module_says_what_it_offers() -> None:
    """`__all__` is a sorted list of names the module has, and leaves out no public class or function of its own."""
    wrong = {}
    for path in modules(*PACKAGES):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if set(_bound(tree)) <= {"annotations"}:  # an empty package, or its docstring alone
            continue
        exported = _exported(tree)
        if path.is_relative_to(ROOT / "sites/plugins") and exported is None:
            continue  # a plugin is found by its class
        own = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not any("app.command" in ast.unparse(decorator) for decorator in node.decorator_list)
        }
        names = set(_bound(tree))
        if exported is None:
            wrong[shown(path)] = "no __all__"
        elif [*exported] != _sorted(exported):
            wrong[shown(path)] = "not sorted"
        elif not own <= set(exported) <= names:
            wrong[shown(path)] = f"missing {own - set(exported)}, unknown {set(exported) - names}"
    assert wrong == {}


def _exported(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                return list(ast.literal_eval(node.value))
    return None


def _sorted(names: list[str]) -> list[str]:
    """The order of ruff's RUF022: constants, then classes, then the rest, each naturally sorted."""

    def key(name: str) -> tuple[int, list[tuple[int, str]]]:
        kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
        return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]

    return sorted(names, key=key)


def _bound(tree: ast.Module) -> list[str]:
    names = []
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Import() | ast.ImportFrom():
                names += [(alias.asname or alias.name) for alias in node.names]
            case ast.Name(ctx=ast.Store()):
                names.append(node.id)
    return names


def test_tests_neither_sleep_nor_patch() -> None:
    """trio's own sleep is allowed: under the autojump clock it waits for nothing."""
    banned = re.compile(r"(time\.|asyncio\.)sleep|sleep|(mock\.|mocker\.)?patch(\.\w+)?|monkeypatch\.setattr")
    wrong = {
        shown(path): found
        for path in modules("tests")
        if (found := {c for c in calls(ast.parse(path.read_text(encoding="utf-8"))) if banned.fullmatch(c)})
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "word",
    ["/wor" + "k/", "/ro" + "ot/", ".py" + "env", "py" + "pi.org", "python" + "hosted", "deb.deb" + "ian"],
)
def test_tracked_files_name_no_machine_and_no_registry(word: str) -> None:
    pattern = re.compile(rb"(?<![\w.])" + re.escape(word).encode())
    assert [shown(p) for p in tracked() if pattern.search(p.read_bytes())] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def test_the_lock_names_releases_only() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        lines = lock.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+-]+", line)] == []


def test_the_top_level_is_fixed() -> None:
    known = {*PACKAGES, "tests", "docs", ".ci", "requirements", ".gitignore"}
    known |= {
        "pyproject.toml",
        "README.md",
        "Makefile",
        "LICENSE",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "hatch_build.py",
    }
    assert {p.relative_to(ROOT).parts[0] for p in tracked()} <= known
