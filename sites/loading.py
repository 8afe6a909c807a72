"""Plugin files to classes. A file that cannot be loaded is a SiteError with its line, and stops no other.

`python -m sites.loading DIR …` loads folders (after the plugins that come with Broadsheet), writes a report
as JSON and exits 1 when anything was wrong: what a caller runs in a child process with a time limit, before
it loads the same folders itself.
"""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from types import FrameType, ModuleType

import msgspec

from sites.errors import ConfigError, SiteError
from sites.site import Site
from sites.source import SOURCE, where_of_error

__all__ = [
    "Loaded",
    "Report",
    "classes_of",
    "entry_points",
    "load_file",
    "load_module",
    "main",
    "plugin_files",
    "report",
]

GROUP = "broadsheet.sites"
"""The entry points that name plugin modules of installed distributions; a class stands for its module."""

LOADING = 10.0


class Loaded(msgspec.Struct, frozen=True):
    """The classes of one module, and where they came from (for messages)."""

    name: str
    file: str
    classes: tuple[type[Site], ...]


def plugin_files(folder: Path) -> list[Path]:
    """The plugin files of a folder: `*.py`, sorted, without those that begin with an underscore."""
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith(("_", ".")))


def load_file(path: Path, limit: float = LOADING) -> Loaded:
    """Run one plugin file as a module of a unique name, for `limit` seconds at most. Raises SiteError, with the
    line, when that fails."""
    path = path.resolve()
    stem = path.stem
    unique = f"broadsheet_plugins.{blake2b(str(path).encode(), digest_size=6).hexdigest()}.{stem}"
    module = ModuleType(unique)
    module.__file__ = str(path)
    sys.modules[unique] = module
    try:
        data = path.read_bytes()
        setattr(module, SOURCE, importlib.util.decode_source(data))
        with _limited(limit):
            exec(compile(data, str(path), "exec"), vars(module))  # noqa: S102 - the operator's own code, by intent
    except (Exception, SystemExit) as error:
        del sys.modules[unique]
        raise _broken(stem, error, path) from error
    return _loaded(stem, module, str(path))


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """TimeoutError for what takes longer. In the main thread alone: no other gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"it is not loaded after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def load_module(name: str) -> Loaded:
    """Import a plugin module that is installed. Raises SiteError when that fails."""
    stem = name.rpartition(".")[2]
    path = Path(name)
    try:
        spec = importlib.util.find_spec(name)
        path = Path(spec.origin) if spec and spec.origin else path
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise _broken(stem, error, path) from error
    return _loaded(stem, module, str(path))


def entry_points() -> Iterator[Loaded | SiteError]:
    """What installed distributions offer under `broadsheet.sites`, each module once, by the names given."""
    points = sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    for point in {point.module: point for point in reversed(points)}.values():
        whose = f"entry point {point.name!r} of {point.dist.name if point.dist else 'a distribution'}"
        try:
            yield load_module(point.module)
        except SiteError as error:
            yield SiteError(error.plugin, f"{error.message} ({whose})", where=error.where)


def _broken(name: str, error: BaseException, path: Path) -> SiteError:
    if isinstance(error, SiteError):
        return error
    where = where_of_error(error, {str(path)}) or str(path)
    said = error.msg if isinstance(error, SyntaxError) else error
    return SiteError(name, f"{type(error).__name__}: {said}", where=where)


def _loaded(name: str, module: ModuleType, file: str) -> Loaded:
    classes = classes_of(module)
    if not classes:
        raise SiteError(
            name, "defines no Site with hosts: write class NAME(Site) with hosts = (…,)", where=file
        )
    return Loaded(name, file, classes)


def classes_of(module: ModuleType) -> tuple[type[Site], ...]:
    """The sites that a module defines itself, in order; a Site without hosts is a base for others."""
    return tuple(
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, Site)
        and value.__module__ == module.__name__
        and value.hosts
    )


class Report(msgspec.Struct, frozen=True):
    """What loading came to: names of sites, problems, and the error that stops everything ("" if none)."""

    sites: tuple[str, ...]
    problems: tuple[dict[str, str], ...]
    error: str = ""


def report(folders: Sequence[Path]) -> Report:
    """Load everything and say what was wrong."""
    from sites.registry import Registry

    try:
        with contextlib.redirect_stdout(sys.stderr):  # a plugin may print; the report is all that goes out
            registry = Registry.load(folders)
    except ConfigError as error:
        return Report((), (), str(error))
    problems = tuple(
        {"plugin": p.plugin, "field": p.field, "message": p.message, "where": p.where}
        for p in registry.problems
    )
    return Report(registry.names(), problems)


def main(arguments: Sequence[str]) -> int:
    """The report of some folders, as JSON, on standard output; 0 when all was well."""
    found = report([Path(argument) for argument in arguments])
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    return 1 if found.problems or found.error else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
