"""Words looked up one by one say what one pattern of all of them would say, wherever they stand."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.prose.sense.deeds import (
    could_be_noun,
    deed,
    deed_behind,
    deeds,
    is_deed,
    single_deeds,
    unmannered,
)
from shuzhi.prose.tables import Lexicon, any_of, words

ACTION, LIGHT, NOUNLIKE = (words("phrases", "verbs", name) for name in ("action", "light", "nounlike"))
NOUNS, MANNER = words("phrases", "verbs", "nouns"), words("phrases", "manner")
EVERY = any_of((*ACTION, *LIGHT))
SURE = any_of(tuple({*ACTION, *LIGHT} - set(NOUNLIKE)))
MADE = "报告|收入|支出|面积|总额|资金|经费|资料|材料|方案|体会|文章|信息|教材|人员|队伍|率|费|款|额"
CHAIN = re.compile(
    rf"(?!{any_of(NOUNS)})新?{EVERY}(?:[、和及并](?:新|改)?{EVERY}|{SURE}(?!{any_of(NOUNS)}|{MADE})){{0,3}}(?:了|过)?"
)
BEHIND = re.compile(
    rf"{any_of(tuple(set(ACTION) - set(NOUNLIKE)))}{{1,2}}(?:到位|成功|完毕|完成)?(?:了|过)?$"
)
MANNERED = re.compile(rf"{any_of(MANNER)}(?={EVERY}(?!率|度))")
SEVERAL = re.compile(any_of(NOUNLIKE) + "{1,3}")
SINGLE = re.compile(any_of(tuple(word for word in (*ACTION, *LIGHT) if len(word) > 1)))

PIECES = st.sampled_from(
    (*ACTION, *ACTION, *LIGHT, *NOUNLIKE, *NOUNS, *MANNER, *MADE.split("|"), "到位", "完成")
)
SIGNS = st.sampled_from("新改、和及并了过率度县项的1")
TEXTS = st.lists(PIECES | SIGNS | PIECES.map(lambda word: word[:1]), max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_deeds_looked_up_are_those_one_pattern_of_all_verbs_finds(text: str) -> None:
    first = CHAIN.match(text)
    assert deed(text) == (first.group() if first else "")
    assert list(deeds(text)) == [found.span() for found in CHAIN.finditer(text)]
    assert list(single_deeds(text)) == [found.span() for found in SINGLE.finditer(text)]
    assert is_deed(text) == (CHAIN.fullmatch(text) is not None)
    assert could_be_noun(text) == (SEVERAL.fullmatch(text) is not None)
    last, manner = BEHIND.search(text), MANNERED.match(text)
    assert deed_behind(text) == (last.start() if last else -1)
    assert unmannered(text) == (text[manner.end() :] if manner else text)


@given(st.sets(st.text("上中下", min_size=1, max_size=3), min_size=1), st.text("上中下人", max_size=8))
def test_a_lexicon_tells_the_longest_word_first_as_an_alternation_does(known: set[str], text: str) -> None:
    pattern, book = re.compile(any_of(tuple(known))), Lexicon(known)
    for place in range(len(text) + 1):
        found = pattern.match(text, place)
        ends = book.ends(text, place)
        assert ends[:1] == ([found.end()] if found else [])
        assert ends == sorted(
            (place + len(word) for word in known if text.startswith(word, place)), reverse=True
        )
        assert book.at(text, place) is (found is not None)
