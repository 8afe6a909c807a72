"""A WACZ's own account of itself against what is in it (WACZ 1.1.1, 5.2 and 6)."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from archive.verify.findings import Finding, finding
from archive.warc.names import resolve

__all__ = ["is_package", "package_findings"]

_MAX_ACCOUNT = 64 * 1024 * 1024
_NEEDED = ("pages/pages.jsonl", "datapackage.json")


class _Resource(msgspec.Struct):
    path: str
    hash: str = ""
    bytes: int = -1


class _Package(msgspec.Struct):
    resources: list[_Resource] = []


class _Signed(msgspec.Struct):
    hash: str = ""
    domain: str = ""
    public_key: str = msgspec.field(name="publicKey", default="")


class _Digest(msgspec.Struct):
    hash: str = ""
    signed: _Signed | None = msgspec.field(name="signedData", default=None)

    @property
    def signer(self) -> str:
        if self.signed is None:
            return ""
        return self.signed.domain or f"the key {self.signed.public_key[:24]}…"


def is_package(path: Path) -> bool:
    """Whether the file is a zip file, whatever its name."""
    return zipfile.is_zipfile(resolve(path))


def package_findings(path: Path) -> Iterator[Finding]:
    """What is wrong with the package around the WARCs; nothing for a file that is no zip file. Who signed it is
    told; whether the signature is good takes authorities to trust, and is not."""
    if not is_package(path):
        return
    path = resolve(path)
    try:
        with zipfile.ZipFile(path) as package:
            for message in _problems(package):
                yield finding(path.name, 0, "container", message)
            if signer := _signed(package).signer:
                message = f"signed by {signer}: whether the signature is good was not checked"
                yield finding(path.name, 0, "signature", message)
    except msgspec.DecodeError:
        return  # it has been told
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        yield finding(path.name, 0, "container", f"the zip file is broken: {error}")


def _problems(package: zipfile.ZipFile) -> Iterator[str]:
    names = set(package.namelist())
    for name in _NEEDED:
        if name not in names:
            yield f"{name} is missing"
    if "datapackage.json" not in names:
        return
    account = _read(package, "datapackage.json")
    try:
        resources = msgspec.json.decode(account, type=_Package).resources
    except msgspec.DecodeError as error:
        yield f"datapackage.json cannot be read: {error}"
        return
    for resource in resources:
        if resource.path not in names:
            yield f"{resource.path} is missing, datapackage.json names it"
            continue
        size, measured = _measure(package, resource.path)
        if resource.bytes not in (-1, size):
            yield f"{resource.path} has {size} bytes, {resource.bytes} by datapackage.json"
        elif resource.hash.startswith("sha256:") and resource.hash != measured:
            yield f"{resource.path} is not the one of datapackage.json: {measured}"
    for name in sorted(names):
        if name.startswith("archive/") and not name.endswith("/") and name not in {r.path for r in resources}:
            yield f"{name} is not in datapackage.json"
    if "datapackage-digest.json" in names:
        try:
            digest = _signed(package)
        except msgspec.DecodeError as error:
            yield f"datapackage-digest.json cannot be read: {error}"
            return
        hashes = [digest.hash, digest.signed.hash if digest.signed else ""]
        if any(one and one != f"sha256:{hashlib.sha256(account).hexdigest()}" for one in hashes):
            yield "datapackage.json is not the one of datapackage-digest.json"


def _signed(package: zipfile.ZipFile) -> _Digest:
    if "datapackage-digest.json" not in package.namelist():
        return _Digest()
    return msgspec.json.decode(_read(package, "datapackage-digest.json"), type=_Digest)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as file:
        return file.read(_MAX_ACCOUNT)


def _measure(package: zipfile.ZipFile, name: str) -> tuple[int, str]:
    sha256, size = hashlib.sha256(), 0
    with package.open(name) as file:
        while piece := file.read(2**20):
            sha256.update(piece)
            size += len(piece)
    return size, f"sha256:{sha256.hexdigest()}"
