"""`broadsheet recover`: make files and database agree again, losing nothing."""

from __future__ import annotations

from archive.recovery import Recovered
from archive.recovery import recover as mend
from archive.store import Store
from archive.warc import is_ours
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    counted,
    data_folder,
    existing_folder,
    print_json,
    settings_from,
)
from crawler.cli.wiring import now_us

__all__ = ["recover"]


def recover(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Take whole records the database does not know into it; move torn bytes to quarantine.

    Example: broadsheet recover --data ./data
    """
    settings = settings_from(config, data=data)
    folder = data_folder(settings)
    if not any(is_ours(path.name) for path in folder.archive.glob("*")):
        folder = existing_folder(settings)
    folder.make()

    def tell(one: Recovered) -> None:
        if as_json:
            print_json(one)
        elif one.busy:
            console.print(f"{one.file}: in use by a running crawl, left alone", markup=False)
        elif one:
            moved = f", {one.moved}" if one.moved else ""
            console.print(
                f"{one.file}: {counted(one.adopted, 'capture')} taken in, {one.lost} lost{moved}",
                markup=False,
            )

    store = Store.open(folder.crawl_db)
    try:
        mend(store, folder.archive, now_us(), report=tell)
    finally:
        store.close()
    if not as_json:
        console.print("done; `broadsheet verify` proves it")
