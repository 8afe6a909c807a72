"""Proof: files by the specification, and the database against the files."""

from archive.verify.against import verify_store
from archive.verify.files import verify_file
from archive.verify.findings import RULES, Finding, finding
from archive.verify.manners import RobotsRules, verify_manners

__all__ = ["RULES", "Finding", "RobotsRules", "finding", "verify_file", "verify_manners", "verify_store"]
