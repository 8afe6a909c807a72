"""Proof: files by the specification, and the database against the files."""

from archive.verify.against import verify_store
from archive.verify.files import verify_file
from archive.verify.findings import RULES, Finding, finding

__all__ = ["RULES", "Finding", "finding", "verify_file", "verify_store"]
