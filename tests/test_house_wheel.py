"""What is shipped: the wheel's contents, and that it works where no checkout is near."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.check

_PAGE = """<title>Harbour opens</title><meta property="og:type" content="article"><article><h1>Harbour opens</h1>
<p>The harbour opened again on Monday, a week after the storm had closed it to all ships and ferries.</p>
<p>"We worked day and night," said the harbour master, Ada Lund, as the first trawler passed the new pier.</p>
<p>Repairs to the eastern breakwater will go on until spring, and the town has asked the ministry for help.</p>
<p>Two fishing boats that broke loose in the storm were found off the coast on Friday, both of them empty.</p>
</article>"""


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline, with the hatchling of this environment."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, folder=out)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_three_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if ".dist-info" not in top} == {"crawler", "sites", "archive"}
    assert {f"{package}/py.typed" for package in ("crawler", "sites", "archive")} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]
    tracked = subprocess.run(
        ["git", "ls-files", "crawler", "sites", "archive"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(tracked.stdout.split()) <= set(names)


def test_an_installation_outside_the_checkout_works(wheel: Path, tmp_path: Path) -> None:
    """The dependencies come from this environment, the packages and the command from the wheel alone."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", folder=tmp_path)
    python = tmp_path / "env/bin/python"
    lent = run(
        sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path
    )
    place = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path).strip()
    )
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel),
        folder=tmp_path,
    )
    # a plain path, after the wheel's own folder: the editable checkout's .pth file is not followed
    (place / "lent.pth").write_text(lent)
    code = "import crawler, sites, archive; print(*(m.__file__ for m in (crawler, sites, archive)))"
    homes = run(python, "-c", code, folder=tmp_path).split()
    assert all(Path(home).is_relative_to(place) for home in homes)
    code = "from sites.generic import survey; print(survey.__file__)"
    assert run(python, "-c", code, folder=tmp_path).strip().endswith(EXTENSION_SUFFIXES[0]), "not compiled"
    assert run(tmp_path / "env/bin/broadsheet", "--version", folder=tmp_path).startswith("broadsheet ")
    page = tmp_path / "page.html"
    page.write_text(_PAGE)
    assert "Harbour opens" in run(
        tmp_path / "env/bin/broadsheet",
        "extract",
        page,
        "--url",
        "https://paper.example/a",
        folder=tmp_path,
    )
