"""What one year's report admitted and promised, and the account given of it a year later: most settled, some not."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from demo.geography import clerk, seat
from demo.ledger import Ledger
from demo.pen import YEARS, Parcel


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence of the report, whose it is, and what became of it a year later (empty: nobody has said yet)."""

    sentence: str
    unit: str
    sort: str
    account: str
    note: str


_SHORT = {
    2024: (
        _Said("重大项目储备不够足，前期工作深度不够", "发改局", "短板", "已解决", "储备库新增亿元以上项目二十二个，前期经费已列入预算"),
        _Said("工业企业小散弱的面貌还没有根本改变", "工信局", "短板", "部分解决", "规上企业净增九家，龙头企业仍少，产业链未成"),
        _Said("城区停车难、老旧管网漏损问题反映较多", "住建局", "短板", "已解决", "新增泊位八百个，改造管网十六公里"),
        _Said("柳渡老街安置房产权证办理拖延多年", "自然资源局", "遗留", "已解决", "补办用地手续，三百一十二户全部领证"),
        _Said("原农机厂改制职工社保接续久拖未决", "人社局", "遗留", "转下年", "历史档案缺失，省级认定未下达"),
        _Said("部分村集体经济底子薄、收入渠道单一", "农业农村局", "短板", "部分解决", "薄弱村减少二十一个，仍有十七个"),
        _Said("少数部门协同不够，办事环节还有堵点", "行政审批局", "短板", "已解决", "并联审批事项增至四十六项，平均用时压减一半"),
        _Said("本人到偏远村组调研还不够经常", "政府办", "个人不足", "已解决", "全年到最偏远村组六次"),
        _Said("会议仍偏多，抓落实的时间被挤占", "政府办", "个人不足", "未解决", "全县性会议只减了两次，没有达到预期"),
    ),
    2023: (
        _Said("财政收支矛盾突出，税收占比偏低", "财政局", "短板", "部分解决", "税收占比提高一点二个百分点"),
        _Said("白鹭湖沿岸违建历史遗留问题没有清零", "水利局", "遗留", "已解决", "十九处全部拆除复绿"),
        _Said("基层医疗服务能力不强", "卫健局", "短板", "已解决", "医共体药品目录统一，基层就诊量上升"),
        _Said("统计基础工作薄弱，个别企业报表质量不高", "统计局", "短板", "已解决", "完成统计规范化建设，开展两轮数据核查"),
        _Said("城南安置小区供暖纠纷多年未决", "住建局", "遗留", "已解决", "并入集中供热管网"),
        _Said("本人对新产业新业态学习不深", "政府办", "个人不足", "已解决", "参加专题学习四次"),
    ),
}  # fmt: skip
_PROMISED = {
    2024: (
        _Said("新开工亿元以上项目三十个", "发改局", "开工三十个，以统计入库为准", "已兑现", "开工三十四个"),
        _Said("新增规上工业企业八家", "工信局", "净增八家", "已兑现", "净增九家"),
        _Said("改造农村公路六十公里", "交通局", "完工通车六十公里", "已兑现", "完成六十三公里"),
        _Said("建成县人民医院新院区主体", "卫健局", "主体封顶", "部分兑现", "门诊楼封顶，住院楼完成七成"),
        _Said("引进一所职业学院分校", "教育局", "签约并开工", "未兑现", "合作方调整布局，协议终止"),
        _Said("化解信访积案三十件", "信访局", "化解三十件", "已兑现", "化解三十一件"),
        _Said("城区新增停车泊位八百个", "城管局", "建成启用八百个", "已兑现", "建成八百二十个"),
        _Said("完成三个断面水质提升", "生态环境分局", "达到三类", "转下年", "两个断面达标，一个断面枯水期反弹"),
        _Said("高频事项一次办结全覆盖", "行政审批局", "高频事项一次办结", "已兑现", "一百二十项全部一次办结"),
        _Said("新建高标准农田两万亩", "农业农村局", "建成验收两万亩", "", ""),
    ),
    2023: (
        _Said("建成城南污水处理厂二期", "住建局", "通水运行", "已兑现", "六月通水"),
        _Said("改造老旧小区十二个", "住建局", "完工十二个", "已兑现", "完工十三个"),
        _Said("培育高新技术企业五家", "科技局", "认定五家", "已兑现", "认定六家"),
        _Said("开通城乡公交八条", "交通局", "开通运营八条", "部分兑现", "开通六条，两条受道路施工影响"),
        _Said("建成普惠托育机构三所", "卫健局", "建成招生三所", "已兑现", "建成三所"),
        _Said("引进旅游综合体项目", "文旅局", "签约落地", "未兑现", "未达成协议"),
        _Said("清理拖欠企业账款全部清零", "工信局", "无分歧欠款清零", "已兑现", "无分歧欠款全部清偿"),
    ),
}  # fmt: skip
_DONE = ("已解决", "已兑现")


def _opened(year: int) -> date:
    """The day on which the head reported on that year."""
    return date(year + 1, 1, 17)


def _settle(ledger: Ledger, parcel: Parcel, code: str, said: _Said, year: int, done_field: str) -> None:
    """The account of a year later, by a paper for what is settled and by the head's word for what is put off."""
    told = date(year + 1, 12, 18) if said.account != "部分兑现" else date(year + 1, 12, 29)
    done: dict[str, Any] = {done_field: told - timedelta(days=40)} if said.account in _DONE else {}
    ledger.move(
        code, "交代", told, clerk(said.unit), account=said.account, account_note=said.note, accounted=told,
        **done,
    )  # fmt: skip
    after = told + timedelta(days=1)
    if said.account in _DONE:
        report = parcel.paper(
            "督查报告", code, f"关于“{said.sentence}”的核查报告\n核查日期：{after}\n结论：属实"
        )
        ledger.move(code, "销号" if done_field == "resolved" else "兑现", after, seat("supervise"), [report])
    elif said.account == "未兑现":
        ledger.move(code, "说明结案", after, seat("lead"), note="原因已在报告中说明，不再办理")
    elif said.account != "未解决":
        ledger.move(code, "转下年", after, seat("lead"), note="同意转下年继续办理")


def _shortcomings(parcel: Parcel) -> None:
    ledger = Ledger("stated_shortcoming")
    for year in (year - 1 for year in YEARS):
        for number, said in enumerate(_SHORT[year], start=1):
            code, opened = f"BZ{year}-{number:02d}", _opened(year)
            ledger.open(
                code, said.sentence, said.unit, opened, due=date(year + 1, 11, 30), report=f"{year}年度述职报告", stated_year=year,
                sentence=f"{said.sentence}。", shortcoming_kind=said.sort, since=date(year - 9, 1, 1) if said.sort == "遗留" else None,
                cause="工作统筹和推进力度不够", attempts="多次会商，未形成一致意见" if said.sort == "遗留" else None,
                next_step="列出清单，明确专人，按月调度",
            )  # fmt: skip
            ledger.move(code, "整改", opened + timedelta(days=14), seat("supervise"))
            _settle(ledger, parcel, code, said, year, "resolved")
    ledger.write(parcel, "80-报告所列不足.xlsx")


def _promises(parcel: Parcel) -> None:
    ledger = Ledger("stated_promise")
    for year in (year - 1 for year in YEARS):
        for number, said in enumerate(_PROMISED[year], start=1):
            code, opened = f"CN{year}-{number:02d}", _opened(year)
            ledger.open(
                code, said.sentence, said.unit, opened, due=date(year + 1, 11 if number % 3 else 10, 30), report=f"{year}年度述职报告",
                stated_year=year, sentence=f"{said.sentence}。", goal=said.sort, measures="纳入年度重点任务，按月调度",
            )  # fmt: skip
            ledger.move(code, "分解落实", opened + timedelta(days=20), seat("supervise"))
            if said.account:
                _settle(ledger, parcel, code, said, year, "fulfilled")
    ledger.write(parcel, "81-报告承诺事项.xlsx")


def write(parcel: Parcel) -> None:
    """Shortcomings and promises of the reports on 2023 and 2024."""
    _shortcomings(parcel)
    _promises(parcel)
