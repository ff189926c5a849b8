"""The desk's own file."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.places import DeskError, load_desk


def test_the_sample_desk() -> None:
    desk = load_desk(None)
    assert (desk.sample, desk.place.id, desk.zone) == (True, "postojna", ZoneInfo("Europe/Ljubljana"))
    assert (desk.place.address, desk.place.phone, desk.place.email) == ("", "", "")


def test_a_desk_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(
        'name = "Desk"\noperator = "Town"\n[[places]]\nid = "a"\nname = "A"\nzone = "Europe/Rome"\n'
        '[[places]]\nid = "b"\nname = "B"\nphone = "05 000 00 00"\n',
        encoding="utf-8",
    )
    desk = load_desk(file)
    assert (desk.name, desk.operator, desk.sample, desk.zone) == ("Desk", "Town", False, ZoneInfo("Europe/Rome"))
    assert [(place.id, place.phone) for place in desk.places] == [("a", ""), ("b", "05 000 00 00")]


@pytest.mark.parametrize(
    "text",
    ["", "name = 1", 'name = "x"\noperator = "y"\nplaces = []', "not toml at all", 'name="x"\noperator="y"\n[[places]]\nid="a"',
     'name="x"\noperator="y"\n[[places]]\nid="a"\nname="A"\nzone="Moon/Base"'],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "desk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeskError, match=r"desk\.toml"):
        load_desk(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be read"):
        load_desk(tmp_path / "nowhere.toml")
