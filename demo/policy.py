"""Policy documents and major administrative decisions, whose procedure cannot be jumped."""

from collections.abc import Callable
from datetime import date, timedelta

from demo.geography import clerk, seat
from demo.ledger import Ledger
from demo.pen import YEARS, Chance, Parcel

_DOCUMENTS = (
    ("支持民营经济发展若干措施", "若干措施", "民营经济", "工信局"),
    ("促进工业稳增长行动方案", "方案", "工业", "工信局"),
    ("服务业提质扩容实施意见", "意见", "服务业", "商务局"),
    ("农村电商高质量发展方案", "方案", "农业农村", "商务局"),
    ("粮食安全责任制任务清单", "任务清单", "农业农村", "农业农村局"),
    ("和美乡村建设行动计划", "计划", "农业农村", "乡村振兴局"),
    ("城镇老旧小区改造管理办法", "办法", "城建环保", "住建局"),
    ("大气污染防治攻坚方案", "方案", "城建环保", "生态环境分局"),
    ("山地旅游发展实施意见", "意见", "文化旅游", "文旅局"),
    ("人才安居若干措施", "若干措施", "科技人才", "人社局"),
    ("科技创新券管理办法", "规范性文件", "科技人才", "科技局"),
    ("优化营商环境行动方案", "方案", "政务服务", "行政审批局"),
    ("城乡居民医保参保工作方案", "方案", "民生", "医保局"),
    ("普惠托育服务实施意见", "意见", "民生", "卫健局"),
    ("养老服务补贴管理办法", "规范性文件", "民生", "民政局"),
    ("就业困难人员帮扶若干措施", "若干措施", "民生", "人社局"),
)
_DECISIONS = (
    ("国土空间总体规划调整", "重要规划", "自然资源局"),
    ("城区公交票价调整", "重大公共政策和措施", "交通局"),
    ("生活污水处理收费标准", "重大公共政策和措施", "发改局"),
    ("县人民医院迁建选址", "重大公共建设项目", "卫健局"),
    ("白鹭湖水域保护与利用方案", "自然资源和文化资源开发利用保护", "文旅局"),
    ("义务教育学区划分方案", "重大公共政策和措施", "教育局"),
    ("集中供热特许经营方案", "其他重大事项", "住建局"),
    ("应急备用水源工程资金安排", "重大公共建设项目", "水利局"),
    ("年度存量资金统筹使用方案", "其他重大事项", "财政局"),
)


def _documents(parcel: Parcel) -> None:
    ledger = Ledger("policy_document")
    for year in YEARS:
        chance = parcel.chance(f"documents/{year}")
        for number, (name, sort, area, unit) in enumerate(_DOCUMENTS, start=1):
            code, opened = f"ZC{year}-{number:02d}", chance.day(date(year, 1, 8), date(year, 8, 20))
            title = f"明澜县{name}" + (f"（{year}年修订）" if year == YEARS[1] else "")
            market = area in ("民营经济", "工业", "服务业")
            ledger.open(
                code, title, unit, opened, due=opened + timedelta(days=120), document_kind=sort, field_area=area,
                issuer="明澜县人民政府" if number % 3 else "明澜县人民政府办公室", affects_market=market,
            )  # fmt: skip
            if year == YEARS[1] and number == 9:
                continue
            checked = opened + timedelta(days=chance.whole(25, 50))
            opinion = parcel.paper("合法性审查意见书", code, f"关于《{title}》的合法性审查意见：合法")
            ledger.move(
                code, "合法性审查", checked, seat("legal"), [opinion], legality_reviewed=checked,
                legality_opinion=chance.of(("合法", "修改后合法")), fair_competition=True if market else None,
                fair_done=checked - timedelta(days=6) if market else None,
            )  # fmt: skip
            discussed = checked + timedelta(days=8)
            minutes = parcel.paper("会议纪要", code, f"县政府常务会议纪要：审议《{title}》")
            ledger.move(code, "集体审议", discussed, seat("lead"), [minutes], discussed=discussed)
            issued = discussed + timedelta(days=6)
            text = parcel.paper("正式文件", code, f"{title}\n（正式文件）")
            ledger.move(
                code, "印发", issued, clerk(unit), [text], issued=issued, doc_no=f"澜政发〔{year}〕{number + 3}号",
                effective_to=date(year + 5, 12, 31) if number != 11 else date(year + 1, 6, 30),
            )  # fmt: skip
            published = issued + timedelta(days=chance.whole(2, 18) if number != 5 else 41)
            ledger.move(
                code,
                "公开",
                published,
                clerk(unit),
                published=published,
                public_url=f"https://www.minglan.example/zc/{code}",
            )
    ledger.write(parcel, "28-政策文件.xlsx")


def _decisions(parcel: Parcel) -> None:
    ledger = Ledger("major_decision")
    for year in YEARS:
        chance = parcel.chance(f"decisions/{year}")
        for number, (name, sort, unit) in enumerate(_DECISIONS, start=1):
            code, opened = f"JC{year}-{number:02d}", date(year, 1 + number % 4, chance.whole(6, 24))
            title = name if year == YEARS[0] else f"{name}（评估与调整）"
            ledger.open(
                code, title, unit, opened, due=date(year, 12, 15), catalogue_no=f"{year}-{number}", decision_kind=sort,
                starter="年度重大行政决策目录", local_scope="大额资金调度" if number > 7 else None,
                involved_funds=chance.money(600, 4200, "10") if number > 7 else None,
            )  # fmt: skip
            _decide(
                ledger,
                parcel,
                code,
                title,
                unit,
                opened,
                chance,
                stop_at="合法性审查" if year == 2025 and number == 3 else "",
            )
    ledger.write(parcel, "29-重大行政决策.xlsx")


def _decide(
    ledger: Ledger,
    parcel: Parcel,
    code: str,
    title: str,
    unit: str,
    opened: date,
    chance: Chance,
    *,
    stop_at: str,
) -> None:
    by = clerk(unit)

    def paper(kind: str) -> list[str]:
        return [parcel.paper(kind, code, f"{title}：{kind}")]

    asked, ended = opened + timedelta(days=10), opened + timedelta(days=42)
    comments = chance.whole(6, 90)
    ledger.move(
        code, "公众参与", ended + timedelta(days=2), by, paper("征求意见稿"), comment_from=asked, comment_until=ended,
        comments=comments, comments_adopted=comments // 3,
        hearing=ended if "价" in title or "收费" in title else None,
        hearing_material=ended - timedelta(days=9) if "价" in title or "收费" in title else None,
    )  # fmt: skip
    expert = ended + timedelta(days=9)
    ledger.move(code, "专家论证", expert, by, paper("专家论证报告"), expert_done=expert)
    risk = expert + timedelta(days=7)
    ledger.move(
        code,
        "风险评估",
        risk,
        by,
        paper("风险评估报告"),
        risk_done=risk,
        risk_level=chance.of(("低", "低", "中")),
    )
    if not stop_at:
        _adopt(ledger, code, unit, risk, chance, paper, consulted=comments)


def _adopt(
    ledger: Ledger,
    code: str,
    unit: str,
    risk: date,
    chance: Chance,
    paper: Callable[[str], list[str]],
    *,
    consulted: int,
) -> None:
    """From the review of legality to the archive."""
    by, mayor = clerk(unit), seat("lead")
    lawful = risk + timedelta(days=20)
    ledger.move(
        code, "合法性审查", lawful, seat("legal"), paper("合法性审查意见书"), legality_sent=risk + timedelta(days=3), legality_done=lawful,
        legality_opinion=chance.of(("合法", "修改后合法")),
    )  # fmt: skip
    met = lawful + timedelta(days=6)
    ledger.move(
        code, "集体讨论", met, mayor, paper("会议纪要"), discussed=met, meeting="常务会议", head_last=True,
        dissent=chance.of(("无", "无", "一人建议分步实施，经讨论未采纳并说明理由")),
    )  # fmt: skip
    asked_party = met + timedelta(days=4)
    ledger.move(code, "请示县委", asked_party, by, paper("请示件"), party_reported=asked_party)
    adopted = asked_party + timedelta(days=10)
    ledger.move(
        code, "决定公布", adopted + timedelta(days=8), mayor, paper("正式文件"), party_replied=adopted, adopted_on=adopted,
        published=adopted + timedelta(days=8),
    )  # fmt: skip
    ledger.move(
        code,
        "执行归档",
        adopted + timedelta(days=20),
        by,
        executor=unit,
        archived=adopted + timedelta(days=20),
        evaluation_cause="公众意见较多" if consulted > 80 else None,
    )


def write(parcel: Parcel) -> None:
    """Policy documents and major decisions."""
    _documents(parcel)
    _decisions(parcel)
