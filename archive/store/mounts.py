"""Which file system a path lies on: databases need a local one."""

from __future__ import annotations

import re
from pathlib import Path

from archive.errors import ArchiveError

__all__ = ["file_system", "refuse_network"]

_OCTAL = re.compile(r"\\(\d{3})")
_NETWORK = frozenset((
    "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
    "orangefs", "smb2", "smb3", "smbfs",
))  # fmt: skip


def file_system(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path` (absolute, resolved), out of /proc/self/mountinfo's
    text."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = Path(_OCTAL.sub(lambda m: chr(int(m[1], 8)), fields[4]))
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.split(" ")[0]
    return kind


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """ArchiveError when `path` lies on a network file system, whose locks and shared memory SQLite cannot
    trust."""
    if mounts is None:
        table = Path("/proc/self/mountinfo")
        if not table.exists():
            return
        mounts = table.read_text(errors="surrogateescape")
    kind = file_system(path.absolute().parent.resolve() / path.name, mounts)
    if kind in _NETWORK:
        raise ArchiveError(
            f"lies on a network file system ({kind}), where databases get damaged: "
            "choose a folder on a local disk",
            file=path,
        )
