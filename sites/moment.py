"""A date as a page gives it: no more precise than its source, and no zone invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import total_ordering
from typing import Literal

__all__ = ["Moment", "Precision"]

Precision = Literal["day", "minute", "second"]


@total_ordering
class Moment:
    """An instant, a local time without a zone, or a day.

    `local` is the naive date and time as written (midnight for a day), `zone` the offset from UTC if the
    page states one, else None; `precision` is "day", "minute" or "second"; `text` is the date as it stood
    in the page and takes no part in comparison. `str()` is ISO 8601, no more precise than the source.
    Moments sort by `utc`, else as if local time were UTC.
    """

    __slots__ = ("local", "precision", "text", "zone")

    def __init__(
        self,
        local: datetime,
        precision: Precision = "second",
        *,
        zone: timedelta | None = None,
        text: str = "",
    ) -> None:
        if precision == "day":
            self.local = datetime(local.year, local.month, local.day)
        else:
            second = 0 if precision == "minute" else local.second
            self.local = datetime(local.year, local.month, local.day, local.hour, local.minute, second)
        self.precision: Precision = precision
        self.zone = None if precision == "day" else zone
        self.text = text

    @classmethod
    def of(cls, when: datetime | date, *, text: str = "") -> Moment:
        """From a `date` (a day) or a `datetime` (to the second; its zone is kept when it has one)."""
        if isinstance(when, datetime):
            return cls(when, "second", zone=when.utcoffset(), text=text)
        return cls(datetime(when.year, when.month, when.day), "day", text=text)

    @classmethod
    def parse(cls, iso: str) -> Moment:
        """The inverse of `str()`. Raises ValueError on anything but the forms that `str()` makes."""
        iso = iso.strip()
        when = datetime.fromisoformat(iso)
        if len(iso) == 10:
            return cls(when, "day", text=iso)
        clock = iso[11:].rstrip("Z").split("+")[0].split("-")[0]
        return cls(when, "minute" if len(clock) == 5 else "second", zone=when.utcoffset(), text=iso)

    @property
    def utc(self) -> datetime | None:
        """The instant, aware and in UTC; None when the page states no zone."""
        if self.zone is None:
            return None
        try:
            return (self.local - self.zone).replace(tzinfo=UTC)
        except OverflowError:
            return None

    @property
    def sort_key(self) -> datetime:
        return self.utc or self.local.replace(tzinfo=UTC)

    def date(self) -> date:
        """The calendar day as written."""
        return self.local.date()

    def __str__(self) -> str:
        if self.precision == "day":
            return self.local.date().isoformat()
        when = self.local if self.zone is None else self.local.replace(tzinfo=timezone(self.zone))
        return when.isoformat(timespec="minutes" if self.precision == "minute" else "seconds")

    def __repr__(self) -> str:
        return f"Moment({str(self)!r})"

    def _same(self) -> tuple[datetime, str, timedelta | None]:
        return self.local, self.precision, self.zone

    def __eq__(self, other: object) -> bool:
        return self._same() == other._same() if isinstance(other, Moment) else NotImplemented

    def __lt__(self, other: Moment) -> bool:
        return self.sort_key < other.sort_key if isinstance(other, Moment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._same())

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _restore, (self.local, self.precision, self.zone, self.text)


def _restore(local: datetime, precision: Precision, zone: timedelta | None, text: str) -> Moment:
    return Moment(local, precision, zone=zone, text=text)
