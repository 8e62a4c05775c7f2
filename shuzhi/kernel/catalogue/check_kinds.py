"""Checks one kind: its fields, lines, stages, clocks, lights, disclosure, duties and figures."""

from collections.abc import Iterable
from datetime import date

from shuzhi.kernel.catalogue.checking import Checker, ring
from shuzhi.kernel.catalogue.definitions import (
    ACTS,
    OUTCOMES,
    ROLE_PARTS,
    Check,
    Clock,
    Disclosure,
    Expect,
    Field,
    FigureKind,
    Kind,
    Stage,
)
from shuzhi.kernel.catalogue.scopes import COLUMNS, FigureScope, RowScope, shape_of
from shuzhi.kernel.expr.nodes import Call, Literal, walk
from shuzhi.kernel.expr.types import Scope, like

_REFERENCES = ("subject", "matter", "record")


def check_kind(checker: Checker, kind: Kind, figures: FigureScope) -> None:
    """Report everything wrong with the kind."""
    checker.code(kind.code, "code")
    checker.basis(kind.basis)
    _check_shape(checker, kind)
    scope = RowScope(checker.catalogue, kind)
    _check_fields(checker, kind.fields, COLUMNS[shape_of(kind)], "fields")
    _check_rules(checker, kind.checks, scope, "checks")
    for line in kind.lines:
        key = f"lines.{line.code}"
        checker.code(line.code, key)
        _check_fields(checker, line.fields, COLUMNS["line"], f"{key}.fields")
        _check_rules(checker, line.checks, RowScope(checker.catalogue, kind, line.code), f"{key}.checks")
    checker.unique([*(line.code for line in kind.lines), *(field.code for field in kind.fields)], "fields")
    _check_duties(checker, kind)
    for stage in kind.stages:
        _check_stage(checker, stage, scope)
    checker.unique((stage.name for stage in kind.stages), "stages")
    for clock in kind.clocks:
        _check_clock(checker, kind, clock, scope)
    checker.unique((clock.code for clock in kind.clocks), "clocks")
    _check_clock_circles(checker, kind)
    _check_keys(checker, kind.roles, ROLE_PARTS, "roles")
    _check_keys(checker, kind.outcomes, OUTCOMES, "outcomes")
    for name, rule in kind.outcomes.items():
        checker.sort(rule, scope, "bool", f"outcomes.{name}")
    inner = RowScope(checker.catalogue, kind, inner=True)
    for expect in kind.expects:
        _check_expect(checker, expect, inner)
    checker.unique((expect.code for expect in kind.expects), "expects")
    for number, light in enumerate(kind.lights, 1):
        checker.sort(light.when, scope, "bool", f"lights[{number}].when")
    checker.sort(kind.closing, scope, "bool", "closing")
    if kind.closing is not None and not kind.closing_says:
        checker.report("catalogue.missing-key", "缺少“closing_says”", "说明不满足时怎么办", "closing_says")
    _check_naming(checker, kind)
    if kind.disclosure is not None:
        _check_disclosure(checker, kind, kind.disclosure, scope)
    for figure in kind.figures:
        _check_figure(checker, figure, figures)
    checker.unique((figure.code for figure in kind.figures), "figures")


def _check_naming(checker: Checker, kind: Kind) -> None:
    """The field by which items are the larger must be there and be a quantity; what is handed over has one receiver."""
    field = kind.field(kind.largest)
    if kind.largest and (field is None or field.type not in ("quantity", "whole")):
        known = like(kind.largest, (item.code for item in kind.fields if item.type in ("quantity", "whole")))
        checker.report("catalogue.undefined-word", f"没有“{kind.largest}”这个数量字段", known, "largest")
    if not kind.receives:
        return
    if kind.shape != "matter":
        checker.report("catalogue.wrong-shape", "只有事项台账能写 receives", "去掉 receives", "receives")
    rivals = [other.code for other in checker.catalogue.kinds.values() if other.receives == kind.receives]
    if len(rivals) > 1:
        message = f"“{kind.receives}”有几本台账收：{'、'.join(rivals)}"
        checker.report("catalogue.collision", message, "只留一本", "receives")


def _check_shape(checker: Checker, kind: Kind) -> None:
    for key, shapes in (
        ("stages", ("matter",)),
        ("clocks", ("matter",)),
        ("closing", ("matter",)),
        ("lines", ("record",)),
        ("fields", ("subject", "matter", "record", "fund")),
    ):
        if getattr(kind, key) and kind.shape not in shapes:
            hint = f"只有 shape = “{'、'.join(shapes)}” 的台账才有 {key}"
            checker.report("catalogue.wrong-shape", f"“{kind.shape}”类的台账不能写“{key}”", hint, key)
    if kind.shape == "matter" and not any(stage.closes for stage in kind.stages):
        hint = "在办结、销号一类的环节写 closes = true"
        checker.report("catalogue.no-end", "没有一个环节表示办结", hint, "stages")


def _check_fields(checker: Checker, fields: Iterable[Field], columns: Iterable[str], key: str) -> None:
    fields = tuple(fields)
    checker.unique((field.code for field in fields), key)
    for field in fields:
        place = f"{key}.{field.code}"
        checker.code(field.code, place)
        if field.code in columns:
            hint = f"{'、'.join(columns)} 是本来就有的栏目"
            checker.report("catalogue.collision", f"字段“{field.code}”与固有栏目重名", hint, place)
        _check_field_type(checker, field, place)
        for duty in field.by:
            checker.duty(duty, f"{place}.by")


def _check_field_type(checker: Checker, field: Field, place: str) -> None:
    if field.unit:
        checker.unit(field.unit, f"{place}.unit")
    elif field.type == "quantity":
        checker.report("catalogue.missing-key", "缺少“unit”", "quantity 字段要写计量单位", f"{place}.unit")
    if (field.type == "choice") != bool(field.choices):
        hint = 'type = "choice" 与 choices = ["…"] 要一起写'
        checker.report("catalogue.missing-key", "选项与类型不一致", hint, f"{place}.choices")
    if field.unit and field.type not in ("quantity", "whole"):
        checker.report("catalogue.wrong-value", f"“{field.type}”字段没有单位", "去掉 unit", f"{place}.unit")
    if field.type in _REFERENCES and field.of:
        kind = checker.catalogue.kinds.get(field.of)
        if kind is None or kind.shape != field.type:
            known = [item.code for item in checker.catalogue.of_shape(field.type)]
            hint = like(field.of, known)
            checker.report(
                "catalogue.unknown-kind", f"没有“{field.of}”这个{field.type}类台账", hint, f"{place}.of"
            )
    elif field.type in _REFERENCES:
        checker.report("catalogue.missing-key", "缺少“of”", "写明指向哪个台账", f"{place}.of")


def _check_rules(checker: Checker, rules: Iterable[Check], scope: Scope, key: str) -> None:
    for number, rule in enumerate(rules, 1):
        checker.sort(rule.when, scope, "bool", f"{key}[{number}].when")


def _check_duties(checker: Checker, kind: Kind) -> None:
    for act, duties in kind.duties.items():
        if act not in ACTS:
            checker.report("catalogue.unknown-key", f"不认识的键“{act}”", like(act, ACTS), f"duties.{act}")
        for duty in duties:
            checker.duty(duty, f"duties.{act}")
    for duty in kind.below:
        checker.duty(duty, "below")
    if not kind.guarded:
        if kind.below:
            hint = "只有 work-secret 和 restricted 的台账才写 below"
            checker.report("catalogue.wrong-value", "这本台账的职责本来就管到下级", hint, "below")
        return
    keepers = set(kind.duties.get("see", ()))
    if not keepers:
        hint = '限定查阅和工作秘密的台账写明 [duties] 的 see，如 see = ["discipline"]'
        checker.report("catalogue.no-keeper", "没有写明谁能查看", hint, "duties.see")
    for act in ("fill", "verify", "decide"):
        for duty in sorted(set(kind.duties.get(act, ())) - keepers if keepers else ()):
            message = f"“{checker.duty_label(duty)}”能办却看不到"
            checker.report("catalogue.no-keeper", message, f"把 {duty} 也写进 see", f"duties.{act}")


def _check_stage(checker: Checker, stage: Stage, scope: RowScope) -> None:
    key = f"stages.{stage.name}"
    checker.sort(stage.gate, scope, "bool", f"{key}.gate")
    if stage.gate is not None and not stage.says:
        hint = "写明门槛不满足时怎么办，如“须先填写验收日期”"
        checker.report("catalogue.missing-key", "缺少“says”", hint, f"{key}.says")
    for paper in stage.papers:
        checker.paper(paper, f"{key}.papers")


def _check_clock(checker: Checker, kind: Kind, clock: Clock, scope: RowScope) -> None:
    key = f"clocks.{clock.code}"
    checker.code(clock.code, key)
    checker.basis((clock.basis,), f"{key}.basis")
    sort = "moment" if clock.per == "hour" else "date"
    checker.sort(clock.starts, scope, sort, f"{key}.starts")
    checker.sort(clock.stops, scope, sort, f"{key}.stops")
    checker.days(clock.limit, scope, f"{key}.limit", bare=clock.per in ("month", "year", "hour"))
    checker.days(clock.extension, scope, f"{key}.extension")
    checker.days(clock.paused, scope, f"{key}.paused")
    if (clock.limit is None) == (not clock.on):
        hint = "limit 与 on 写一个：limit = 15，或 on = “01-31”"
        checker.report("catalogue.missing-key", "时限没有写明多长，或写了两次", hint, f"{key}.limit")
    if clock.on and not _is_day(clock.on):
        checker.report("catalogue.wrong-value", f"“{clock.on}”不是月日", "写成 “03-31”", f"{key}.on")
    if clock.approver and kind.field(clock.approver) is None:
        known = like(clock.approver, (field.code for field in kind.fields))
        checker.report(
            "catalogue.undefined-word", f"没有“{clock.approver}”这个字段", known, f"{key}.approver"
        )


def _is_day(text: str) -> bool:
    """Whether a text is a month and a day that every year has."""
    try:
        date.fromisoformat(f"2001-{text}")
    except ValueError:
        return False
    return len(text) == 5


def _check_keys(checker: Checker, given: Iterable[str], known: Iterable[str], key: str) -> None:
    known = tuple(known)
    for name in given:
        if name not in known:
            checker.report("catalogue.unknown-key", f"不认识的键“{name}”", like(name, known), f"{key}.{name}")


def _check_expect(checker: Checker, expect: Expect, scope: RowScope) -> None:
    key = f"expects.{expect.code}"
    checker.code(expect.code, key)
    checker.basis((expect.basis,), f"{key}.basis")
    checker.sort(expect.where, scope, "bool", f"{key}.where")
    if expect.at_least is not None:
        checker.sort(expect.at_least, scope, "amount", f"{key}.at_least")
    if expect.within < 0:
        checker.report("catalogue.wrong-value", "within 不能是负数", "写期末后几天内应报", f"{key}.within")


def _check_clock_circles(checker: Checker, kind: Kind) -> None:
    """No clock may wait for itself: its start, stop and limit may ask for other clocks only in one direction."""
    reads = {clock.code: _asks(clock) & {other.code for other in kind.clocks} for clock in kind.clocks}
    done: set[str] = set()
    for code in reads:
        circle = ring(code, reads, [], done)
        if circle:
            message = f"时限互相等待成环：{' → '.join(circle)}"
            checker.report("catalogue.cycle", message, "时限的起止要落到日期字段上", f"clocks.{circle[0]}")


def _asks(clock: Clock) -> set[str]:
    """The clocks a clock's formulas ask for."""
    parts = (clock.starts, clock.stops, clock.limit, clock.extension, clock.paused)
    calls = [node for part in parts if part for node in walk(part.node) if isinstance(node, Call)]
    asking = [node.arguments[0] for node in calls if node.function in ("due", "late", "left")]
    return {str(word.value) for word in asking if isinstance(word, Literal)}


def _check_disclosure(checker: Checker, kind: Kind, disclosure: Disclosure, scope: RowScope) -> None:
    checker.sort(disclosure.when, scope, "bool", "disclosure.when")
    if kind.clocks and kind.clock(disclosure.clock) is None and disclosure.clock:
        hint = like(disclosure.clock, (clock.code for clock in kind.clocks))
        checker.report(
            "catalogue.undefined-word", f"没有“{disclosure.clock}”这个时限", hint, "disclosure.clock"
        )
    known = {*COLUMNS[shape_of(kind)], *(field.code for field in kind.fields)}
    for code in disclosure.fields:
        field = kind.field(code)
        if code not in known:
            checker.report(
                "catalogue.undefined-word", f"没有“{code}”这个字段", like(code, known), "disclosure.fields"
            )
        elif field is not None and not field.public:
            hint = "可公开的字段先写 public = true"
            checker.report("catalogue.not-public", f"字段“{field.label}”不可公开", hint, "disclosure.fields")


def _check_figure(checker: Checker, figure: FigureKind, scope: FigureScope) -> None:
    key = f"figures.{figure.code}"
    checker.code(figure.code, key)
    for unit in figure.units:
        checker.unit(unit, f"{key}.units")
    if checker.unit(figure.unit, f"{key}.unit"):
        checker.figure(figure.expression, scope, figure.unit, f"{key}.expression")
