"""A catalogue is read from folders in layers or from the texts of a closing, and knows what a tenant changed."""

from datetime import date
from pathlib import Path

import pytest

from shuzhi.kernel import chain
from shuzhi.kernel.catalogue import load as loading
from shuzhi.kernel.catalogue.load import calendar_of, departures, load, load_texts, national, national_folder
from shuzhi.kernel.finding import Refused, Severity
from tests.kernel.shelf import TEXTS, shelf

OVERLAY = {
    "kinds/leaky_roof.toml": 'label = "漏雨房"\n\n[[lights]]\ncolour = "red"\nwhen = "late(\'repair\')"\nsays = "超期"\n',
    "parameters.toml": """
[[parameter]]
code = "tell_days"
values = [{ from = 2025-01-01, value = "2" }]

[[parameter]]
code = "wait_days"
label = "等候"
unit = "天"
values = [{ from = 2025-01-01, value = "9" }]
basis = { law = "本县办法", local = true }
""",
    "calendar/2025.toml": 'year = 2025\nbasis = { law = "本县通知" }\nholidays = []\n',
}


def written(folder: Path, texts: dict[str, str]) -> Path:
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


@pytest.fixture
def layers(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path / "nation", TEXTS), written(tmp_path / "county", OVERLAY)


def test_an_overlay_changes_the_keys_it_writes_and_no_others(layers: tuple[Path, Path]) -> None:
    merged = load(*layers)
    assert merged.findings == ()
    kind = merged.catalogue.kinds["leaky_roof"]
    assert kind.label == "漏雨房"
    assert [light.says for light in kind.lights] == ["超期"]
    assert len(kind.stages) == 4
    assert merged.catalogue.parameters["tell_days"].label == "告知期限"
    assert [text for _, text in merged.catalogue.parameters["tell_days"].values] == ["2"]


def test_what_an_overlay_wrote_or_changed_is_local(layers: tuple[Path, Path]) -> None:
    assert load(layers[0]).catalogue.local == frozenset()
    assert load(*layers).catalogue.local == {"leaky_roof"}


def test_departures_list_every_key_a_county_wrote_otherwise(layers: tuple[Path, Path]) -> None:
    found = departures(load(layers[0]).catalogue, load(*layers).catalogue)
    assert {finding.severity for finding in found} == {Severity.ADVICE}
    assert [finding.place for finding in found][:2] == [
        "@1/kinds/leaky_roof.toml leaky_roof label",
        "@1/kinds/leaky_roof.toml leaky_roof lights",
    ]
    assert "漏雨屋顶" in found[0].hint
    assert any("wait_days" in finding.place for finding in found)
    assert departures(load(layers[0]).catalogue, load(layers[0]).catalogue) == []


def test_a_finding_names_the_layer_that_wrote_the_key(layers: tuple[Path, Path]) -> None:
    light = layers[1] / "kinds" / "leaky_roof.toml"
    light.write_text(light.read_text("utf-8").replace("late('repair')", "late('repare')"), "utf-8")
    assert [finding.place for finding in load(*layers).errors] == [
        "@1/kinds/leaky_roof.toml leaky_roof lights[1].when"
    ]


def test_the_texts_of_a_closing_give_the_same_catalogue_back(layers: tuple[Path, Path]) -> None:
    merged = load(*layers).catalogue
    again = load_texts(dict(merged.texts))
    assert again.findings == ()
    assert again.catalogue == merged
    assert again.catalogue.digest == chain.digest(chain.canonical(dict(merged.texts)))


def test_the_county_calendar_replaces_the_year(layers: tuple[Path, Path]) -> None:
    assert calendar_of(load(layers[0]).catalogue).holiday(date(2025, 3, 17)) == "屋顶节"
    assert calendar_of(load(*layers).catalogue).holiday(date(2025, 3, 17)) == ""


def test_a_file_that_is_not_utf_8_is_refused(layers: tuple[Path, Path]) -> None:
    (layers[0] / "duties.toml").write_bytes('[[duty]]\ncode = "填"'.encode("gb18030"))
    assert [finding.id for finding in load(*layers).findings] == ["catalogue.not-utf-8"]


def test_parameters_are_kept_in_the_order_of_their_days() -> None:
    assert [text for _, text in shelf().catalogue.parameters["tell_days"].values] == ["7", "3"]


def test_the_national_catalogue_is_sound() -> None:
    assert load(national_folder()).findings == ()
    assert national() is national()


def test_a_national_catalogue_with_errors_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = written(tmp_path, TEXTS | {"duties.toml": ""})
    monkeypatch.setattr(loading, "national_folder", lambda: broken)
    with pytest.raises(Refused, match="没有“fill”这项职责"):
        loading.national.__wrapped__()
