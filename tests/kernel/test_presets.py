"""Presets: every packaged set is sound and says where it comes from, and lies in an overlay without harming it."""

import tomllib
from pathlib import Path

import pytest

from shuzhi.kernel.catalogue.load import load, national, national_folder
from shuzhi.kernel.catalogue.presets import PARAMETERS, laid, lay, preset, presets
from shuzhi.kernel.finding import Refused

OWN = """# 本县自己的界限
[[parameter]]
code = "light_red_gap"  # 原来的红灯
label = "亮红灯的进度差距"
unit = "百分点"
values = [{ from = 2020-01-01, value = "25" }]
basis = { law = "本地做法", local = true }

# 调研陪同
[[parameter]]
code = "visit_companions"
label = "调研陪同人数上限"
unit = "人"
values = [{ from = 2020-01-01, value = "2" }]
basis = { law = "本地做法", local = true }
"""


@pytest.mark.parametrize("name", presets())
def test_a_preset_lies_in_an_empty_overlay_and_checks(name: str, tmp_path: Path) -> None:
    chosen = preset(name)
    assert chosen.label
    assert chosen.source
    assert chosen.note
    assert {item.code for item in chosen.parameters} <= set(national().parameters)
    lay(chosen, tmp_path)
    assert load(national_folder(), tmp_path).errors == ()


def test_a_preset_replaces_its_own_parameters_and_leaves_the_rest() -> None:
    text = laid(preset("default"), OWN)
    held = {row["code"]: row for row in tomllib.loads(text)["parameter"]}
    assert held["light_red_gap"]["values"][0]["value"] == "30"
    assert held["visit_companions"]["values"][0]["value"] == "2"
    assert text.startswith("# 本县自己的界限")
    assert len(tomllib.loads(text)["parameter"]) == len(held)


def test_a_preset_laid_twice_lies_there_once(tmp_path: Path) -> None:
    for name in ("default", "yinchuan_2025"):
        lay(preset(name), tmp_path)
    path = lay(preset("yinchuan_2025"), tmp_path)
    assert path.name == PARAMETERS
    codes = [row["code"] for row in tomllib.loads(path.read_text("utf-8"))["parameter"]]
    assert len(codes) == len(set(codes))
    assert load(national_folder(), tmp_path).errors == ()


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(Refused, match="yinchuan_2025"):
        preset("moon")
