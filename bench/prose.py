"""What reading a draft costs, part by part, against a plain regex pass over the same text; and whether memory grows.

Run by hand: ``python bench/prose.py [DRAFT …] [--rounds 15] [--reports 10000]``. Without drafts a report of about 5,000
characters is made up. Each round does every part once, in turn; printed are medians and the median ratio to the regex
pass of the same round, because the machine's own speed drifts; times are of the processor, other programs left out.
The regex pass is what a script of a few lines would do: one pattern that finds runs of X, ×, 〇, * and _, and one that
finds numbers with the unit and up to twelve characters of words before them; it knows no outline, no meaning, no defect.

Then 10,000 made-up reports, no two alike, are read, bound and dropped one by one; printed is the memory of the
process as they go by.
"""

import argparse
import gc
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.binding import bind
from shuzhi.prose.claiming.claims import claims
from shuzhi.prose.clauses import clauses, sentences
from shuzhi.prose.decode import decode
from shuzhi.prose.faults import RULES, judged
from shuzhi.prose.faults.rule import Rule
from shuzhi.prose.frame.carrier import frame
from shuzhi.prose.frame.outline import outline
from shuzhi.prose.model import Draft
from shuzhi.prose.reading import read
from shuzhi.prose.sense import meanings
from shuzhi.prose.signs.masks import masks
from shuzhi.prose.signs.numbers import numbers
from shuzhi.prose.signs.tokens import tokens
from shuzhi.reports.concepts import concepts

SIZE = 5000
STEP = 1000

_RUNS = re.compile(r"[XＸx×〇*＊_＿□]+(?:[.．][XＸx×〇*＊_＿□]+)?")
_AMOUNTS = re.compile(
    r"([\u4e00-\u9fff]{0,12})(\d[\d,]*(?:\.\d+)?)(%|[万亿]?[元人户个家件次亩吨名项处]|公里|平方米)?"
)

_SYLLABLES = "青石桥河口岭湾溪泉坪塘沙柳松竹梅云霞岚峰谷原洲浦江湖泽田林庄集堡寨镇安宁和平丰乐康"
_THINGS = (
    "茶园",
    "水库",
    "苗圃",
    "渔港",
    "书屋",
    "粮仓",
    "步道",
    "作坊",
    "驿站",
    "菜场",
    "厂房",
    "诊所",
    "渠道",
    "桥梁",
)
_MONEY = ("工业产值", "财政收入", "到位资金", "农业产值", "旅游收入", "税收收入", "贷款余额", "出口额")
_DEEDS = ("新建", "改造", "修复", "建成", "启用", "新增", "整治", "拆除")
_HEADS = ("抓产业", "强基础", "惠民生", "保平安", "促改革", "优环境", "转作风", "兴文旅")
_VALUES = ("X.X", "XX", "XXX", "××", "〇〇", "12", "3.4", "1,205", "86.5", "7", "240")
_OPENINGS = (
    "坚持问题导向",
    "围绕群众期盼",
    "盯住薄弱环节",
    "聚焦主责主业",
    "压紧各方责任",
    "依靠基层骨干",
    "借助社会力量",
    "对照年初安排",
)
_WORKS = (
    "把{0}一带的道路、管网和照明做到同步完善",
    "逐户走访{0}周边的困难家庭并建好台账",
    "推动{0}老作坊与电商平台结成长期伙伴",
    "请{0}的老党员担任义务监督员",
    "对{0}等重点部位的消防设施逐一过筛",
    "让{0}的年轻人在家门口学到一门手艺",
    "把{0}闲置的校舍改成了老人食堂",
    "组织{0}的能人外出取经再回来带头干",
)
_ENDINGS = (
    "村容村貌为之一新",
    "办事的路越走越短",
    "邻里之间的和气多了",
    "外出的人陆续回来了",
    "值班报告一刻不断",
    "一时办不了的也说清了缘由",
    "干部的作风硬了起来",
    "好做法在面上推开",
)
_TAILS = ("群众得到实惠。", "各项工作有序推进。", "取得明显成效。", "受到上级肯定。", "年度任务全面完成。")


def made_up(seed: int, size: int = SIZE) -> str:
    """A report of about `size` characters in our own words; another seed gives other places, things and figures."""
    draw = random.Random(seed)
    place = "".join(draw.sample(_SYLLABLES, 3))
    year = draw.randint(2012, 2026)
    parts = [f"{place}县人民政府{year}年工作报告\n各位代表：\n现在，我代表县人民政府报告工作，请予审议。\n"]
    length, number = len(parts[0]), 0
    while length < size:
        number += 1
        numeral = (
            "一二三四五六七八九十"[number - 1]
            if number <= 10
            else f"十{'一二三四五六七八九'[(number - 11) % 9]}"
        )
        block = [f"{numeral}、{draw.choice(_HEADS)}，{draw.choice(_HEADS)}\n"]
        for inner in "一二三四":
            block.append(f"（{inner}）{draw.choice(_HEADS)}。")
            block += [_sentence(draw) for _ in range(5)]
            block.append("\n")
        parts += block
        length += sum(map(len, block))
    return "".join(parts)


def _sentence(draw: random.Random) -> str:
    name = "".join(draw.sample(_SYLLABLES, draw.randint(2, 4)))
    one, two, three = (draw.choice(_VALUES) for _ in range(3))
    kind = draw.randrange(9)
    if kind > 4:
        return f"{draw.choice(_OPENINGS)}，{draw.choice(_WORKS).format(name)}，{draw.choice(_ENDINGS)}。"
    if kind == 0:
        return f"实现{name}{draw.choice(_MONEY)}{one}亿元，同比增长{two}%，高于全市{three}个百分点。"
    if kind == 1:
        return f"{draw.choice(_DEEDS)}{name}{draw.choice(_THINGS)}{one}个、{draw.choice(_THINGS)}{two}处，投入资金{three}万元。"
    if kind == 2:
        return f"{name}、{draw.choice(_SYLLABLES)}家两村集体收入分别达到{one}万元、{two}万元，{draw.choice(_TAILS)}"
    if kind == 3:
        return f"印发《{name}{draw.choice(_THINGS)}管理办法》，完成{draw.choice(_THINGS)}任务的{one}%，{draw.choice(_TAILS)}"
    return f"组织干部深入{name}村走访群众{one}户{two}人次，解决问题{three}件，{draw.choice(_TAILS)}"


def plain_pass(text: str) -> int:
    """The regex pass the reading is compared with; returns how much it found."""
    return sum(1 for _ in _RUNS.finditer(text)) + sum(1 for _ in _AMOUNTS.finditer(text))


def parts_of(text: str) -> dict[str, Callable[[], object]]:
    """Every part of the reading of `text` as something to be timed, each given what the parts before it made."""
    data = text.encode()
    found = frame(text)
    marks = outline(text, (*found.boilerplate, found.title))
    hidden = masks(text, found.boilerplate)
    known = (*found.boilerplate, *(m.span for m in hidden), *(h.marker_span for h in marks))
    filled = numbers(text, known)
    draft = read(text)
    catalogue = concepts(national())
    return {
        "plain regex pass": lambda: plain_pass(text),
        "decode": lambda: decode(data),
        "frame and outline": lambda: outline(text, (*frame(text).boilerplate, found.title)),
        "masks": lambda: masks(text, found.boilerplate),
        "numbers": lambda: numbers(text, known),
        "meaning": lambda: meanings(
            text, tokens(text, hidden, filled), clauses(text), sentences(text), marks
        ),
        "claims": lambda: claims(draft),
        "faults": lambda: judged(draft),
        "whole reading": lambda: read(text),
        "binding": lambda: bind(draft, catalogue),
    }


def rules_of(draft: Draft) -> dict[str, Callable[[], object]]:
    """Every rule as something to be timed."""
    return {rule.id: partial(_all_of, rule, draft) for rule in RULES}


def _all_of(rule: Rule, draft: Draft) -> int:
    return sum(1 for _ in rule.check(draft))


def main() -> None:
    """Time the parts of every draft, then stream the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drafts", nargs="*", type=Path, help="drafts; without any, one is made up")
    parser.add_argument("--rounds", type=int, default=15, help="rounds timed")
    parser.add_argument("--reports", type=int, default=10_000, help="reports streamed; 0 for none")
    parser.add_argument("--size", type=int, default=SIZE, help="characters of a made-up report")
    parser.add_argument("--rules", action="store_true", help="time every rule too")
    given = parser.parse_args()
    texts = {path.name: decode(path.read_bytes()).text for path in given.drafts} or {
        "made up": made_up(1, given.size)
    }
    for name, text in texts.items():
        print(f"{name}: {len(text)} characters")
        report(parts_of(text) | (rules_of(read(text)) if given.rules else {}), given.rounds)
    stream(made_up(seed, given.size) for seed in range(given.reports))


def report(ways: dict[str, Callable[[], object]], rounds: int) -> None:
    """Time the ways in turn; print the median of each and of its ratio to the plain pass in the same round."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.process_time()
            way()
            times[name].append(time.process_time() - start)
    for name, found in times.items():
        ratios = [one / plain for one, plain in zip(found, times["plain regex pass"], strict=True)]
        print(f"{name:20} {statistics.median(found) * 1000:9.2f} ms   ×{statistics.median(ratios):7.1f}")


def stream(texts: Iterator[str]) -> None:
    """Read, bind and drop every text; print the memory of the process after each thousand."""
    catalogue = concepts(national())
    start = time.perf_counter()
    for number, text in enumerate(texts, 1):
        bind(read(text), catalogue)
        if number in (STEP // 10, STEP // 2) or number % STEP == 0:
            gc.collect()
            spent = (time.perf_counter() - start) / number * 1000
            print(f"{number:7} reports   {_resident() / 2**20:8.1f} MiB   {spent:7.1f} ms each", flush=True)


def _resident() -> int:
    """The bytes of this process in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096


if __name__ == "__main__":
    main()
