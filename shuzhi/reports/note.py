"""The sheet that lies in an archive for whoever opens it: what is in it, how to compute it again, what cannot be."""

from collections.abc import Mapping, Sequence
from typing import Any


def note(title: str, figures: Sequence[Mapping[str, Any]]) -> str:
    """The sheet, in Chinese, for reading without any program."""
    bare = [figure for figure in figures if figure["basis"] == "totals"]
    lines = [
        f"{title}　数字档案",
        "",
        "这里装着这份已签发报告的每一个数字、算它用的账、签发的登记。不用数据库、不用联网，就能把每个数重算一遍：",
        "",
        "    python -m shuzhi replay 这个文件",
        "",
        "archive.json      档案清单：报告和版次、三个岗位、签发登记、每个文件的摘要。它的摘要就是档号。",
        "figures.json      每个数：印出的样子、精确值、问法、口径、每个合计取自哪本台账、多少条。",
        "catalogue.json    当时的目录（口径、参数），原样。",
        "relations/        当时的账：.parquet 是原样，.jsonl 是摘录，只有算数用到的栏目。",
        "totals.json       不能带出明细的合计。",
        "versions.json     制档用的软件版本，不算在档号里。",
        "",
        f"共 {len(figures)} 个数，{len(figures) - len(bare)} 个可以从明细逐条重算。",
    ]
    if bare:
        lines += [
            "",
            f"下面 {len(bare)} 个数用到限定查阅或不公开的台账，这里只有合计，没有明细：",
            "能重算的是从合计到印出的数这一段；合计本身只能凭摘要，由有权查阅的人到原单位核对。",
            "",
        ]
        lines += [
            f"第{figure['no']}处　{figure['label']}　{figure['printed']}{figure['unit']}" for figure in bare
        ]
    lines += [
        "",
        "原单位可以随时再归档一次：同一版报告，档号一字不差。对不上的，就不是原来的档案。",
    ]
    return "\n".join(lines) + "\n"
