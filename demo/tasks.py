"""The year's tasks handed down to offices, the plans and projects being thought out, and what enterprises asked for."""

from collections.abc import Sequence
from datetime import date, timedelta

from demo.geography import TOWNSHIPS, clerk, head, seat
from demo.happenings import companies
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Chance, Parcel, Row

# title, office, origin, nature, sort, indicator or wanted result, whether 2024 and 2025 met it
_TASKS = (
    ("地区生产总值增长", "发改局", "人代会", "预期性", "增速", "地区生产总值", "yy"),
    ("一般公共预算收入", "财政局", "人代会", "预期性", "绝对值", "一般公共预算收入", "yn"),
    ("社会消费品零售总额增长", "商务局", "人代会", "预期性", "增速", "社零总额增速", "nn"),
    ("固定资产投资增长", "发改局", "市下达", "预期性", "增速", "固定资产投资增速", "yy"),
    ("规上工业增加值增长", "工信局", "市下达", "预期性", "增速", "规上工业增加值增速", "yy"),
    ("粮食产量稳定", "农业农村局", "市下达", "约束性", "绝对值", "粮食产量", "yy"),
    ("空气质量优良天数比例", "生态环境分局", "市下达", "约束性", "占比", "空气质量优良天数比例", "yy"),
    ("城镇新增就业", "人社局", "人代会", "预期性", "绝对值", "城镇新增就业", "yy"),
    ("游客接待量", "文旅局", "县自定", "预期性", "绝对值", "游客接待量", "yy"),
    ("县人民医院外科楼主体封顶", "卫健局", "人代会", "约束性", "时限", "9月底前主体封顶", "yy"),
    ("农村公路改建一百公里", "交通局", "人代会", "约束性", "时限", "11月底前建成通车", "yy"),
    ("集中式饮用水水源地规范化建设", "生态环境分局", "市下达", "约束性", "定性", "完成标志标牌、隔离防护并通过验收", "yy"),
    ("政务服务事项一窗受理", "行政审批局", "县自定", "预期性", "定性", "全部事项进综合窗口", "yy"),
    ("数字档案馆建设", "政府办", "县自定", "预期性", "定性", "通过省级测试", "ny"),
    ("十五五规划纲要草案", "发改局", "县自定", "约束性", "时限", "12月底前形成草案", " y"),
    ("老旧小区电梯加装试点", "住建局", "县自定", "预期性", "定性", "完成试点五部", " -"),
)  # fmt: skip
_IDEAS = (
    ("县域充电网络", "基础设施", "地方专项债"), ("青崖山索道改造", "文化旅游", "社会资本"), ("粮食仓储物流园", "农业农村", "超长期特别国债"),
    ("城乡供水管网漏损治理", "城建市政", "中央预算内"), ("新型建材循环利用基地", "产业", "社会资本"), ("县级公共卫生中心", "民生", "中央预算内"),
    ("智能农机装备中试线", "科技创新", "政策性金融"), ("矿区生态修复二期", "生态环保", "中央预算内"),
)  # fmt: skip
_DEMANDS = {
    "融资": ("扩产流动资金不足，希望协调续贷", "金融办"), "用工": ("旺季缺熟练工三十人", "人社局"), "用地": ("二期用地手续办理慢", "自然资源局"),
    "用能": ("生产线电压不稳，需增容", "供电公司"), "审批": ("环评报告补正多次", "行政审批局"), "欠款": ("被拖欠工程款", "住建局"),
    "政策兑现": ("技改奖补资金未到账", "工信局"), "市场": ("希望参加产销对接", "商务局"),
}  # fmt: skip


def _tasks(parcel: Parcel) -> None:
    ledger = Ledger("annual_task")
    for place, year in enumerate(YEARS):
        number = 0
        for title, unit, origin, nature, sort, wanted, met in _TASKS:
            if met[place] == " ":
                continue
            number += 1
            code = f"MB{year}-{number:02d}"
            milestone = sort in ("时限", "定性")
            told: Row = {"wanted_result" if milestone else "indicator_code": wanted}
            ledger.open(code, f"{title}（{year}年）", unit, date(year, 1, 23), due=date(year, 12, 31), origin=origin, nature=nature, target_kind=sort, **told)  # fmt: skip
            _task(ledger, parcel, code, unit, year, met[place], milestone=milestone, late=number == 9)
            if year == YEARS[1] and title.startswith("县人民医院"):
                _adjusted(ledger, parcel, code)
            if met[place] != "-":
                _judged(ledger, parcel, code, year, met=met[place] == "y", binding=milestone)
    ledger.write(parcel, "40-年度目标任务.xlsx")


def _task(
    ledger: Ledger, parcel: Parcel, code: str, unit: str, year: int, met: str, *, milestone: bool, late: bool
) -> None:
    """Handed down within the month (one in March), and reported at the half-year."""
    given = date(year, 3, 11) if late else date(year, 2, 14)
    order = parcel.paper("正式文件", code, f"关于分解下达{year}年目标任务的通知\n任务编号：{code}")
    ledger.move(code, "分解下达", given, clerk(unit), [order], decomposed=given, task_doc=f"澜政发〔{year}〕4号", responsible=person(len(code) + year % 7))  # fmt: skip
    done = 30 if met in "n-" else 52
    told: Row = {"progress_note": "按节点推进" if met == "y" else "进度偏慢，已约谈"}
    if not milestone or met == "-":
        told = {**told, "progress": done, "plan_progress": 50}
    ledger.move(code, "推进落实", date(year, 7, 8), clerk(unit), [], "", **told)
    if met == "-":
        ledger.report(
            code,
            date(year, 11, 28),
            clerk(unit),
            "住户意见不一致，两部尚未开工",
            progress=40,
            plan_progress=85,
        )


def _adjusted(ledger: Ledger, parcel: Parcel, code: str) -> None:
    """What the congress decided is changed only with its standing committee's leave."""
    decision = parcel.paper("正式文件", f"{code}-调整", "县人大常委会关于批准调整部分年度任务的决定")
    ledger.move(
        code, "目标调整", date(2025, 8, 20), seat("lead-1"), [decision], adjusted=date(2025, 8, 20), adjust_doc="澜人常〔2025〕12号",
        old_target="9月底前主体封顶", new_target="12月20日前主体封顶", adjust_approver="县人大常委会", npc_approved=date(2025, 8, 15),
    )  # fmt: skip
    ledger.move(code, "推进落实", date(2025, 10, 9), clerk("卫健局"), progress_note="按调整后节点施工")


def _judged(ledger: Ledger, parcel: Parcel, code: str, year: int, *, met: bool, binding: bool) -> None:
    day = date(year, 12, 29 if binding else 30)
    told: Row = (
        {"judgement": "完成"}
        if met
        else {"judgement": "未完成", "unmet_reason": "市场需求不足，收入低于预期；未完成部分列入下年"}
    )
    checked = parcel.paper("督查报告", code, f"{code}年终核定意见\n结论：{told['judgement']}")
    ledger.move(code, "年终核定", day, seat("supervise"), [checked], "", judged=day, **told)


def _pipeline(parcel: Parcel) -> None:
    ledger = Ledger("pipeline_project")
    for year in (2022, *YEARS):
        chance = parcel.chance(f"pipeline/{year}")
        for number in range(1, 4 if year == 2022 else 10):
            idea, category, fund = _IDEAS[(number + year) % len(_IDEAS)]
            town = TOWNSHIPS[(number * 7 + year) % len(TOWNSHIPS)][0]
            code, opened = f"MH{year}-{number:02d}", date(year, chance.whole(2, 9), chance.whole(3, 26))
            ledger.open(
                code, f"{town}{idea}", "发改局", opened, category=category, plan_period="2026—2030年", fund_direction=fund,
                total_invest=chance.money(1800, 52000, "100"), maturity=1,
            )  # fmt: skip
            _ripen(ledger, parcel, code, opened, number)
    ledger.write(parcel, "47-谋划项目.xlsx")


def _ripen(ledger: Ledger, parcel: Parcel, code: str, opened: date, number: int) -> None:
    """A third stays an idea, a third is worked out, some reach the year's list, one is dropped."""
    by, boss = clerk("发改局"), head("发改局")
    if number % 3 == 0 and opened.year > 2022:
        return
    ledger.move(
        code, "入库", opened + timedelta(days=40), boss, proposal_done=opened + timedelta(days=30), maturity=2
    )
    if number == 2:
        ledger.move(
            code,
            "淘汰",
            opened + timedelta(days=70),
            seat("lead-1"),
            drop_reason="用地涉及永久基本农田，不可行",
        )
    if opened.year == 2022 or number in (2, 5):
        return
    ready = opened + timedelta(days=75)
    approval = parcel.paper("批复文件", code, f"{code}可行性研究报告批复")
    ledger.move(code, "前期深化", ready, by, [approval], feasibility_done=ready, maturity=3)
    if opened.year == YEARS[0] and number % 3 == 1:
        ledger.move(code, "转化落地", date(2025, 1, 24), boss, maturity=5, converted=date(2025, 1, 24))
    elif number == 4:
        ledger.report(code, ready + timedelta(days=15), by, "用地、环评要件已齐", maturity=4)


def _plans(parcel: Parcel) -> None:
    """The outline of the past five years reviewed in its middle, the next one out for comment, a plan published late."""
    ledger = Ledger("county_plan")
    by, boss = clerk("发改局"), head("发改局")
    rows = (
        ("GH2020-01", "第十四个五年规划纲要", "五年规划纲要", "2021—2025年", date(2020, 3, 2), date(2021, 2, 6), date(2021, 3, 1)),
        ("GH2024-01", "全域旅游发展规划", "专项规划", "2025—2030年", date(2024, 3, 4), date(2025, 4, 15), date(2025, 5, 28)),
        ("GH2025-01", "第十五个五年规划纲要", "五年规划纲要", "2026—2030年", date(2025, 2, 10), None, None),
        ("GH2025-02", "现代农业发展规划", "专项规划", "2026—2030年", date(2025, 3, 10), None, None),
    )  # fmt: skip
    for code, title, sort, period, opened, approved, published in rows:
        ledger.open(code, f"明澜县{title}", "发改局", opened, plan_kind=sort, plan_period=period)
        studied = opened + timedelta(days=120)
        ledger.move(code, "编制草案", studied, by, research_done=studied)
        if code == "GH2025-02":
            continue
        start = date(2025, 11, 3) if approved is None else approved - timedelta(days=70)
        draft = parcel.paper("征求意见稿", code, f"{title}征求意见稿及说明")
        told = {"comment_from": start, "comment_until": start + timedelta(days=35)}
        ledger.move(code, "征求意见", start + timedelta(days=35), by, [draft], "", **told)
        if approved is None or published is None:
            continue
        order = parcel.paper("批复文件", code, f"关于批准{title}的决议")
        outline = sort == "五年规划纲要"
        ledger.move(code, "审议批准", approved, seat("lead"), [order], approved=approved, approved_by="县人代会" if outline else "县政府")  # fmt: skip
        issued = parcel.paper("正式文件", code, f"{title}（印发稿）")
        ledger.move(code, "公布实施", published, by, [issued], published=published)
        if outline:
            ledger.move(code, "中期评估", date(2023, 11, 24), by, midterm_done=date(2023, 11, 22))
            ledger.report(code, date(2025, 12, 26), boss, "正在开展期满评估")
    ledger.write(parcel, "47-规划编制.xlsx")


def _demands(parcel: Parcel, firms: Sequence[str]) -> None:
    ledger = Ledger("enterprise_demand")
    kinds = tuple(_DEMANDS)
    for year in YEARS:
        chance = parcel.chance(f"demands/{year}")
        for number, firm in enumerate(chance.some(firms, 22 if year == YEARS[0] else 25), start=1):
            kind = kinds[number % len(kinds)]
            code, opened = f"QS{year}-{number:02d}", date(year, 1 + number * 11 // 26, chance.whole(3, 24))
            ledger.open(
                code, f"企业{kind}诉求（{year}年第{number}件）", "工信局", opened, enterprise=firm, demand_kind=kind, demand_text=_DEMANDS[kind][0],
                source=chance.of(("领导走访", "座谈会", "线上平台", "部门上门")), sponsor=person(number % 6),
            )  # fmt: skip
            _demand(ledger, parcel, code, kind, opened, number, chance)
    ledger.write(parcel, "47-企业诉求.xlsx")


def _demand(
    ledger: Ledger, parcel: Parcel, code: str, kind: str, opened: date, number: int, chance: Chance
) -> None:
    """Mostly solved; some answered but not solved, one late, one never answered, one with an extension approved."""
    assigned = opened + timedelta(days=1 + number % 3)
    by, boss = clerk("工信局"), head("工信局")
    ledger.move(code, "交办", assigned, by, assigned=assigned, handler=_DEMANDS[kind][1])
    if number == 19:
        return
    handled = assigned + timedelta(days=32 if number == 8 else chance.whole(6, 17))
    longer: Row = {"extended_days": 10, "extension_approver": person(2)} if number == 14 else {}
    ledger.move(
        code, "办理答复", handled, by, [], "", handled_on=handled, measure="部门上门对接并协调解决", **longer
    )
    told = handled + timedelta(days=4)
    good = number % 6 != 5
    paid: Row = {"honoured": chance.money(8, 96, "0.5")} if kind in ("政策兑现", "欠款") and good else {}
    slip = parcel.paper("企业确认单", code, f"{code}企业确认单\n结果：{'已解决' if good else '部分解决'}")
    rating = "满意" if good and number % 4 else "基本满意" if good else "不满意"
    ledger.move(code, "企业确认", told, boss, [slip], "", confirm="已解决" if good else "部分解决", confirmed_on=told, confirmed_by=person(60 + number), rating=rating, **paid)  # fmt: skip
    if good or number != 23:
        ledger.move(code, "办结", told + timedelta(days=1), boss)


def write(parcel: Parcel) -> None:
    """Tasks, pipeline, plans, demands."""
    _tasks(parcel)
    _pipeline(parcel)
    _plans(parcel)
    _demands(parcel, [str(row["code"]) for row in companies()])
