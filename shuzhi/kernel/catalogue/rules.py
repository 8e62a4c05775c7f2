"""What the rules of a kind say about an item: its light, what keeps it from a stage, whether it must be published."""

from datetime import date

from shuzhi.kernel.catalogue.definitions import Check, Clock, Kind, Stage
from shuzhi.kernel.catalogue.items import ItemEnv, lines_of
from shuzhi.kernel.expr.nodes import Amount, Literal
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.finding import Finding, Severity


def light(env: ItemEnv) -> tuple[str, str]:
    """The colour and its reason: the first rule that holds; else what is late is red, and what was done late yellow.

    A light remembers: done late is never plain green, whatever the kind's own rules leave out. The clock of disclosure
    does not light up the item's work, nor does a right that nobody used.
    """
    kind = env.item.kind
    for rule in kind.lights:
        if evaluate(rule.when.node, env) is True:
            return rule.colour, rule.says
    closed = is_closed(env)
    for clock in kind.clocks:
        if not quiet(kind, clock) and env.late(clock.code) is True:
            stopped = closed or evaluate(clock.stops.node, env)
            return ("yellow", f"超过{clock.label}后办结") if stopped else ("red", f"超过{clock.label}")
    if closed:
        return "green", "已办结"
    return _soon(env) or ("green", "正常")


def quiet(kind: Kind, clock: Clock) -> bool:
    """Whether a clock does not light up the work: shortest times, others' rights, and the clock of disclosure."""
    return (
        clock.at_least or clock.right or (kind.disclosure is not None and kind.disclosure.clock == clock.code)
    )


def _soon(env: ItemEnv) -> tuple[str, str] | None:
    """Yellow when a running clock has no more days left than it warns before, the shortest first."""
    kind, found = env.item.kind, []
    for clock in kind.clocks:
        left = env.left(clock.code)
        if quiet(kind, clock) or not isinstance(left, Amount) or left.value > _warns(clock):
            continue
        unit = "个工作日" if clock.per == "working" and not clock.on else "天"
        found.append((left.value, f"距{clock.label}不足{int(left.value) + 1}{unit}"))
    return ("yellow", min(found)[1]) if found else None


def _warns(clock: Clock) -> int:
    """How many days before its end a clock warns; a limit of few days does not warn from its first."""
    node = clock.limit.node if clock.limit else None
    if isinstance(node, Literal) and isinstance(node.value, Amount) and clock.per in ("calendar", "working"):
        return min(clock.warn, int(node.value.value) - 1)
    return clock.warn


def is_closed(env: ItemEnv) -> bool:
    """Whether the item stands in a stage in which it is over."""
    stage = env.item.kind.stage(str(env.item.columns.get("stage") or ""))
    return stage is not None and stage.closes


def refusals(env: ItemEnv, stage: Stage) -> list[Finding]:
    """Why the item may not enter a stage now: its gate, the papers it needs, the closing rule. Empty when it may.

    Order of stages and rights of posts are the business of the accounts, not of the kind's rules.
    """
    found: list[Finding] = []
    if stage.gate is not None and evaluate(stage.gate.node, env) is not True:
        found.append(Finding("matter.gate", f"还不能进入“{stage.name}”：{stage.says}", stage.says))
    for paper in stage.papers:
        if env.item.papers.get(paper, 0) == 0:
            known = env.catalogue.papers.get(paper)
            label = known.label if known else paper
            found.append(Finding("matter.paper", f"进入“{stage.name}”须附{label}", f"先上传“{label}”"))
    closing = env.item.kind.closing
    if stage.closes and not stage.aside and closing is not None and evaluate(closing.node, env) is not True:
        says = env.item.kind.closing_says
        found.append(Finding("matter.closing", f"还不能办结：{says}", says))
    return found


def outcomes(env: ItemEnv) -> dict[str, bool | None]:
    """The flags of the kind: handled, solved, satisfied, each True, False or None while nothing is known of it."""
    values = {name: evaluate(rule.node, env) for name, rule in env.item.kind.outcomes.items()}
    return {name: value if isinstance(value, bool) else None for name, value in values.items()}


def must_disclose(env: ItemEnv) -> bool:
    """Whether the disclosure rule holds for the item on the day."""
    rule = env.item.kind.disclosure
    return rule is not None and evaluate(rule.when.node, env) is True


def due_to_publish(env: ItemEnv) -> date | None:
    """The last day for publishing an item that must be published, or None without such a limit."""
    rule = env.item.kind.disclosure
    if rule is None or not rule.clock or not must_disclose(env):
        return None
    due = env.due(rule.clock)
    return due if isinstance(due, date) else None


def check_item(env: ItemEnv, place: str = "") -> list[Finding]:
    """What the rules of entry of the kind, and of each of its lines, find wrong with the item."""
    found = _broken(env.item.kind.checks, env, place)
    for line in env.item.kind.lines:
        for number, row in enumerate(lines_of(env, line.code), 1):
            found += _broken(line.checks, row, f"{place}·{line.label}第{number}行".lstrip("·"))
    return found


def _broken(checks: tuple[Check, ...], env: ItemEnv, place: str) -> list[Finding]:
    return [
        Finding("item.check", check.says, "", place, Severity[check.severity.upper()])
        for check in checks
        if evaluate(check.when.node, env) is True
    ]
