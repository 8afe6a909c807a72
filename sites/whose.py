"""`crawler`, `sites` and `archive` are common names: are the ones that were imported ours?"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from types import ModuleType

from sites.errors import ConfigError

__all__ = ["check_packages"]


def check_packages(*packages: ModuleType) -> None:
    """All packages must lie in the folder that this `sites` lies in.

    Raises ConfigError, which names the folder or the distribution that shadows one of them. Where a foreign
    `sites` is imported this module is missing: an ImportError here means the same.
    """
    home = Path(__file__).resolve().parent.parent
    for package in packages:
        files = [package.__file__] if package.__file__ else list(getattr(package, "__path__", []))
        place = Path(files[0]).resolve() if files else Path()
        folder = place.parent if place.suffix else place
        if folder.parent != home:
            owner = _owner(package.__name__, folder)
            raise ConfigError(
                f"the package {package.__name__!r} was imported from {folder}{owner}, "
                f"but Broadsheet's lies in {home}: move it, or start from another folder"
            )


def _owner(name: str, folder: Path) -> str:
    """The distributions that brought a package of this name into that folder, in words."""
    owners = [
        owner
        for owner in metadata.packages_distributions().get(name, [])
        if any(
            Path(str(file.locate())).resolve().is_relative_to(folder) for file in metadata.files(owner) or []
        )
    ]
    return f" (of the distribution {', '.join(owners)})" if owners else ""
