"""What the words of formulas are called in Chinese, for cards and traces."""

from typing import Final

from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.scopes import COLUMNS, fields_of, parts_of, shape_of


def labels_of(catalogue: Catalogue) -> dict[str, str]:
    """What the words of formulas are called in Chinese."""
    labels = {f"param:{code}": parameter.label for code, parameter in catalogue.parameters.items()}
    for code, indicator in catalogue.indicators.items():
        labels[code] = indicator.label
        words = {
            "growth": "增速",
            "completion": "完成率",
            "target": "目标",
            "forecast": "预计数",
            "latest": "最近一期",
        }
        labels |= {f"{code}.{word}": f"{indicator.label}{said}" for word, said in words.items()}
    for code, kind in catalogue.kinds.items():
        labels[code] = kind.label
        labels |= {f"{code}.{figure.code}": figure.label for figure in kind.figures}
        parts = {line.code: line.label for line in kind.lines} | _FUND
        for part in ("", *parts_of(kind)):
            source = f"{code}.{part}" if part else code
            labels[source] = f"{kind.label}·{parts[part]}" if part else kind.label
            columns = COLUMNS[shape_of(kind, part)]
            labels |= {f"{source}:{word}": said for word, said in _COLUMNS.items() if word in columns}
            labels |= {f"{source}:due_{clock.code}": f"{clock.label}到期日" for clock in kind.clocks}
            labels |= {f"{source}:{field.code}": field.label for field in fields_of(kind, part)}
    return labels


_FUND: Final = {"budget": "预算", "allocation": "分配", "payment": "支付"}
_COLUMNS: Final = {
    "ref": "编号", "number": "编号", "title": "名称", "name": "名称", "code": "代码", "unit": "单位", "stage": "环节",
    "opened": "立项日期", "due": "到期日", "closed": "办结日期", "lead": "牵头职务", "subject": "对象", "parent": "上级事项",
    "date": "日期", "post": "经办职务", "matter": "事项", "since": "起始日期", "until": "终止日期", "amount": "金额",
    "week": "周次", "origin": "来源", "about": "所指事项", "verdict": "交账结论", "settled": "交账日期", "moved": "顺延至", "times": "已顺延次数",
    "year": "年度", "record": "记录", "no": "序号", "budget": "预算", "allocation": "分配",
}  # fmt: skip
