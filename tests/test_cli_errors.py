"""The installed command: every error is a line that says what to do, and its exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("broadsheet"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["crawl", "--nonsense"], 2, "--nonsense"),
        (["nonsense"], 2, "nonsense"),
        (["crawl", "http://127.0.0.1/"], 2, "--allow-address 127.0.0.1"),
        (["crawl", "https://example.com/"], 2, "--contact"),
        (["crawl", "--delay", "soon", "https://example.com/"], 2, "30s"),
        (["status", "--data", "nowhere"], 2, "broadsheet crawl"),
        (["extract", "missing.html"], 2, "missing.html"),
        (["verify", "missing.warc.gz"], 1, "missing.warc.gz"),
        (["verify", "empty.warc"], 1, "there is no record in it"),
        (["verify", "--manners", "empty.warc"], 0, "there is nothing to prove"),
        (["recover", "--data", "nowhere"], 2, "broadsheet crawl"),
        (["extract", "empty.warc", "--url", "news"], 2, "--url news: this is no http or https URL"),
        (["crawl", "https://example.com/", "--include", "news/*"], 2, "--include: pattern 'news/*'"),
        (["crawl", "https://example.com/", "--exclude", "/{a"], 2, "--exclude: pattern '/{a'"),
        (["crawl", "example.com"], 2, "in full, like https://example.com/"),
        (["crawl", "--wait", "-5s", "https://example.com/"], 2, "--wait '-5s' is no duration"),
        (
            ["crawl", "http://127.0.0.1/", "--allow-address", "127.0.0.1", "--data", "empty.warc"],
            2,
            "--data DIR names another",
        ),
        (["demo", "--settings", "x.toml"], 2, "only with --serve"),
        (["demo", "--serve", "--port", "99999"], 2, "--port"),
        (["articles", "list", "--since", "2026-13-01"], 2, "--since 2026-13-01: write a date like"),
        (["articles", "list", "--until", "yesterday"], 2, "--until yesterday: write a date like"),
        (["articles", "list", "--since", "2026-1", "--data", "nowhere"], 2, "broadsheet crawl"),
        (["backup", "empty.warc/b", "--data", "nowhere"], 2, "broadsheet crawl"),
        (["sites", "list", "--sites", "n" * 300], 1, "File name too long"),
        (["--version"], 0, ""),
    ],
)
def test_errors_are_lines(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "empty.warc").touch()
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr[-2000:]
    assert said in done.stdout + done.stderr


def test_a_command_does_not_wait_for_what_others_need() -> None:
    asked = "import sys, crawler.cli.app as it; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    own = [line for line in loaded.splitlines() if line.startswith("crawler.cli.")]
    assert "crawler.cli.common" in own and not {"crawler.cli.articles", "crawler.cli.crawl"} & set(own)
