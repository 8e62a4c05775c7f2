"""Says what every token of a draft measures, walking the clauses in order and carrying subjects along."""

import re
from dataclasses import dataclass, field, replace

from shuzhi.prose.facets import facet_of, kind_of
from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Heading, Kind, Meaning, Span
from shuzhi.prose.phrases import (
    Change,
    Phrase,
    bare,
    bare_object,
    change,
    ends_with,
    parts,
    phrase,
    right_noun,
    unlinked,
)
from shuzhi.prose.tables import at, words
from shuzhi.prose.timing import Clock
from shuzhi.prose.tokens import Token


@dataclass(slots=True)
class _Item:
    """What an earlier token of the sentence turned out to measure."""

    token: Token
    quantity: str
    facet: str
    kind: Kind
    clause: int
    verb: str = ""


@dataclass(slots=True)
class _Walk:
    """What is carried from clause to clause: the items so far in this sentence, its topic, the verb in force."""

    items: list[_Item] = field(default_factory=list)
    topic: str = ""
    verb: str = ""
    noun: str = ""
    light: bool = False
    pending: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """One token among its neighbours: the words left and right of it inside its clause."""

    token: Token
    left: str
    right: str
    clause_text: str
    clause: int
    first: bool
    glued: bool
    twins: int = 0


def meanings(
    text: str,
    tokens: list[Token],
    clauses: tuple[Span, ...],
    sentences: tuple[Span, ...],
    outline: tuple[Heading, ...],
    title: Span,
) -> list[tuple[Meaning, Span]]:
    """The meaning and the clause of every token, in the order of `tokens`."""
    norm = folded(text)
    clock = Clock(norm, sentences, outline)
    walk = _Walk()
    made: list[tuple[Meaning, Span]] = []
    place = 0
    sentence_at = -1
    starts = [s.start for s in sentences]
    marks = {h.marker_span.start: h.marker_span.end for h in outline}
    for index, clause in enumerate(clauses):
        while sentence_at + 1 < len(starts) and starts[sentence_at + 1] <= clause.start:
            sentence_at += 1
            walk.topic = ""
            if sentence_at == 0 or _breaks(norm, sentences[sentence_at - 1].end, clause.start):
                walk = _Walk()
        inside: list[Token] = []
        while place < len(tokens) and tokens[place].span.start < clause.end:
            inside.append(tokens[place])
            place += 1
        start = next(
            (end for at, end in marks.items() if clause.start <= at < clause.end and end <= clause.end),
            clause.start,
        )
        if inside:
            for where in _places(norm, inside, Span(start, clause.end), index):
                made.append((_meaning(walk, where, clock), clause))
        else:
            _no_figure(walk, norm[start : clause.end])
    return made


def _breaks(text: str, end: int, start: int) -> bool:
    return "\n" in text[end - 1 : start]


def _no_figure(walk: _Walk, clause: str) -> None:
    """A clause without figure may name the topic or the list that a 分别 later pairs off."""
    found = re.search(
        r"由(.{4,80}?)(?:[一二三四五六七八九十\d]+(?:大)?(?:部分|项|类|方面))?(?:构成|组成)$", clause
    )
    if found:
        walk.pending = parts(
            re.sub(r"[一二三四五六七八九十\d]+(?:大)?(?:部分|项|类|方面)$", "", found.group(1))
        )
        walk.topic = bare(clause[: found.start()])
        return
    topic = re.split(r"(?:于|在)(?=[\d一二三四五六七八九十上下年])", bare(clause))[0]
    if not walk.topic and 2 <= len(topic) <= 20:
        said = phrase(topic)
        walk.topic = said.noun if said.noun else topic


def _places(text: str, inside: list[Token], clause: Span, index: int) -> list[_Place]:
    made: list[_Place] = []
    for i, token in enumerate(inside):
        begin = inside[i - 1].stop if i else clause.start
        end = inside[i + 1].span.start if i + 1 < len(inside) else clause.end
        left = text[begin : token.span.start]
        right = text[token.stop : end]
        cut = right.find("、")
        if cut >= 0:
            right = right[:cut]
        if i and "、" in left:
            left = (
                left[left.index("、") + 1 :]
                if not made[-1].right
                else left[len(made[-1].right) :].lstrip("、")
            )
        glued = (
            i > 0
            and left.strip("、和与及—－-–~～至到 \u3000余多") == ""
            and text[begin : token.span.start].strip()
            in ("", "、", "和", "与", "及", "—", "－", "-", "–", "~", "～", "至", "到", "余", "多")
        )
        made.append(_Place(token, left, right, text[clause.start : clause.end], index, i == 0, glued))
    for i in range(len(made) - 2, -1, -1):
        # 剩余X户X人如期脱贫: what follows the last of a chain is said of all of it.
        if made[i + 1].glued and not made[i].right.strip() and made[i + 1].left.strip() in ("", "余", "多"):
            made[i] = replace(made[i], right=made[i + 1].right)
        if (
            made[i + 1].glued
            and made[i + 1].token.unit == made[i].token.unit
            and not _range(made[i + 1].left)
        ):
            made[i] = replace(made[i], twins=made[i + 1].twins + 1)
    return made


def _range(between: str) -> bool:
    return between.strip() != "" and between.strip() in "—－-–~～至到"


def _meaning(walk: _Walk, where: _Place, clock: Clock) -> Meaning:
    token = where.token
    if token.form == "name":
        return Meaning("name", None, _named(where), "", None)
    time = clock.at(token.span.start, where.left)
    if token.form == "date":
        quantity = _dated(where)
        return Meaning("other", token.unit, quantity, f"日期 {token.unit}", time)
    if token.form == "rank":
        return _remember(walk, where, _ranked(walk, where), f"{_scope(where.left)}位次", "other", time)
    if token.form == "ratio":
        return _ratio(walk, where, time)
    return _number(walk, where, time)


def _named(where: _Place) -> str:
    noun = re.match(r"[一-龥]{0,6}", where.right)
    return (noun.group() if noun else "") + "名称"


def _dated(where: _Place) -> str:
    left = re.split(r"[于在将]", where.clause_text)[0]
    return bare(left)[:24]


def _scope(left: str) -> str:
    found = re.findall(r"全[省市国州县区]|[省市]|系统", left)
    return str(found[-1]) if found else ""


def _ranked(walk: _Walk, where: _Place) -> str:
    left = re.sub(
        r"(?:列|居|位居|位列|排名|排|跃居|升至|前移至|保持|获得?|获评)?(?:在|至|到)?(?:全[省市国州县区系统]*|[省市])?(?:前列|的?第|前)?$",
        "",
        where.left,
    )
    noun = bare(unlinked(left))
    return noun or (walk.items[-1].quantity if walk.items else walk.topic)


def _ratio(walk: _Walk, where: _Place, time: str | None) -> Meaning:
    """三次产业结构为 a:b:c: each part is one industry's share."""
    clause = where.clause_text
    if "产业" in clause or "三产" in clause:
        done = sum(1 for item in walk.items if item.clause == where.clause and item.token.form == "ratio")
        name = ("第一产业", "第二产业", "第三产业")[min(done, 2)]
        made = Meaning("share", "%", name, "占比", time, near=_near(walk))
        walk.items.append(_Item(where.token, name, "占比", "share", where.clause))
        return made
    noun = (
        bare(unlinked(re.split(r"[\d]", where.left)[0]))
        if where.first
        else (walk.items[-1].quantity if walk.items else "")
    )
    return _remember(walk, where, noun, "", "other", time)


def _number(walk: _Walk, where: _Place, time: str | None) -> Meaning:
    left = where.left
    paired = _paired(walk, where)
    if paired is not None:
        quantity, facet, kind = paired
        return _remember(walk, where, quantity, facet, kind, time)
    lead = _lead_over(walk, where)
    if lead is not None:
        return _remember(walk, where, lead[0], lead[1], "growth", time, hold=False)
    moved = change(_before(left))
    if moved is not None and not moved.new_value and _is_change(where.token, moved):
        return _changed(walk, where, moved, time)
    return _plain(walk, where, left, moved, time)


def _before(left: str) -> str:
    return left.rstrip(" \u3000")


def _is_change(token: Token, moved: Change) -> bool:
    """新增X个 is a deed; 减少X万元, 提高X个百分点, 增长X% are changes."""
    if moved.verb in ("增收",):
        return False
    if token.cls in ("percent", "points", "multiple") or token.form in ("doubled", "fraction"):
        return True
    if moved.verb in ("压减", "精简", "压缩", "削减", "缩减", "节约", "降低") and token.cls not in (
        "money",
        "time",
    ):
        return moved.subject != ""
    return moved.subject != "" or moved.verb in (
        "前移",
        "上移",
        "前进",
        "后移",
        "跃升",
        "减少",
        "下降",
        "增加",
        "缩短",
        "提升",
    )


def _paired(walk: _Walk, where: _Place) -> tuple[str, str, Kind] | None:
    """分别: the n-th value of the clause goes with the n-th subject, named here or in the clauses before."""
    clause, token = where.clause_text, where.token
    if "分别" not in clause:
        return _repeated(walk, where)
    head, _, tail = clause.partition("分别")
    offset = _offset(where)
    if offset < len(head):
        return None
    values = _values_behind(tail)
    index = sum(1 for item in walk.items if item.clause == where.clause and item.facet != "#")
    index -= _figures_in(head, walk, where.clause)
    moved = change(tail_lead(tail))
    subjects = _subjects(walk, head, values, where.clause)
    if not subjects or index >= len(subjects) or index < 0:
        return None
    quantity = subjects[index]
    if moved is not None and not moved.new_value:
        return quantity, facet_of("growth", token, moved.facet, ""), "growth"
    kind = kind_of(token, quantity, "", None)
    return quantity, facet_of(kind, token, "", "") if kind == "count" else "", kind


def tail_lead(tail: str) -> str:
    """The words between 分别 and the first value."""
    match = re.match(r"[一-龥]{0,8}", tail)
    return match.group() if match else ""


def _offset(where: _Place) -> int:
    """Where in its clause the token stands, by the words left of it."""
    at = where.clause_text.find(where.left) if where.first else where.clause_text.rfind(where.left)
    return len(where.clause_text) if not where.first else max(at, 0) + len(where.left)


def _values_behind(tail: str) -> int:
    return 1 + len(re.findall(r"[、和与及]", re.sub(r"[一-龥]{4,}$", "", tail)))


def _figures_in(head: str, walk: _Walk, clause: int) -> int:
    return 0


def _subjects(walk: _Walk, head: str, values: int, clause: int) -> list[str]:
    subject = bare(unlinked(head))
    subject = re.sub(r"(?:同比|同口径|比上年|较上年|年均)+$", "", subject).rstrip("，、")
    if subject:
        said = parts(subject)
        if len(said) == 1:
            return said
        return said
    if walk.pending:
        pending, walk.topic = walk.pending, walk.topic
        return pending
    earlier = [
        item
        for item in walk.items
        if item.clause < clause and item.kind in ("level", "count", "money", "share")
    ]
    last = earlier[-values:]
    return [_stem(item) for item in last] if len(last) == values else [_stem(item) for item in earlier]


def _stem(item: _Item) -> str:
    """The quantity a later growth is the growth of: its facet belongs to it unless it is a mere 数."""
    if item.facet in ("接待量", "出栏量", "存栏量"):
        return item.quantity + item.facet
    return item.quantity


def _repeated(walk: _Walk, where: _Place) -> tuple[str, str, Kind] | None:
    """城乡居民人均可支配收入X元、X元: a value glued to the one before with the same unit takes the next subject."""
    if not where.glued or not walk.items or walk.items[-1].clause != where.clause:
        return None
    last = walk.items[-1]
    if last.token.unit != where.token.unit:
        return None
    said = parts(re.split(r"分别", last.quantity)[0])
    first = re.split(r"[\d]", where.clause_text)[0]
    all_parts = parts(bare(unlinked(re.split(r"[XxX×〇○□*_\d（(\[【]", first)[0])))
    if len(all_parts) == 2 and last.quantity != all_parts[1]:
        last.quantity = all_parts[0] if last.quantity in first else last.quantity
        return all_parts[1], last.facet, last.kind
    return (last.quantity, last.facet, last.kind) if said else None


def _lead_over(walk: _Walk, where: _Place) -> tuple[str, str] | None:
    """高于全市平均水平X个百分点, 比全市高X个百分点."""
    if (
        where.token.cls not in ("points", "percent", "multiple", "money", "events")
        and where.token.form != "number"
    ):
        return None
    overs = "|".join(words("phrases", "change", "lead_over"))
    found = re.search(
        rf"(.*?)(?:({overs})([^，]{{1,12}}?)|(?:比|较)(全[省市国州县区][^，]{{0,8}}?|[省市]平均[^，]{{0,6}}?)(高出|高|快|低|慢|多))$",
        where.left,
    )
    if found is None or (
        found.group(3) and not re.search(r"全|省|市|国|平均|水平|目标|计划|预期", found.group(3))
    ):
        return None
    if where.token.cls not in ("points", "percent"):
        return None
    place = found.group(3) or found.group(4) or ""
    short = re.match(r"全[省市国州县区]|[省市]", place)
    word = found.group(2) or found.group(5) or "高于"
    base = bare(unlinked(found.group(1)))
    low = word in ("低于", "慢于", "低", "慢")
    if base:
        quantity = base
    elif walk.items:
        last = walk.items[-1]
        quantity = last.quantity + (last.facet if last.kind == "growth" and last.facet.endswith("速") else "")
    else:
        quantity = walk.topic
    return quantity, ("低于" if low else "高于") + (short.group() if short else place) + "幅度"


def _changed(walk: _Walk, where: _Place, moved: Change, time: str | None) -> Meaning:
    subject = moved.subject.lstrip("，、")
    from_value = re.search(r"(?:由|从)[^由从]*$", subject)
    if from_value:
        subject = subject[: from_value.start()]
    subject = _subject_text(subject)
    if not subject and not where.first and walk.items and walk.items[-1].clause == where.clause:
        subject = _stem(walk.items[-1])
    elif not subject:
        subject = _carried(walk)
        if not subject:
            subject = bare(right_noun(where.right)[0])
    token = where.token
    facet = facet_of("growth", token, moved.facet, moved.verb)
    return _remember(
        walk, where, subject, facet, "growth", time, "down" if moved.down else "up", hold=not moved.subject
    )


def _subject_text(text: str) -> str:
    text = bare(unlinked(text.rstrip("的")))
    said = phrase(text) if len(text) > 3 else None
    if said is not None and said.verb and not said.behind and said.noun and said.light:
        return said.noun
    return text


def _carried(walk: _Walk) -> str:
    """The subject of an open 增长X%: that of the last level, count, sum or share of the sentence."""
    for item in reversed(walk.items):
        if item.kind in ("level", "count", "money", "share"):
            return _stem(item)
    if walk.items:
        return walk.items[-1].quantity
    return walk.topic


def _plain(walk: _Walk, where: _Place, left: str, moved: Change | None, time: str | None) -> Meaning:
    token = where.token
    text = left
    previous = re.search(
        r"[，]?(?:由|从)?(?:比|较)?(?:上年|去年|年初|上年同期|前年|原来|期初|改革前|往年|(?:19|20)\d\d年)(?:的)?$",
        text,
    )
    if previous is not None:
        text = text[: previous.start()]
        if bare(text) == "":
            item = _carried(walk)
            if item:
                last = walk.items[-1] if walk.items else None
                kind = kind_of(token, item, last.verb if last else "", None)
                return _remember(
                    walk,
                    where,
                    item,
                    last.facet if last and kind == last.kind else "",
                    kind,
                    "previous year",
                    hold=False,
                )
        time = "previous year"
    from_only = re.search(r"(?:由|从)(?:原来|最初|过去|以前|先前)?的?$", text)
    if from_only is not None:
        text, time = text[: from_only.start()], "previous year"
    if moved is not None and moved.new_value:
        subject = _new_value_subject(walk, where, moved)
        if subject is not None:
            text = subject
        else:
            last = walk.items[-1]
            return _remember(walk, where, last.quantity, last.facet, last.kind, time)
    return _measured(walk, where, text, time)


def _new_value_subject(walk: _Walk, where: _Place, moved: Change) -> str | None:
    """由A增加到B: B measures what A does; else the words before the verb."""
    subject = re.sub(r"(?:由|从).*$", "", moved.subject)
    if bare(subject) == "" and walk.items and (walk.items[-1].clause == where.clause or not walk.topic):
        return None
    return subject or walk.topic


def _measured(walk: _Walk, where: _Place, text: str, time: str | None) -> Meaning:
    token = where.token
    special = _special(walk, where, text, time)
    if special is not None:
        return special
    glued = where.glued and walk.items and walk.items[-1].clause == where.clause
    noun_right, verb_right = right_noun(where.right)
    said = _rated(text) if token.cls == "percent" else phrase(text)
    noun, verb, light = said.noun, said.verb, said.light
    noun = _no_share(walk, noun)
    if where.twins and noun:
        each = parts(noun)
        noun = each[0] if len(each) == where.twins + 1 else noun
    if light and verb_right and not noun and not noun_right:
        verb, light = verb_right, False
    if glued and not noun:
        last = walk.items[-1]
        noun, verb, light = noun_right or last.quantity, verb or last.verb, walk.light
        if not last.quantity and noun_right:
            last.quantity = noun_right
        if not noun:
            noun = walk.noun
        if verb_right and not verb:
            verb, light = verb_right, False
    elif (
        not where.first
        and noun
        and not verb
        and walk.items
        and walk.items[-1].clause == where.clause
        and _list_item(where)
    ):
        verb, light = walk.items[-1].verb, walk.light
    if not noun or bare_object(noun) in ("", "其中") or (said.behind and not noun):
        noun, verb, light = _from_right(walk, where, noun_right, verb_right, verb, light)
    elif where.right.startswith("的") and noun_right and _general(noun):
        noun = noun_right + noun
    elif noun_right and (_locative(noun) or where.left.rstrip().endswith("等")):
        noun = noun_right
        verb, light = (verb or verb_right), light if verb else False
    if noun in ("剩余", "其余", "全部") and _implied(verb_right, token.unit):
        noun, verb, light = noun + _implied(verb_right, token.unit), verb_right, False
    if noun.startswith("占") and len(noun) > 2:
        noun = noun[1:]
    if _general(noun):
        noun = _qualified(walk, noun)
    kind = kind_of(token, noun, verb, where)
    facet = facet_of(kind, token, "", "" if light else verb, noun)
    if kind in ("level", "share", "money") and verb and not light and not facet and not said.behind:
        facet = ""
    walk.light = light
    return _remember(walk, where, noun, facet, kind, time, verb=verb)


def _special(walk: _Walk, where: _Place, text: str, time: str | None) -> Meaning | None:
    """Phrases with a grammar of their own: 占总投资X亿元的Y%, 连续X天无…, 每千人口拥有…X人."""
    token, clause = where.token, where.clause_text
    if (
        token.cls == "percent"
        and re.search(r"占(?:总投资|年度计划|年计划|计划投资|计划|全年任务|年度任务|目标任务)", clause)
        and text.endswith(("的", "计划", "任务", "投资"))
    ):
        owner = (
            walk.topic
            if walk.topic and not (walk.items and walk.items[-1].kind == "level")
            else _carried(walk)
        )
        facet = "投资完成比例" if "总投资" in clause else "完成率"
        return _remember(walk, where, owner, facet, "share", time)
    if token.cls == "time" and text.endswith("连续") and where.right.strip():
        return _remember(
            walk, where, where.right.strip(), "连续天数" if token.unit == "天" else "连续时长", "count", time
        )
    per = re.match(r"[^，]{0,6}?(每[千万百][^，]{2,8}?)(?:拥有|配有|有)", clause)
    if per is not None and token.cls in ("people", "things"):
        noun = unlinked(re.sub(r"^.*?(?:拥有|配有|有)", "", text)) or right_noun(where.right)[0]
        return _remember(walk, where, per.group(1) + noun.lstrip("、"), "数", "level", time)
    return None


def _rated(text: str) -> Phrase:
    """Before a percentage the whole phrase is the quantity; only a verb that says nothing goes."""
    text = bare(unlinked(text))
    for verb in sorted(words("phrases", "verbs", "light"), key=len, reverse=True):
        if text.startswith(verb) and len(text) - len(verb) >= 3:
            return Phrase(text[len(verb) :], verb, False, True)
    if "占" in text[1:] and not re.search(r"比重|比例|占比|比$|率$", text):
        text += "比重"
    return Phrase(text)


def _no_share(walk: _Walk, noun: str) -> str:
    """占GDP比重X% and 占全部投资的X% measure the carried subject's share."""
    if noun.startswith("占") and (walk.items or walk.topic):
        return _carried(walk) + noun.rstrip("的") + ("" if re.search(r"比重|比例|比$", noun) else "比重")
    return noun


def _list_item(where: _Place) -> bool:
    return True


def _locative(noun: str) -> bool:
    return re.search(r"(?:全[县市区乡镇省]|各板块|各村|各乡镇|上级|基层)$", noun) is not None


def _from_right(
    walk: _Walk, where: _Place, noun: str, verb_right: str, verb: str, light: bool
) -> tuple[str, str, bool]:
    """X个项目建成试产: the noun stands behind; with none there, the clause before lends its noun."""
    if noun:
        if not (verb or verb_right or where.first) and walk.items and walk.items[-1].clause == where.clause:
            return noun, walk.items[-1].verb, walk.light
        return noun, verb or verb_right, light if verb else False
    carried = walk.noun or (walk.items[-1].quantity if walk.items else "")
    implied = _implied(verb or verb_right, where.token.unit)
    if implied:
        return implied, verb or verb_right, False
    if verb and where.token.cls in ("events", "people", "time"):
        return verb, "", False
    if verb and carried and walk.items:
        return carried, verb, light
    if verb:
        return "", verb, False
    return (carried or walk.topic), verb_right, False


def _implied(verb: str, unit: str | None) -> str:
    table = at("phrases", "verbs", "implied")
    found = table.get(verb) if isinstance(table, dict) else None
    return str(found.get((unit or "").lstrip("万"), "")) if isinstance(found, dict) else ""


def _general(noun: str) -> bool:
    return noun in words("phrases", "nouns", "general")


def _qualified(walk: _Walk, noun: str) -> str:
    owner = walk.items[-1].quantity if walk.items else walk.topic
    if not owner:
        return noun
    if noun in ("总产", "总产量", "总数", "单产", "总量"):
        owner = ends_with("nouns", "measures").sub("", owner)
    if noun.startswith("成功率") or noun.endswith("率"):
        last = walk.items[-1] if walk.items else None
        verb = last.verb if last and last.verb and last.verb not in owner and last.verb not in noun else ""
        return owner + verb + noun
    return owner if noun in ("合计", "总额") else owner + noun if noun not in owner else owner


def _near(walk: _Walk) -> tuple[str, ...]:
    said = [item.quantity for item in walk.items[-3:]]
    return tuple(dict.fromkeys([walk.topic, *said] if walk.topic else said))


def _remember(
    walk: _Walk,
    where: _Place,
    quantity: str,
    facet: str,
    kind: Kind,
    time: str | None,
    direction: str | None = None,
    *,
    hold: bool = True,
    verb: str = "",
) -> Meaning:
    token = where.token
    made = Meaning(kind, token.unit, quantity, facet, time, token.bound, direction, _near(walk))
    walk.items.append(_Item(token, quantity, facet, kind, where.clause, verb))
    if kind != "growth":
        walk.noun = quantity
    return made
