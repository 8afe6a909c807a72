"""Errors of the crawler. The tree of all errors is drawn in `sites/errors.py`."""

from __future__ import annotations

from sites.errors import BroadsheetError, ConfigError

__all__ = ["BroadsheetError", "ConfigError", "FetchError"]


class FetchError(BroadsheetError):
    """An exchange with a server failed before a response could be read.

    `reason` is one word for counting ("dns", "connect", "proxy", "tls", "timeout", "protocol", "refused-address",
    "reset"), `retryable` whether another try may help.
    """

    def __init__(self, reason: str, message: str, *, retryable: bool = True) -> None:
        self.reason, self.retryable = reason, retryable
        super().__init__(message)
