"""Wrong words: look-alike characters, wrong standing terms, a word typed twice, an alternative left unresolved."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at


@cache
def _terms() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """One matcher for all wrong terms (to find places fast), and each with its right form (to say which)."""
    listed = at("terms", "term")
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    made = [(re.compile(str(e["wrong"])), str(e["right"])) for e in entries]
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in made)), tuple(made)


def wrong_terms(draft: Draft) -> Iterator[Found]:
    """A word of the term table that has no right reading."""
    whole, each = _terms()
    for match in whole.finditer(draft.text):
        span = Span(*match.span())
        if any(s.touches(span) for s in draft.boilerplate):
            continue
        right = next((r for pattern, r in each if pattern.match(draft.text, match.start())), "")
        yield Found(span, f"“{match.group()}”有误，应为“{right}”。")


_TWICE = re.compile(r"(?<!目)的的(?!确)|(?<!不)了了(?!解|然|之|事|却)|把把(?!关)|被被|是是(?!非|否)|将将")


def typed_twice(draft: Draft) -> Iterator[Found]:
    """A particle typed twice (的的)."""
    for match in _TWICE.finditer(draft.text):
        yield Found(Span(*match.span()), f"“{match.group()}”多打了一个字。", "likely")


_MISSING = re.compile(r"(?<=在)(?!以)[^，。；：\n]{2,28}的(?:坚强|正确|统一)?领导(?=，)")


def missing_under(draft: Draft) -> Iterator[Found]:
    """在县委的坚强领导， lacks 下."""
    for match in _MISSING.finditer(draft.text):
        if re.search(r"加强|接受|坚持|自觉|对", match.group()):
            continue
        yield Found(Span(match.end() - 2, match.end()), f"“在{match.group()}”后面少一个“下”字。")


_ALTERNATIVE = re.compile(
    r"[县市区乡镇]（[县市区乡镇、]{1,3}）(?=长(?!效)|委书记|委、|人民政府)|他[（(/]她[）)]?|[是有同意](?:/|／)[否无不](?:同意)?|[县市区乡镇]/[县市区乡镇](?!级)"
    r"|(?:增长|上升|提高|增加)[（(/](?:下降|降低|减少)[）)]?|(?:下降|减少)[（(/](?:上升|增加|增长)[）)]?|（(?:可删|选填|任选|二选一)[^）]{0,12}）"
)


def alternatives(draft: Draft) -> Iterator[Found]:
    """县（区）长, 他（她）: a template's alternatives of which none was chosen."""
    for match in _ALTERNATIVE.finditer(draft.text):
        before = draft.text[max(0, match.start() - 2) : match.start()]
        span = Span(*match.span())
        if before.endswith(("各", "全", "、", "级")) or any(s.touches(span) for s in draft.boilerplate):
            continue
        yield Found(span, f"模板里的“{match.group()}”二者择一，还没有选定。", "likely")


RULES = (
    Rule("prose-N2-term", "wrong_word", wrong_terms),
    Rule("prose-N2-twice", "grammar", typed_twice),
    Rule("prose-N2-missing", "missing_word", missing_under),
    Rule("prose-P1-alternative", "unresolved_alternative", alternatives),
)
