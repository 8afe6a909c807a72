"""What is wrong in broadsheet.toml is said with its place, and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigError
from crawler.settings import load_settings
from tests.command import command


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delai = '1s'", "line 1: there is no setting 'delai'; did you mean 'delay'?"),
        ("[fetch]\nconections = 5", "line 2: there is no setting 'conections'; did you mean 'connections'?"),
        ("[fetch]\nconnections = 0", "line 2: connections: Expected `int` >= 1"),
        ("[extraction]\nprocesses = -1", "line 2: processes: Expected `int` >= 0"),
        ("[site.a]\nmax_pages = -1", "line 2: max_pages: Expected `int` >= 0"),
        ("resolve = ['a.example']", "resolve 'a.example': write NAME=ADDRESS:PORT"),
        ("allow_address = ['127.0.0.1/99']", "allow_address '127.0.0.1/99' is no address range, like"),
        ("delay = 'soon'", "delay 'soon' is no duration"),
        ("[site.a]\nquiet = 'never'", "site.a.quiet: 'never' are no quiet hours"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        load_settings(file)
    assert str(error.value).startswith(str(file)) and said in str(error.value)


def test_an_option_is_named_as_it_was_typed() -> None:
    with pytest.raises(ConfigError, match=r"^--allow-address 'x' is no address range"):
        load_settings(None, {"allow_address": ["x"]})


def test_config_check_reads_intervals_and_warns_of_sites_without_a_plugin(tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.toml"
    file.write_text("[site.gazette]\nevery = '5 parsecs'")
    assert "site.gazette.every" in command(tmp_path, "config", "check", expect=2)[0]["error"]
    file.write_text("[site.gazete]\nevery = '5m'")
    assert "did you mean 'gazette'?" in command(tmp_path, "config", "check")[0]["error"]
