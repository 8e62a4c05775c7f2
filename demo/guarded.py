"""What only its keepers see: personal filings, records of interference, accusations, requests to change a figure; and what may be told."""

from datetime import date, timedelta

from demo.geography import COUNTY, TOWNSHIPS, clerk, department_names, seat
from demo.ledger import Ledger
from demo.names import person
from demo.pen import YEARS, Parcel, Row

_POSTS = (
    "县长",
    "常务副县长",
    "副县长（工业）",
    "副县长（农业）",
    "副县长（城建）",
    "副县长（公安）",
    "政府办主任",
    "发改局局长",
)
_KINDS = ("工程建设", "政府采购", "执纪执法", "土地出让", "行政审批")
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_ASKED = (
    ("某镇镇长", "乡镇", "农林牧渔业总产值", "口头", "与上年差距大", True, "拒绝并报告"),
    ("某企业统计员", "统计调查对象", "规模以上工业总产值", "书面", "漏报一张报表", False, "按制度修正"),
    ("某局副局长", "主管部门", "固定资产投资", "电话", "项目入库晚了一个月", False, "维持原数"),
    ("上级统计机构", "上级统计机构", "社会消费品零售总额", "书面", "评估反馈", False, "按制度修正"),
)


def _filings(parcel: Parcel) -> None:
    ledger = Ledger("personal_filing")
    for year in YEARS:
        for number, post in enumerate(_POSTS, start=1):
            code, opened = f"GR{year}-{number:02d}", date(year, 1, 4)
            ledger.open(
                code,
                f"{post}{year - 1}年度个人有关事项报告",
                COUNTY,
                opened,
                person_post=post,
                report_year=year - 1,
            )
            if year == YEARS[1] and number == 8:
                continue
            late = number == 6 and year == YEARS[0]
            filed = date(year, 2, 5) if late else date(year, 1, 12 + number)
            ledger.move(
                code, "已报", filed, seat("organise"), filed=filed, late_reason="因公出国（境）" if late else None
            )  # fmt: skip
            if number == 3:
                told = date(year, 6, 20)
                ledger.report(code, told, seat("organise"), changed=date(year, 6, 3), change_filed=told)
            ledger.move(code, "归档", date(year, 7, 10), seat("organise-1"))
            if number % 4 == 1:
                looked = date(year, 9, 18)
                ledger.move(code, "查核", looked, seat("organise"), checked=looked, verified="一致")
    ledger.write(parcel, "89-个人有关事项报告.xlsx")


def _kept(parcel: Parcel) -> None:
    meddling, accused = Ledger("interference_record"), Ledger("accusation_case")
    for year in YEARS:
        chance = parcel.chance(f"kept/{year}")
        for number in range(1, 7):
            code, day = f"GY{year}-{number}", chance.day(date(year, 1, 10), date(year, 10, 20))
            sent = day + timedelta(days=6 if number == 4 else 2)
            sort = _KINDS[number % len(_KINDS)]
            meddling.open(
                code, f"干预插手记录{number}号", COUNTY, sent, recorder=person(200 + number), happened=day, interferer=person(260 + number),
                subject_kind=sort, concerned=f"某{sort}事项", manner=chance.of(("打招呼", "电话", "批条")), said="要求给予关照", refused=True,
            )  # fmt: skip
            meddling.move(code, "处置", sent, seat("discipline"), reported_to="县纪委监委", reported=sent)
            if number != 6:
                meddling.move(
                    code, "办结", sent + timedelta(days=30), seat("discipline-1"), handling="已约谈当事人并记入档案", handled=sent + timedelta(days=29)
                )  # fmt: skip
            code = f"JB{year}-{number}"
            accused.open(
                code, f"检举控告件{number}号", COUNTY, day, form=chance.of(("来信", "网上", "来访")), real_name=number % 2 == 0,
                accuser=person(300 + number) if number % 2 == 0 else None, accused=person(320 + number), claim="反映违规发包",
                informed=day + timedelta(days=9) if number % 2 == 0 else None,
            )  # fmt: skip
            passed = day + timedelta(days=12)
            accused.move(
                code, "移送", passed, seat("discipline"), transferred=passed, transferred_to="县纪委监委"
            )
            if number != 5:
                ended = passed + timedelta(days=40)
                replied = ended + timedelta(days=6) if number % 2 == 0 else None
                accused.move(
                    code,
                    "办结",
                    ended + timedelta(days=7),
                    seat("discipline-1"),
                    concluded=ended,
                    replied=replied,
                )
    parcel.write(
        "89-纪检监察专册.xlsx",
        {
            meddling.kind: meddling.rows,
            f"{meddling.kind}.办理过程": meddling.moves,
            accused.kind: accused.rows,
            f"{accused.kind}.办理过程": accused.moves,
        },
    )


def _zeros(parcel: Parcel) -> None:
    """Every department and township says each quarter that it had nothing to pass on; one forgot once, one was late."""
    units = [item["name"] for item in department_names()] + [name for name, _ in TOWNSHIPS]
    rows: list[Row] = []
    for year in YEARS:
        for quarter, name in enumerate(_QUARTERS, start=1):
            for number, unit in enumerate(units):
                if year == YEARS[1] and (number, quarter) == (9, 2):
                    continue
                day = date(year, quarter * 3, 27) if (number, quarter) != (21, 3) else date(year, 10, 24)
                rows.append({
                    "number": f"LB{year}-{quarter}-{number + 1:02d}", "title": f"{unit}{year}年{name}零报告", "unit": unit, "date": day,
                    "post": clerk(unit), "quarter_no": name, "report_year": year, "signed_by_post": "主要负责人",
                })  # fmt: skip
    parcel.write("89-干预插手零报告.xlsx", {"interference_zero": rows})


def _requests(parcel: Parcel) -> None:
    ledger = Ledger("figure_request")
    rows: list[Row] = []
    for year in YEARS:
        for number, (who, sort, what, how, why, forbidden, decision) in enumerate(_ASKED, start=1):
            code, day = f"GS{year}-{number}", date(year, 2 + number * 2, 14)
            ledger.open(
                code, f"{what}改数要求（{number}号）", COUNTY, day, requester_post=who, requester_kind=sort, indicator_code=what,
                period=f"{year}年1—{1 + number * 2}月", manner=how, why=why, is_interference=forbidden,
            )  # fmt: skip
            ledger.move(code, "核实", day + timedelta(days=1), seat("statistics"))
            granted = decision == "按制度修正"
            ledger.move(
                code, "决定", day + timedelta(days=5), seat("statistics"), decision=decision, decided=day + timedelta(days=5),
                decided_by="统计局局长", evidence="生产台账和原始凭证" if granted else None, granted_value="见指标修订" if granted else None,
            )  # fmt: skip
            if forbidden and year == YEARS[1]:
                continue
            told = day + timedelta(days=6) if forbidden else None
            ledger.move(code, "归档", day + timedelta(days=8), seat("statistics"), reported=told)
        rows += _supplements(year)
    parcel.write(
        "89-改数登记和报告更正.xlsx",
        {ledger.kind: ledger.rows, f"{ledger.kind}.办理过程": ledger.moves, "report_supplement": rows},
    )


def _supplements(year: int) -> list[Row]:
    """What was put right after the last report was signed: estimates become final, one figure had been counted twice."""
    told = (
        ("预计数更新", "地区生产总值预计增长", "6.2%", "6.1%", "年报最终核实"),
        ("预计数更新", "一般公共预算收入预计完成", "12.4亿元", "12.36亿元", "决算"),
        ("差错更正", "开展招商活动", "19场", "18场", "一场活动重复登记"),
    )
    return [
        {
            "number": f"GZ{year}-{number}", "title": f"{year - 1}年度述职报告更正（{number}）", "unit": "政府办", "date": date(year, 7, 8 + number),
            "post": seat("write"), "report": f"{year - 1}年度述职报告", "report_year": year - 1, "supplement_kind": sort, "sentence": sentence,
            "was": was, "now": now, "reason": why, "told_to": "考核组", "told_on": date(year, 7, 20), "approved_by": "县长",
        }
        for number, (sort, sentence, was, now, why) in enumerate(told, start=1)
    ]  # fmt: skip


def write(parcel: Parcel) -> None:
    """Filings, interference, accusations, zero reports, requests to change figures, supplements to reports."""
    _filings(parcel)
    _kept(parcel)
    _zeros(parcel)
    _requests(parcel)
