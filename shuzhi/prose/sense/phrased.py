"""Phrases with a grammar of their own: ranks, a:b:c, 占年度计划的X%, 连续X天无…, 每千人口拥有…X人, 年产X万吨."""

import re

from shuzhi.prose.sense.behind import right_noun
from shuzhi.prose.sense.facets import facet_of, kind_of
from shuzhi.prose.sense.phrases import bare, unlinked
from shuzhi.prose.sense.walk import Place, Said, Walk
from shuzhi.prose.tables import listed

_RANK_WORDS = re.compile(
    r"(?:位居|位列|排名|列|居|排|跃居|(?<![上提攀跃晋])升至|前移至|跻身|进入|保持|获得?|获评)?(?:在|至|到)?"
    r"(?:全[省市国州县区系统]{1,3}|[省市])?(?:[^，]{0,6}类)?(?:前列|的?第|前)?$"
)
_TARGET = re.compile(
    r"(?:占|为|完成|达到|达|完成了)(总投资|(?:年度|全年|年初|年|当年|调整|县定|市定|市下达|省下达)?(?:目标|计划|预算|任务|投资)(?:任务|数|目标|计划)?)(?:[^，。]{1,12}元)?的?$"
)


_MOVED_TO = re.compile(
    r"(?:由|从)?[^，由从]{0,8}(?:上升|提升|前移|跃升|晋升|攀升|下降|下滑|后移)(?:到|至|为)?$|(?:由|从)$"
)


def ranked(walk: Walk, where: Place) -> Said | None:
    """列全市第X位: what is ranked, and among whom."""
    if where.token.form != "rank":
        return None
    among = re.findall(r"全[省市国州县区]|[省市]|系统", where.left)
    noun = bare(unlinked(_MOVED_TO.sub("", _RANK_WORDS.sub("", where.left))))
    if noun in ("总量", "增速", "增幅", "总数", "排名", "总分", "得分") and walk.items:
        noun = walk.carried() + noun
    if not noun and walk.items:
        noun = walk.items[-1].quantity
        if (
            walk.items[-1].facet == "增速"
            and walk.items[-1].clause == where.clause - 1
            and walk.items[-1].lone
        ):
            noun += "增速"
    return Said(noun or walk.topic, f"{among[-1] if among else ''}位次", "other")


def ratio(walk: Walk, where: Place) -> Said | None:
    """三次产业结构为 a:b:c: each part is one industry's share; before 调整为 it is last year's."""
    if where.token.form != "ratio":
        return None
    done = sum(1 for i in walk.items if i.clause == where.clause and i.token.form == "ratio")
    if "产业" in where.clause_text or "三产" in where.clause_text:
        name = ("第一产业", "第二产业", "第三产业")[done % 3]
        turned = re.search(r"(?:调整|优化|变化|转变|改善)(?:为|到|至|成)", where.clause_text)
        old = turned is not None and where.offset < turned.start()
        return Said(name, "占比", "share", "previous year" if old else None, unit="%")
    last = walk.last(where.clause)
    noun = bare(unlinked(where.left)) if where.first or last is None else last.quantity
    return Said(noun, "", "other")


_INVESTED = re.compile(r"(?:总投资|完成投资|计划投资|累计投资|投资)$")
# A target named with its own figure: 年初预算X亿元.
AIM = re.compile(r"(?:年度|全年|年初|当年|调整)?(?:目标|计划|预算|任务)(?:任务|数)?$")


def completed(walk: Walk, where: Place) -> Said | None:
    """占总投资X亿元的Y%, 为年度预算的X%, 完成目标任务的X%: a completion of what was said before."""
    if where.token.cls != "percent":
        return None
    found = _TARGET.search(where.clause_text[: where.offset])
    if found is None:
        return None
    plain = found.group(1) != "总投资"
    owner = AIM.sub("", walk.carried())
    if not plain:
        owner = _INVESTED.sub("", owner) or walk.topic
    before = bare(where.clause_text[: found.start()]) if where.first else ""
    return Said(before or owner or walk.topic, "完成率" if plain else "投资完成比例", "share")


def in_a_row(walk: Walk, where: Place) -> Said | None:
    """连续X天无新增本土病例."""
    if where.token.cls != "time" or not where.left.endswith("连续") or not where.right.strip():
        return None
    noun = bare(where.left.removesuffix("连续")) or where.right.strip()
    noun = re.sub(r"^(?:无|没有|未)(?:发生|出现)", "无", noun)
    year = (where.token.unit or "").startswith("年")
    facet = "连续年数" if year else "连续天数" if where.token.unit == "天" else "连续时长"
    return Said(noun, facet, "level" if year else "count", "multi-year period" if year else None)


def per_thousand(walk: Walk, where: Place) -> Said | None:
    """每千常住人口拥有医师X人、护士X人."""
    per = re.match(r"[^，]{0,6}?(每[千万百][^，]{1,8}?)(?:拥有|配有|有)", where.clause_text)
    if per is None or where.token.cls not in ("people", "things"):
        return None
    noun = unlinked(re.sub(r"^.*?(?:拥有|配有|有)", "", where.left)) or right_noun(where.right)[0]
    return Said(per.group(1) + noun.lstrip("、"), "数", "level")


def yearly(walk: Walk, where: Place) -> Said | None:
    """年产X万吨新材料项目: the capacity of what is named behind."""
    made = re.search(r"(年产|年处理|日处理|日产|装机|年加工|库容|年发电)$", where.left)
    if made is None or where.token.cls in ("percent", "money"):
        return None
    noun = right_noun(where.right)[0] or bare(where.left[: made.start()])
    kind = "level" if where.token.cls not in ("things",) else "count"
    return Said(
        noun,
        f"{made.group(1)}能力" if made.group(1) not in ("装机", "库容") else made.group(1),
        "level" if kind == "level" else "count",
    )


def in_table(walk: Walk, where: Place) -> Said | None:
    """A cell of a table row measures what the row's first cell names."""
    cells = [cell.strip() for cell in _CELL.split(where.clause_text[: where.offset])]
    named = [cell for cell in cells[:-1] if cell]
    measured = _COLUMN.sub("", where.token.head)
    if where.token.side:
        cells, named = ["", ""], [_COLUMN.sub("", where.token.side) or where.token.side]
    if len(cells) < 2 or not named or cells[-1] or not (where.token.head or "\t" in where.clause_text):
        return None
    grown = re.search(r"增长|增速|增幅|下降|降幅", where.token.head)
    if grown is not None and where.token.cls in ("percent", "points"):
        last = walk.last(where.clause)
        row = last.quantity if last is not None and last.quantity.startswith(named[0]) else named[0]
        return Said(row, "降幅" if grown.group() in ("下降", "降幅") else "增速", "growth")
    plain = len(measured) < 2 or named[0].endswith(measured) or _NO_MEASURE.search(measured)
    row = named[0] + ("" if plain else measured)
    kind = kind_of(where.token, row, "")
    return Said(row, facet_of(kind, where.token, "", "", row), kind)


# What the head of a column says beside the measure: its unit, its year.
_COLUMN = re.compile(r"[（(].*|(?:19|20)\d\d年?|^(?:今年|全年|本年|上年|去年|完成(?!率)|实际|累计|年度)+")
_NO_MEASURE = re.compile(r"单位|序号|备注|指标|项目|科目|数值|数量|金额|合计|完成(?!率)|比上年|占比")
_CELL = re.compile(r"[\t|｜]|[ \u3000]{2,}")


def times(walk: Walk, where: Place) -> Said | None:
    """是上届的X倍: a multiple of what was said before."""
    if where.token.cls != "multiple":
        return None
    found = re.search(r"(?:是|为|相当于)([^，]{1,16})的$", where.left)
    if found is None:
        return None
    return Said(bare(where.left[: found.start()]) or walk.carried(), f"与{found.group(1)}之比", "growth")


def general(noun: str) -> bool:
    """Whether a noun is too general to stand alone (总投资, 成功率)."""
    return noun in listed("phrases", "nouns", "general")
