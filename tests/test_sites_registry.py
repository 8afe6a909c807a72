"""Plugins from folders: layers by date, broken files, conflicts, and the check in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

import archive
import crawler
import sites
from sites.errors import ConfigError, SiteError
from sites.fingerprint import fingerprint
from sites.loading import load_file
from sites.registry import Registry
from sites.whose import check_packages

ROOT = Path(__file__).resolve().parents[1]


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def load(*folders: Path) -> Registry:
    return Registry.load(folders, bundled=False, entry_points=False)


LIGHTHOUSE = """
    from datetime import date
    from sites import Site, css

    class Lighthouse(Site):
        hosts = ("lighthouse.example", "*.lighthouse.example")
        articles = ("/news/**", "https://live.example/**")
        title = css("h1")

    class Lighthouse2022(Lighthouse):
        until = date(2022, 6, 1)
        title = css("h2")

    class Lighthouse2018(Lighthouse2022):
        until = date(2018, 1, 1)
        title = css("h3")
"""


def test_layers_are_picked_by_the_day_of_the_fetch(tmp_path: Path) -> None:
    registry = load(write(tmp_path / "plugins", lighthouse=LIGHTHOUSE))
    assert registry.problems == () and registry.names() == ("lighthouse",)
    assert repr(registry) == "<Registry 1 sites>"

    def layer(day: date | None) -> str:
        site = registry.for_url("https://www.lighthouse.example/x", day)
        assert site is not None and site.name == "lighthouse"
        return type(site).__name__

    assert layer(None) == layer(date(2022, 6, 1)) == layer(date(2030, 1, 1)) == "Lighthouse"
    assert layer(date(2022, 5, 31)) == layer(date(2018, 1, 1)) == "Lighthouse2022"
    assert layer(date(2017, 12, 31)) == layer(date(1999, 1, 1)) == "Lighthouse2018"
    assert repr(registry.get("lighthouse", date(2020, 1, 1))).endswith("until 2022-06-01>")
    assert [type(site).__name__ for site in registry.layers("lighthouse")] == [
        "Lighthouse2018",
        "Lighthouse2022",
        "Lighthouse",
    ]
    assert registry.file_of("lighthouse") == str(tmp_path / "plugins" / "lighthouse.py")


def test_hosts(tmp_path: Path) -> None:
    special = 'from sites import Site\nclass Special(Site):\n    hosts = ("special.lighthouse.example",)\n'
    registry = load(write(tmp_path / "plugins", lighthouse=LIGHTHOUSE, special=special))

    def name(url: str) -> str:
        site = registry.for_url(url)
        return site.name if site else ""

    assert name("https://lighthouse.example/") == name("https://www.lighthouse.example/") == "lighthouse"
    assert name("https://a.b.lighthouse.example/") == name("https://live.example/x") == "lighthouse"
    assert name("https://special.lighthouse.example/") == "special"
    assert name("https://x.special.lighthouse.example/") == "lighthouse"
    assert (
        name("https://other.example/")
        == name("https://lighthouse.example:8080/")
        == name("http://[::1]/")
        == ""
    )


def test_a_broken_plugin_is_named_with_its_line_and_stops_nobody(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "plugins",
        lighthouse=LIGHTHOUSE,
        syntax="from sites import Site\nclass Broken(Site)\n    pass\n",
        raises="from sites import Site, css\n\nx = css('p:nope(')\n",
        leaves="import sys\nsys.exit(3)\n",
        missing="import no_such_module_anywhere\n",
        empty="x = 1\n",
        typo="from sites import Site\n\nclass Typo(Site):\n    hosts = ('t.example',)\n    artciles = ()\n",
        _helper="1/0\n",
    )
    registry = load(folder)
    assert registry.names() == ("lighthouse",)
    found = {
        p.plugin: (Path(p.where.rpartition(":")[0] or p.where).name, p.where.rpartition(":")[2], p.message)
        for p in registry.problems
    }
    assert found.keys() == {"syntax", "raises", "leaves", "missing", "empty", "typo"}
    assert found["syntax"][:2] == ("syntax.py", "2")
    assert found["raises"][:2] == ("raises.py", "3") and "not a CSS selector" in found["raises"][2]
    assert found["leaves"][:2] == ("leaves.py", "2")
    assert found["missing"][:2] == ("missing.py", "1") and "no_such_module_anywhere" in found["missing"][2]
    assert "defines no Site with hosts" in found["empty"][2]
    assert found["typo"] == ("typo.py", "5", "a Site has no 'artciles': did you mean 'articles'?")
    with pytest.raises(ConfigError, match=r"no site 'typo'.*its plugin is broken: .*artciles"):
        registry.get("typo")
    assert not (folder / "__pycache__").exists()


def test_unknown_names_are_answered_with_the_nearest(tmp_path: Path) -> None:
    registry = load(write(tmp_path / "plugins", lighthouse=LIGHTHOUSE))
    with pytest.raises(ConfigError, match="no site 'lighthuose': did you mean 'lighthouse'"):
        registry.get("lighthuose")
    with pytest.raises(ConfigError, match="there are: lighthouse"):
        registry.get("zzz")


def test_two_plugins_for_one_host_or_name(tmp_path: Path) -> None:
    first = write(tmp_path / "one", lighthouse=LIGHTHOUSE)
    other = 'from sites import Site\nclass Other(Site):\n    hosts = ("www.lighthouse.example",)\n'
    with pytest.raises(
        ConfigError, match=r"host 'www.lighthouse.example': .*one/lighthouse.py and .*two/other.py"
    ):
        load(first, write(tmp_path / "two", other=other))
    with pytest.raises(
        ConfigError, match=r"called 'lighthouse': .*one/lighthouse.py and .*three/lighthouse.py"
    ):
        load(first, write(tmp_path / "three", lighthouse=other))
    assert load(first, first, tmp_path / "nowhere").names() == ("lighthouse",)
    with pytest.raises(ConfigError, match="no folder of plugins"):
        load(first / "lighthouse.py")


def test_two_layers_without_a_date_are_a_problem(tmp_path: Path) -> None:
    twice = "from sites import Site\nclass A(Site):\n    hosts = ('a.example',)\nclass B(A):\n    pass\n"
    (problem,) = load(write(tmp_path / "plugins", twice=twice)).problems
    assert "A and B have the same until" in str(problem) and problem.where.endswith("twice.py:4")


def test_two_folders_may_hold_modules_of_one_file_name(tmp_path: Path) -> None:
    one = "from sites import Site\nLAW = 1\nclass A(Site):\n    name = 'a'\n    hosts = ('a.example',)\n"
    folders = [write(tmp_path / "x", paper=one), write(tmp_path / "y", paper=one.replace("'a", "'b"))]
    registry = load(*folders)
    assert registry.names() == ("a", "b")
    assert type(registry.get("a")).__module__ != type(registry.get("b")).__module__


def test_bundled_plugins_and_entry_points_load() -> None:
    assert Registry.load().problems == ()


def test_entry_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, entry_paper=LIGHTHOUSE)
    info = tmp_path / "papers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: papers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[broadsheet.sites]\na = entry_paper\nb = no_such_paper\nc = entry_paper:Lighthouse\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    registry = Registry.load(bundled=False)
    monkeypatch.delitem(sys.modules, "entry_paper")
    assert "entry_paper" in registry.names()
    assert any("entry point 'b' of papers" in str(problem) for problem in registry.problems)


def test_a_file_that_hangs_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, endless="while True:\n    pass\n")
    with pytest.raises(SiteError, match="not loaded after"):
        load_file(folder / "endless.py", 0.05)


def run_check(*folders: Path) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-W", "error", "-m", "sites.loading", *map(str, folders)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_check_in_its_own_process(tmp_path: Path) -> None:
    noisy = "print('noise')\n" + textwrap.dedent(LIGHTHOUSE)
    good = write(tmp_path / "good", lighthouse=noisy)
    code, found = run_check(good)
    assert (code, found["problems"], found["error"]) == (0, [], "") and "lighthouse" in found["sites"]  # type: ignore[operator]
    bad = write(tmp_path / "bad", broken="1/0\n")
    code, found = run_check(bad)
    (problem,) = found["problems"]  # type: ignore[misc]
    assert code == 1
    assert problem["plugin"] == "broken" and problem["where"].endswith("broken.py:1")
    assert problem["message"] == "ZeroDivisionError: division by zero"
    code, found = run_check(good, write(tmp_path / "more", lighthouse=noisy))
    assert code == 1 and "two plugins are called 'lighthouse'" in str(found["error"])


def test_fingerprints(tmp_path: Path) -> None:
    folder = write(tmp_path / "plugins", lighthouse=LIGHTHOUSE)
    registry = load(folder)
    site = registry.get("lighthouse")
    now = fingerprint(site)
    old = fingerprint(registry.get("lighthouse", date(2020, 1, 1)))
    assert len({now, old, fingerprint(None), fingerprint(site, "7"), fingerprint(None, "7")}) == 5
    assert fingerprint(load(folder).get("lighthouse")) == now
    script = (
        "import sys; from pathlib import Path; from sites.registry import Registry; "
        "from sites.fingerprint import fingerprint; "
        "print(fingerprint(Registry.load([Path(sys.argv[1])]).get('lighthouse')), fingerprint(None))"
    )
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, timeout=60, text=True)
    assert done.stdout.split() == [now, fingerprint(None)]
    write(folder, lighthouse=LIGHTHOUSE.replace('css("h3")', 'css("h4")'))
    assert fingerprint(site) == now
    assert fingerprint(load(folder).get("lighthouse")) != now


def test_bases_in_another_module_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = "from sites import Site\nclass Base(Site):\n    every = '{}'\n"
    plugin = "from shared_base_of_papers import Base\nclass P(Base):\n    hosts = ('p.example',)\n"
    marks = []
    for number, every in enumerate(("1h", "2h")):
        library = write(tmp_path / f"lib{number}", shared_base_of_papers=base.format(every))
        monkeypatch.syspath_prepend(str(library))
        site = load(write(tmp_path / "plugins", p=plugin)).get("p")
        assert site.every == every
        marks.append(fingerprint(site))
        monkeypatch.delitem(sys.modules, "shared_base_of_papers")
    assert marks[0] != marks[1]


def test_foreign_packages_are_named(tmp_path: Path) -> None:
    check_packages(sites, archive, crawler)
    foreign = ModuleType("archive")
    foreign.__file__ = str(tmp_path / "archive" / "__init__.py")
    with pytest.raises(ConfigError, match=f"'archive' was imported from {tmp_path}/archive, but"):
        check_packages(sites, foreign)
    hypothesis = sys.modules["hypothesis"]
    with pytest.raises(ConfigError, match="of the distribution hypothesis"):
        check_packages(hypothesis)
