"""What a report admits and announces is found, each piece of a sentence once, and nothing else of it."""

import pytest

from shuzhi.prose.claiming.pledges import pledges
from shuzhi.prose.reading import read

HEAD = "石桥镇2025年度述职报告\n\n一、主要工作\n\n全年修渠12公里，新建水塔3座。\n\n"


@pytest.mark.parametrize(
    ("sentence", "part", "said"),
    [
        ("对照检查，本人下村还不够多。", "shortcoming", "对照检查，本人下村还不够多"),
        ("水费收缴还有差距。", "shortcoming", "水费收缴还有差距"),
        ("渠系管护有待加强；灌区计量亟需补上。", "shortcoming", "渠系管护有待加强"),
        ("2026年，镇政府将修通南干渠。", "promise", "2026年，镇政府将修通南干渠"),
        ("今后，我要多到渠首走走。", "promise", "今后，我要多到渠首走走"),
    ],
)
def test_a_sentence_that_owns_up_or_promises_is_found(sentence: str, part: str, said: str) -> None:
    draft = read(f"{HEAD}{sentence}\n")
    assert (part, said) in [(item.part, item.of(draft.text)) for item in pledges(draft)]


def test_shortcomings_told_apart_by_semicolons_are_each_their_own() -> None:
    text = f"{HEAD}二、存在的不足\n\n一是渠首管护不够细；二是计量设施有待改进。\n"
    draft = read(text)
    assert [item.of(draft.text) for item in pledges(draft)] == ["渠首管护不够细", "计量设施有待改进"]


def test_work_done_is_neither() -> None:
    assert pledges(read(f"{HEAD}整治了灌溉不够的问题，2025年，通水入户。\n")) == ()
