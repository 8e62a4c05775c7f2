"""How numbers, years and document numbers are written: GB/T 15835-2011 and GB/T 9704-2012."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span

_CN = "一二三四五六七八九"
# 3千2百万, 5百户, 2万3千: digits and Chinese numerals inside one number; 千克, 百分点, 千瓦 are words of their own.
_WORD = "(?!克|米|瓦|伏|卡|帕|赫|分|货|强|姓|日|年|佳|优|校|企|村示范|县|城|万工程|灯|人计划|园)"
_COUNTED = "(?=[万亿]?[多余]?(?:元|人|户|亩|家|吨|公里|名|头|株|棵|平方))"
_MIXED = re.compile(
    rf"\d{{1,2}}(?:\.\d+)?(?:千{_WORD}\d{{1,3}}百|[千百]{_WORD}(?:(?=\d)|{_COUNTED}))|\d{{1,4}}[万亿][{_CN}]{{1,2}}[千百万]"
)
_MIXED_AFTER = re.compile(r"[万亿]\d{1,4}(?:千|百|万|元|人|户|亩)")
_NUMERAL_BEFORE = re.compile(rf"(?<![零〇{_CN}十百千万亿第])[{_CN}十百]{{1,3}}$")


def mixed(draft: Draft) -> Iterator[Found]:
    """Digits and Chinese numerals inside one number (3千2百万元)."""
    text = draft.text
    say = "里阿拉伯数字与汉字数字混用，请统一，如 3200万元。"
    for span in matched(draft, _MIXED):
        if text[span.start - 1 : span.start] not in tuple("0123456789.,，"):
            yield Found(span, f"“{span.of(text)}”{say}")
    for span in matched(draft, _MIXED_AFTER):
        before = _NUMERAL_BEFORE.search(text, max(0, span.start - 4), span.start)
        if before:
            whole = Span(before.start(), span.end)
            yield Found(whole, f"“{whole.of(text)}”{say}")


_YEAR_MIXED = re.compile(
    r"(?<![\d零〇○一二三四五六七八九])(?=[\d零〇○0O一二三四五六七八九]{4}年)(?=\d*[〇○一二三四五六七八九])(?=[零〇○一二三四五六七八九]*[\dO])[\d零〇○O一二三四五六七八九]{4}年"
)
_LEADING_ZERO = re.compile(
    r"(?<!\d)(?:19|20)\d\d年0\d月(?:[0-3]?\d日)?|(?<![\d年])0[1-9]月0?\d日|(?<=\d月)0\d日"
)
_SHORT_YEAR = re.compile(
    r"(?<![\d.\-—～~、至到近过满用共约])(?<!第)[1-3]\d年(?:1[0-2]|[1-9])月(?=[至到，。、召底末初份开完启]|\d)"
)
_DATE_MIXED = re.compile(
    r"(?<!\d)(?:19|20)\d\d年(?:十[一二]?|[一二三四五六七八九])月(?:[一二三四五六七八九十]{1,3}日)?|二[〇○零][〇○零一二三四五六七八九]{2}年(?:1[0-2]|[1-9])月(?:[1-3]?\d日)"
)


def dates(draft: Draft) -> Iterator[Found]:
    """A date written in two kinds of digits, with leading zeros or with a year cut short."""
    for span in matched(draft, _YEAR_MIXED):
        yield Found(span, f"“{span.of(draft.text)}”里阿拉伯数字与汉字数字混用，请统一。")
    for span in matched(draft, _DATE_MIXED):
        yield Found(span, f"“{span.of(draft.text)}”年、月、日的数字写法不一，请统一用阿拉伯数字。", "likely")
    for span in matched(draft, _LEADING_ZERO):
        yield Found(span, f"“{span.of(draft.text)}”的月、日前不加0。", "likely")
    for span in matched(draft, _SHORT_YEAR):
        yield Found(span, f"“{span.of(draft.text)}”的年份应写全四位。", "likely")


_NUMBER = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[Xx×]+(?:\.[Xx×]+)?)"
_RANGE = re.compile(
    r"(?<![\d.\-—～%％Xx×年月日])\d+(?:\.\d+)?(?:[～~—－\-]|——|至|到)(?P<high>\d+(?:\.\d+)?)(?P<sign>[%％]|[万亿](?=元|人|亩|吨|户|千瓦|平方|立方|美元))"
)


def ranges(draft: Draft) -> Iterator[Found]:
    """A range whose first value lacks the % or 万 of the second (15～30%)."""
    for found in _RANGE.finditer(draft.text):
        span = Span(*found.span())
        before = draft.text[max(0, span.start - 6) : span.start]
        if any(s.touches(span) for s in draft.boilerplate) or re.search(r"[由从第]$|年度?$", before):
            continue
        sign = found.group("sign")
        yield Found(span, f"“{found.group()}”前一个数也要带“{sign}”，如 15%～30%、13亿～17亿。", "likely")


_UNIT = r"(?:[%％]|[万亿]?(?:个百分点|平方米|公里|公斤|立方米|人次|[元个家户人名亩吨项次件处天年倍座条米岁套间台辆])?)"
_ABOUT = re.compile(
    rf"(?<![附最临新邻远节签公预合特邀违契条相制续解履集])(?:大约|约|近|将近|接近)(?:为|有|占|达|达到)?{_NUMBER}{_UNIT}(?:左右|上下|以上|以下|以内)"
    rf"|(?:超过|超|突破|高于|多于|不少于|不低于|至少)了?{_NUMBER}{_UNIT}(?:以上|之上|左右)"
    rf"|(?:不超过|不高于|至多|最多|不足|低于){_NUMBER}{_UNIT}(?:以内|以下|之内)"
    rf"|(?<![附最临新邻远节签公预合特邀违契条相制续解履集])(?:近|约|大约|将近){_NUMBER}[万亿]?(?:多|余)(?=[万亿元个家户人名亩吨项次件处天年座条米公套间台辆])"
)


def twice_bounded(draft: Draft) -> Iterator[Found]:
    """An estimate bounded twice (约300户左右, 超过80%以上)."""
    for span in matched(draft, _ABOUT):
        yield Found(
            span,
            f"“{span.of(draft.text)}”前后意思重复或矛盾，约、近、超过与左右、以上、多只用一个。",
            "likely",
        )


_NO_ZERO = re.compile(r"(?<![\dA-Za-z.])\.\d+(?=[%％]|个|万|亿|元|倍|公里|亩|吨)")
_PERCENT = re.compile(r"[%％]")
_WIDE = "０１２３４５６７８９ＸＮ"


def signs(draft: Draft) -> Iterator[Found]:
    """A decimal without its zero; a full-width percent sign among half-width ones, or the other way round."""
    for span in matched(draft, _NO_ZERO):
        yield Found(span, f"小数“{span.of(draft.text)}”前要写0。")
    text = draft.text
    found = [
        m.start() for m in _PERCENT.finditer(text) if text[m.start() - 1 : m.start()] not in tuple(_WIDE)
    ]
    for sign, other in (("％", "%"), ("%", "％")):
        few = [at for at in found if text[at] == sign]
        if few and len(few) <= 2 and len(found) - len(few) >= 5 * len(few):
            for at in few:
                yield Found(Span(at, at + 1), f"全文百分号用“{other}”，这里用了“{sign}”，请统一。", "likely")


_DOCUMENT = re.compile(
    r"(?<=[发函办字政党委府通])(?P<a>[\[【(（［](?:19|20)(?:\d\d|[Xx×]{2})[\]】)）］])\s?(?=第?[\dXx×]{1,4}号)|(?<=[发函办字政党委府通]〔)(?:19|20)(?:\d\d|[Xx×]{2})〕(?:第|0)\d{1,4}号"
)


def document_numbers(draft: Draft) -> Iterator[Found]:
    """A document number whose year does not stand in 〔〕, or that has 第 or a leading zero."""
    for found in _DOCUMENT.finditer(draft.text):
        span = Span(*found.span())
        if found.group("a"):
            yield Found(
                span, f"发文字号的年份用六角括号，“{found.group('a')}”应为“〔{found.group('a')[1:-1]}〕”。"
            )
        else:
            yield Found(span, "发文字号的顺序号不加“第”字，不编虚位（如 5号，不写第5号、05号）。")


_BARE = re.compile(
    r"(?:投资|收入|支出|资金|产值|总额|贷款|税收|融资|存款|销售额|营业额|债务|补助|补贴)(?:累计|共|约|近|超|超过|达|达到|完成|实现|突破|为|了)*\d+(?:\.\d+)?[万亿](?=[，。；、]|$)"
)


def bare(draft: Draft) -> Iterator[Found]:
    """A sum of money that ends at 万 or 亿 without 元."""
    for span in matched(draft, _BARE):
        yield Found(span, f"“{span.of(draft.text)}”后面缺单位“元”。", "likely")


RULES = (
    Rule("prose-F1-mixed", "format", mixed, "规定"),
    Rule("prose-F1-date", "format", dates, "规定"),
    Rule("prose-F1-range", "format", ranges, "规定"),
    Rule("prose-F1-bounds", "grammar", twice_bounded, "规定"),
    Rule("prose-F1-sign", "format", signs, "规定"),
    Rule("prose-F6-document", "format", document_numbers, "规定"),
    Rule("prose-U1-bare", "unit", bare),
)
