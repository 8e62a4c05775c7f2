"""What keeps a paper from being used: weights that are no shares, words that could not be counted, too small a smallest."""

import re
from collections.abc import Iterable
from fractions import Fraction

from shuzhi.ballots.paper import BLANK, BLANKS, SORTS, SPOILS, SPOILT, Paper
from shuzhi.kernel.finding import Finding

_GROUP = re.compile(r"[A-Z]{1,4}")
_TARGET = re.compile(r"[a-z][0-9]{1,3}")
#: Below this a group's result would tell two of three how the third voted.
LEAST = 3
MOST_TARGETS = 60
MOST_VOTERS = 5000


def misfits(title: str, paper: Paper) -> list[Finding]:
    """Every reason why a paper cannot be used."""
    found = []
    if not 0 < len(title.strip()) <= 200:
        found.append(Finding("ballot.title", "场合没有写明，或太长", "写明哪次会议、测评哪一年度"))
    found += _targets(paper)
    found += _groups(paper)
    found += _words(paper)
    if paper.smallest < LEAST:
        found.append(
            Finding(
                "ballot.smallest", f"最小显示张数是{paper.smallest}", f"不少于{LEAST}，否则能推出各人怎么投"
            )
        )
    if paper.blanks not in BLANKS or paper.spoils not in SPOILS:
        found.append(Finding("ballot.rules", "弃权或无效的算法没有选", "请选择"))
    return found


def _targets(paper: Paper) -> list[Finding]:
    found = []
    if not 0 < len(paper.targets) <= MOST_TARGETS:
        found.append(Finding("ballot.targets", "没有被测评的班子或个人，或太多", f"1至{MOST_TARGETS}个"))
    if _twice(target.code for target in paper.targets) or _twice(target.label for target in paper.targets):
        found.append(Finding("ballot.twice", "同一个测评对象列了两次", "请删去一个"))
    found += [
        Finding("ballot.target", "测评对象没有写明", "写明班子名称，或职务和姓名", target.label)
        for target in paper.targets
        if target.sort not in SORTS or not _TARGET.fullmatch(target.code) or not target.label.strip()
    ]
    return found


def _groups(paper: Paper) -> list[Finding]:
    found = []
    if not paper.groups or _twice(group.code for group in paper.groups):
        found.append(
            Finding("ballot.groups", "没有投票类别，或代号重复", "如A县领导、B部门和乡镇、C代表委员")
        )
    for group in paper.groups:
        if not _GROUP.fullmatch(group.code) or not group.label.strip():
            found.append(
                Finding("ballot.group", "类别没有写明", "代号用一个大写字母，并写明是哪些人", group.label)
            )
        if not 0 <= group.expected <= MOST_VOTERS:
            found.append(Finding("ballot.expected", "应到人数不合适", f"0至{MOST_VOTERS}", f"{group.code}类"))
    total = sum((group.weight for group in paper.groups), Fraction(0))
    if paper.groups and (total != 1 or any(group.weight < 0 for group in paper.groups)):
        found.append(Finding("ballot.weights", "各类权重之和应为100%", "请核对各类权重"))
    return found


def _words(paper: Paper) -> list[Finding]:
    found = []
    for grades in (paper.person, paper.team, *([paper.integrity] if paper.integrity else [])):
        if len(grades) < 2 or _twice(grades) or set(grades) & {BLANK, SPOILT, ""}:
            words = "、".join(grades)
            found.append(Finding("ballot.grades", "等次重复，或与弃权、无效混淆", "各档用不同的词", words))
    if any(len(grades) != len(paper.coefficients) for grades in (paper.person, paper.team)):
        found.append(Finding("ballot.coefficients", "系数与等次数目不符", "每一档写一个系数"))
    if any(not 0 <= value <= 1 for value in paper.coefficients):
        found.append(Finding("ballot.coefficients", "系数应在0和1之间", "如1.0、0.8、0.6、0"))
    if _twice(paper.items) or any(not item.strip() for item in paper.items):
        found.append(Finding("ballot.items", "分项重复或没有写明", "如德、能、勤、绩、廉"))
    return found


def _twice(words: Iterable[str]) -> bool:
    listed = list(words)
    return len(set(listed)) < len(listed)
