"""The national catalogue is sound, its cases hold, and the words of drafts reach the right concepts."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from shuzhi.kernel.catalogue import definitions as d
from shuzhi.kernel.catalogue.cases import Case, cases_of, run_case, run_figures_case
from shuzhi.kernel.catalogue.grounds import Basis
from shuzhi.kernel.catalogue.load import calendar_of, load, national_folder
from shuzhi.kernel.catalogue.rulebook import Rule
from shuzhi.prose.binding import bind
from shuzhi.prose.reading import read
from shuzhi.reports.concepts import concepts

ROOT = Path(__file__).resolve().parents[2]
LOADED = load(national_folder())
CATALOGUE = LOADED.catalogue
ITEM_CASES = [*cases_of(CATALOGUE, "case")]
FIGURE_CASES = [*cases_of(CATALOGUE, "figures_case")]

# The mechanisms the walking house must be able to keep.
MECHANISMS = ["M02", "M03", "M05", "M07", "M13", "M19", "M28", "M31", "M34", "M44", "M46"]

# Sentences as offices write them (made up here), with the concept each mask must reach.
SENTENCES = (
    ("预计全年实现生产总值XX亿元，增长X.X%。", ("gdp", "gdp.growth")),
    ("规模以上工业增加值增长X%，社会消费品零售总额达XX亿元。", ("ind_va.growth", "retail")),
    ("财政总收入完成XX亿元，同口径增长X%。", ("rev_total", "rev_total.growth")),
    ("一般公共预算支出XX亿元，民生支出占一般公共预算支出比重达XX%。", ("exp_general", "livelihood_share")),
    ("税收收入占一般公共预算收入比重XX%。", ("tax_share",)),
    ("城乡居民人均可支配收入分别达到XXXXX元、XXXXX元。", ("income_urban", "income_rural")),
    ("完成固定资产投资XX亿元，占年度计划的XX%。", ("fai", "fai.completion")),
    ("全县粮食总产量XX万吨，城镇新增就业XXXX人。", ("grain_output", "urban_jobs")),
    ("接待游客XX万人次，旅游综合收入增长X%。", ("tourists", "tourism_rev.growth")),
    ("全年清淤河道XX条、XX公里。", ("river_dredging.rivers", "river_dredging.length")),
    ("新增和改建绿化面积XX万平方米，建成区绿化覆盖率达到XX%。", ("greening_work.area_done", "green_cover")),
    ("新增绿化面积XX万平方米。", ("greening_work.area_new",)),
    ("受理环保信访件XX件，办结率XX%。", ("env_letter.received", "env_letter.closed_rate")),
    ("巡察反馈问题XX个，完成整改XX个。", ("inspection_item.patrol_tasks", "inspection_item.patrol_done")),
    ("整治河湖“四乱”问题XX处，河湖问题整改率XX%。", ("river_issue.chaos_fixed", "river_issue.fix_rate")),
    ("实现XX户XX人稳定脱贫，贫困发生率降至XX%。", ("exit_hh", "exit_pop", "poverty_rate")),
    ("投入城建资金XX亿元，实施市政配套项目XX个。", ("city_fund.invested", "key_project.municipal")),
    ("实施XX大类XX项为民实事。", ("livelihood_item.classes", "livelihood_item.items")),
    ("召开政银企对接会XX场次，帮助企业贷款XX亿元。", ("matching_session.sessions", "matching_session.loans")),
    ("推进XX个重点项目建设，完成年度投资XX亿元。", ("key_project.listed", "key_project.invested")),
    ("三级挂牌隐患整改率达到XX%。", ("listed_hazard.rectify_rate",)),
    ("化解信访积案XX件。", ("petition_case.backlog_solved",)),
    ("全年作出重大行政决策XX项。", ("major_decision.adopted",)),
    ("开展招商活动XX场次，招商到位资金XX亿元。", ("investment_event.events", "capital_arrival.in_place")),
    ("召开政府常务会议XX次，研究议题XX个。", ("government_meeting.executive", "government_meeting.topics")),
    ("组织环保专项执法XX场次。", ("enforcement_campaign.environment",)),
    ("衔接资金支出进度达XX%。", ("linking_fund.pay_rate",)),
    ("排查挂牌隐患XX处，整改销号XX处。", ("listed_hazard.listed", "listed_hazard.rectified")),
    ("督查室立项督办XX件，办结XX件。", ("supervised_matter.filed", "supervised_matter.settled")),
    ("为民实事完成率XX%，群众满意率XX%。", ("livelihood_item.done_rate", "livelihood_item.satisfaction")),
    ("新开工重点项目XX个。", ("key_project.begun",)),
    ("新增规上工业企业XX家。", ("statistics_entry.new_industry",)),
    ("规模以上工业企业总数达到XX家。", ("ind_units",)),
    ("进出口总额XX亿元，其中出口XX亿元。", ("trade_total", "export_rmb")),
    ("清欠中小企业账款X亿元。", ("arrears_cleared",)),
    ("“三公”经费支出XX万元，下降X.X%。", ("three_public", "three_public.growth")),
    ("公务接待费XX万元，下降X%。", ("public_expense.reception", "public_expense.reception_growth")),
    ("国内公务接待XX批次、XXXX人次。", ("reception_batches", "reception_persons")),
    ("政府采购节约率X.XX%。", ("proc_saving",)),
    ("完成审计项目XX个，查出问题金额X亿元。", ("audit_project.done", "audit_amount")),
    ("审计查出问题XX个，整改率XX%。", ("audit_finding.found", "audit_rectify")),
    ("收到政府信息公开申请XX件。", ("disclosure_request.received",)),
    ("高新技术企业总数达到XX家，新认定XX家。", ("innovation_title.hitech_stock", "innovation_title.hitech")),
    ("新增创新载体平台XX家、高新技术企业XX家。", ("innovation_title.platforms", "innovation_title.hitech")),
    ("新增市级以上领军人才（团队）XX个。", ("innovation_title.talents",)),
    ("建成乡镇物流中转站XX个、农村电商网点XX个。", ("place_carrier.stations", "place_carrier.points")),
    ("新增进出口备案企业XX家。", ("customs_filing.filed",)),
    ("新培育限上商贸企业XX家。", ("statistics_entry.new_trade",)),
    ("线上交易额达到XX万元，增长XX%。", ("online_trading.sales", "online_trading.sales_growth")),
    ("全年为企业减免税费XX万元。", ("relief_report.relieved",)),
    ("化解隐性债务XX亿元。", ("released_figure.hidden_debt",)),
    ("累计建成镇村富民载体XX万平方米。", ("place_carrier.area",)),
    ("谋划项目XX个。", ("pipeline_project.stock",)),
    ("解决企业困难问题XX个。", ("enterprise_demand.solved",)),
)

# Sentences that must not be given a figure: what they measure is narrower than, or other than, anything kept.
TRAPS = (
    "开工亿元以上工业项目XX个。",
    "每千常住人口拥有注册护士X.X人。",
    "高频事项网办率XX%。",
    "单位生产总值能耗下降X%。",
    "新建城市公厕XX座。",
    "建成投产项目XX个。",
    "居民收入增速XX%。",
)


def names(definition: type) -> set[str]:
    """The keys that may be written for a definition."""
    return {item.name for item in fields(definition)}


def test_nothing_is_wrong_with_it() -> None:
    assert [str(finding) for finding in LOADED.findings] == []


@pytest.mark.parametrize("case", ITEM_CASES, ids=lambda case: case.place)
def test_every_case_of_an_item_holds(case: Case) -> None:
    assert [str(finding) for finding in run_case(case, CATALOGUE, calendar_of(CATALOGUE))] == []


@pytest.mark.parametrize("case", FIGURE_CASES, ids=lambda case: case.place)
def test_every_case_of_a_figure_holds(case: Case) -> None:
    assert [str(finding) for finding in run_figures_case(case, CATALOGUE, calendar_of(CATALOGUE))] == []


def test_every_mechanism_of_the_walking_house_has_a_kind() -> None:
    assert set(MECHANISMS) - {kind.mechanism for kind in CATALOGUE.kinds.values()} == set()


def test_every_kind_that_offers_figures_shows_them_in_a_case() -> None:
    shown = {case.kind.code for case in FIGURE_CASES}
    assert {code for code, kind in CATALOGUE.kinds.items() if kind.figures} - shown == set()


def _refuses(case: Case) -> bool:
    """Whether the case expects a stage to be closed to the item."""
    expect = case.table["expect"]
    may_enter = expect.get("may_enter", {}) if isinstance(expect, dict) else {}
    return False in may_enter.values()


def test_every_matter_with_gates_shows_one_refused() -> None:
    refused = {case.kind.code for case in ITEM_CASES if _refuses(case)}
    gated = {
        kind.code
        for kind in CATALOGUE.of_shape("matter")
        if any(stage.gate is not None for stage in kind.stages)
    }
    assert gated - refused == set()


def test_every_parameter_is_used() -> None:
    """By a formula of the catalogue, or by a rule in code that names it."""
    written = "".join(text for path, text in CATALOGUE.texts.items() if path != "parameters.toml")
    code = "".join(path.read_text("utf-8") for path in (ROOT / "shuzhi").rglob("*.py"))
    # Numbered ones (ballot_grade_1) and those of a family (light_{…}_gap) are named by what they share.
    shared = re.findall(r'f"(\w{4,})\{[^{}"]*\}(\w*)"', code)
    families = [re.compile(rf"{head}\w+{tail}") for head, tail in shared]
    unused = [
        name
        for name in CATALOGUE.parameters
        if f"'{name}'" not in written
        and f'"{name}"' not in code
        and not any(family.fullmatch(name) for family in families)
    ]
    assert unused == []


def test_who_fills_does_not_decide() -> None:
    """Some duty besides the fillers' verifies a kind's items, unless one duty alone may see them at all.

    Plans are everybody's own: there the second hand is another person, whom the meeting's verbs demand.
    """
    for kind in CATALOGUE.kinds.values():
        assert kind.duties.get("fill"), kind.code
        if kind.shape != "plan" and len(kind.duties.get("see", ("all", "of the tree"))) > 1:
            assert set(kind.duties.get("verify", ())) - set(kind.duties["fill"]), kind.code


def test_complaints_against_officials_leave_no_figure_and_are_not_disclosed() -> None:
    hidden = [kind for kind in CATALOGUE.kinds.values() if kind.duties.get("see") == ("discipline",)]
    assert hidden
    for kind in hidden:
        assert kind.visibility == "restricted"
        assert kind.figures == ()
        assert kind.disclosure is None


def test_personal_fields_are_never_public() -> None:
    kinds = CATALOGUE.kinds.values()
    owned = [item for kind in kinds for item in kind.fields]
    owned += [item for kind in kinds for line in kind.lines for item in line.fields]
    assert [item.code for item in owned if item.personal and item.public] == []


def test_no_two_fields_side_by_side_have_one_label() -> None:
    """A sheet is read by its headings: two of one name could not be told apart."""
    for kind in CATALOGUE.kinds.values():
        for owned in (kind.fields, *(line.fields for line in kind.lines)):
            labels = [item.label for item in owned]
            assert sorted(set(labels)) == sorted(labels), kind.code


def test_official_growth_rates_are_indicators_of_their_own() -> None:
    for indicator in CATALOGUE.indicators.values():
        if indicator.growth in ("real", "comparable", "same_basis") and indicator.measures in (
            "level",
            "count",
        ):
            assert indicator.growth_by or indicator.code == "gdp_pc", indicator.code


def test_statutory_statistics_are_entered_by_the_statistics_post() -> None:
    for indicator in CATALOGUE.indicators.values():
        if indicator.owner.startswith(("统计局", "国家统计局")):
            assert indicator.duty == "statistics", indicator.code


@pytest.mark.parametrize(("sentence", "codes"), SENTENCES, ids=[codes[0] for _, codes in SENTENCES])
def test_the_words_of_a_draft_reach_the_concept(sentence: str, codes: tuple[str, ...]) -> None:
    found = bind(read(sentence), concepts(CATALOGUE), figures=False)
    assert tuple(binding.code for binding in found) == codes, [binding.reason for binding in found]


@pytest.mark.parametrize("sentence", TRAPS)
def test_a_narrower_thing_is_not_taken_for_the_whole(sentence: str) -> None:
    found = bind(read(sentence), concepts(CATALOGUE), figures=False)
    assert [binding.code for binding in found if binding.code] == []


def test_the_guide_names_every_key() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text("utf-8")
    said = set(re.findall(r"[a-z_]+", text))
    definitions = (
        d.Kind,
        d.Field,
        d.LineKind,
        d.Check,
        d.Stage,
        d.Clock,
        d.Light,
        d.Disclosure,
        d.Expect,
        d.FigureKind,
    )
    for definition in (*definitions, d.Indicator, Basis, Rule):
        assert names(definition) - said == set(), definition.__name__
