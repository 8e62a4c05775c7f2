"""A note in the text sets findings aside, with a reason, and is otherwise as if it were not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.model import Draft, Span
from shuzhi.prose.reading import read
from shuzhi.prose.waivers import shorn

WRONG = "工程于6月31日完工。"
NOTE = "【不查 prose-T1-date：原文如此】"


def _standing(draft: Draft) -> list[str]:
    return [d.rule for d in draft.defects]


@pytest.mark.parametrize(
    "text",
    [
        f"工程于6月31日完工{NOTE}。",
        f"{WRONG}{NOTE}\n另有X座在建。",
        f"{NOTE}{WRONG}",
        "工程于6月31日完工。【不查prose-T1:原文如此】",
        "工程于6月31日完工。【不查 prose-N2、prose-T1：原文如此】按装水泵。",
        f"2024年度总结\n{NOTE}\n一、水利\n修库。{WRONG}\n二、交通\n{WRONG}",
        f"一、水利\n{WRONG}\n{NOTE}\n二、交通\n通车。",
    ],
)
def test_a_note_with_a_reason_sets_its_findings_aside(text: str) -> None:
    draft = read(text)
    assert _standing(draft) == []
    assert {w.defect.rule for w in draft.waived} >= {"prose-T1-date"}
    assert {w.waiver.reason for w in draft.waived} == {"原文如此"}
    assert draft.advice == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{WRONG}【不查 prose-T1-date】", "没有写理由"),
        (f"{WRONG}【不查 prose-T1-date：】", "没有写理由"),
        (f"{WRONG}【不查 prose-T1-dat：原文如此】", "没有编号为prose-T1-dat"),
        (f"{WRONG}【不查：原文如此】", "没有写明不查哪一条"),
        (f"{WRONG}【不查 prose-N2：引文】", "没有可以不查的问题"),
        (f"{WRONG}\n通车。{NOTE}", "没有可以不查的问题"),
    ],
)
def test_a_note_that_does_nothing_says_so_and_sets_nothing_aside(text: str, said: str) -> None:
    draft = read(text)
    assert _standing(draft) == ["prose-T1-date"]
    (about,) = draft.advice
    assert (about.rule, about.force) == ("prose-W0-waiver", "提示")
    assert said in about.explanation


def test_a_note_is_no_mask_no_figure_no_heading_and_no_title() -> None:
    text = (
        "【不查 prose-C1：XX镇2024年3项】\n水利局工作总结\n【不查 prose-C1：一、二、三】\n一、修库\n新建X座。"
    )
    draft = read(text)
    assert [s.text for s in draft.slots] == ["X"]
    assert draft.figures == ()
    assert [h.text for h in draft.outline] == ["修库"]
    assert draft.title.of(text) == "水利局工作总结"


def test_findings_waivers_and_advice_are_told_apart_for_machines() -> None:
    made = read(f"按装水泵。\n{WRONG}{NOTE}【不查 prose-Q0：无】").as_json()
    defects, advice, waived = made["defects"], made["advice"], made["waived"]
    assert isinstance(defects, list)
    assert isinstance(advice, list)
    assert isinstance(waived, list)
    assert [(d["rule"], d["page"]) for d in defects if isinstance(d, dict)] == [
        ("prose-N2-lookalike", "prose-N2-lookalike.md")
    ]
    assert [d["force"] for d in advice if isinstance(d, dict)] == ["提示"]
    assert [(d["rule"], d["reason"]) for d in waived if isinstance(d, dict)] == [
        ("prose-T1-date", "原文如此")
    ]


def test_a_shorn_draft_has_its_findings_where_the_words_went() -> None:
    text = f"2024年度总结\n{NOTE}\n一、水利{NOTE}\n新建X座。{WRONG}\n二、交通\n修路12公里。"
    whole, bare = read(text), shorn(read(text))
    assert bare.text == text.replace(NOTE, "")
    assert [s.span.of(bare.text) for s in bare.slots] == ["X"]
    assert [f.span.of(bare.text) for f in bare.figures] == ["12"]
    assert [h.text_span.of(bare.text) for h in bare.outline] == ["水利", "交通"]
    assert [w.defect.span.of(bare.text) for w in bare.waived] == [
        w.defect.span.of(whole.text) for w in whole.waived
    ]
    assert shorn(bare) is bare


@given(st.lists(st.sampled_from([NOTE, "【不查", "】", "：", "建X座。", "一是修库。", WRONG, "\n", " "])))
def test_notes_never_move_what_is_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    draft = read(text)
    assert draft.text == text
    assert all(s.span.of(text) == s.text for s in draft.items())
    bare = shorn(draft)
    assert all(s.span.of(bare.text) == s.text for s in bare.items())
    assert all(
        Span(0, len(bare.text)).touches(d.span)
        for d in (*bare.defects, *bare.advice)
        if d.rule != "prose-W0-waiver"
    )
