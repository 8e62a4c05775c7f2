"""``shuzhi catalogue``: check the definitions and their cases, list them, show what this county changed."""

import argparse
from pathlib import Path

from shuzhi.cli import say
from shuzhi.cli.setup import wake
from shuzhi.figures.cases import run_figures_cases
from shuzhi.kernel.catalogue.cases import run_cases
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import departures, load, national, national_folder
from shuzhi.kernel.catalogue.presets import PARAMETERS, lay, preset, presets
from shuzhi.kernel.finding import Refused, Severity


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    made = commands.add_parser("catalogue", help="目录：检查、清单、本地差异")
    acts = made.add_subparsers(dest="act", metavar="做什么", required=True)
    check = acts.add_parser("check", help="检查全部定义并跑完用例")
    check.add_argument("folders", nargs="*", type=Path, help="本地目录文件夹，叠加在全国目录之上")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(run=_check)
    listing = acts.add_parser("list", help="列出台账和指标")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    listing.set_defaults(run=_list)
    listed = acts.add_parser("presets", help="列出成组的参数（各地公开做法）")
    listed.add_argument("--json", action="store_true", help="输出 JSON")
    listed.set_defaults(run=_presets)
    laying = acts.add_parser("preset", help="把一组参数放进本实例的覆盖目录")
    laying.add_argument("preset", help="参数组的名称，见 shuzhi catalogue presets")
    laying.set_defaults(run=_preset)
    local = acts.add_parser("departures", help="列出本地目录与全国目录的差异")
    local.add_argument("folders", nargs="+", type=Path, help="本地目录文件夹")
    local.add_argument("--json", action="store_true", help="输出 JSON")
    local.set_defaults(run=_departures)


def _check(arguments: argparse.Namespace) -> int:
    loaded = load(national_folder(), *arguments.folders)
    found = list(loaded.findings)
    counts = _counts(loaded.catalogue)
    if not any(finding.severity is Severity.ERROR for finding in found):
        # Rules and figures on Python rows, then the figures on the engine; what both find is said once.
        counts["用例"], failed = run_cases(loaded.catalogue)
        _, on_engine = run_figures_cases(loaded.catalogue)
        found += dict.fromkeys([*failed, *on_engine])
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if arguments.json:
        say.as_json({"counts": counts, "findings": [finding.as_json() for finding in found]})
    else:
        say.findings(found)
        print("，".join(f"{name} {number}" for name, number in counts.items()))
        print("检查未通过。" if errors else "检查通过。")
    return 2 if errors else 0


def _counts(catalogue: Catalogue) -> dict[str, int]:
    kinds = catalogue.kinds.values()
    return {
        "台账": len(catalogue.kinds),
        "指标": len(catalogue.indicators),
        "时限": sum(len(kind.clocks) for kind in kinds),
        "台账数字": sum(len(kind.figures) for kind in kinds),
    }


def _list(arguments: argparse.Namespace) -> int:
    catalogue = national()
    kinds = [(kind.code, kind.label, kind.shape, kind.mechanism) for kind in catalogue.kinds.values()]
    indicators = [(item.code, item.label, item.unit, item.owner) for item in catalogue.indicators.values()]
    if arguments.json:
        say.as_json({"kinds": kinds, "indicators": indicators})
    else:
        say.table([("代码", "台账", "形态", "机制"), *kinds])
        print()
        say.table([("代码", "指标", "单位", "责任单位"), *indicators])
    return 0


def _departures(arguments: argparse.Namespace) -> int:
    loaded = load(national_folder(), *arguments.folders)
    errors = [finding for finding in loaded.findings if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(errors)
    found = departures(national(), loaded.catalogue)
    if arguments.json:
        say.as_json([finding.as_json() for finding in found])
    else:
        say.findings(found)
    return 1 if found else 0


def _presets(arguments: argparse.Namespace) -> int:
    found = presets()
    if arguments.json:
        say.as_json(
            {
                name: {
                    "label": item.label,
                    "source": item.source,
                    "note": item.note,
                    "parameters": {one.code: one.values[-1][1] for one in item.parameters},
                }
                for name, item in found.items()
            }
        )
    for name, item in found.items() if not arguments.json else ():
        print(f"{name}　{item.label}\n  出处：{item.source}\n  {item.note}")
        for one in item.parameters:
            print(f"  {one.label}（{one.code}）：{one.values[-1][1]}{one.unit}")
    return 0


def _preset(arguments: argparse.Namespace) -> int:
    wake()
    from shuzhi.evidence import instance

    chosen, overlay = preset(arguments.preset), instance.home() / "catalogue"
    before = overlay / PARAMETERS
    kept = before.read_text("utf-8") if before.exists() else None
    path = lay(chosen, overlay)
    errors = load(national_folder(), overlay).errors
    if errors:
        # An overlay that does not check would stop every command: what was there is put back.
        if kept is None:
            path.unlink()
        else:
            path.write_text(kept, "utf-8")
        raise Refused(errors)
    print(f"已把“{chosen.label}”放进 {path}；重新结账后按新参数亮灯。\n{chosen.note}")
    return 0
