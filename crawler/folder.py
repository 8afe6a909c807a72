"""The data folder: what lies where."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from crawler.errors import ConfigError

__all__ = ["DataFolder"]


class DataFolder(msgspec.Struct, frozen=True):
    """Paths inside one data folder; `root` is created by the first command that writes."""

    root: Path

    @property
    def crawl_db(self) -> Path:
        return self.root / "crawl.db"

    @property
    def articles_db(self) -> Path:
        return self.root / "articles.db"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def owners(self) -> Path:
        return self.root / "run"

    def free(self) -> int:
        """Bytes that may still be written, where there are least."""
        places = (folder for folder in (self.root, self.archive) if folder.exists())
        return min(shutil.disk_usage(folder).free for folder in places)

    @property
    def log(self) -> Path:
        return self.root / "log"

    def make(self) -> None:
        """Create the folders; existing ones stay. Raises ConfigError when that cannot be."""
        try:
            for folder in (self.root, self.archive, self.owners, self.log):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"{self.root} cannot be the data folder: {error.strerror}: {error.filename}; --data DIR names another"
            ) from None
