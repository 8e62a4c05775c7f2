"""Grammar that can be known for sure: a word typed twice, a word left out, a sense turned round."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span

_TWICE = re.compile(
    r"(?<![目标有众])的的(?!确|士)|(?<![不得为大明知受未完终免罢])了了(?!解|然|之|事|却|望|结)|(?<!一)把把(?!关|脉)|被被|(?<!是)是是(?!非|否)"
    r"|(?<!上)将将(?!就)|(?<!人)与与(?!会)|(?<![和暖])和和(?!美|睦|平|气|谐|解|乐)|由由|于于|及及(?!时|格)|或或|且且|(?<![为])为为(?!民|官|政)"
)


def typed_twice(draft: Draft) -> Iterator[Found]:
    """A particle typed twice (的的)."""
    for span in matched(draft, _TWICE):
        yield Found(span, f"“{span.of(draft.text)}”多打了一个字。", "likely")


# What must follow these is missing where a stop comes at once.
_OPEN_END = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:(?<![要决从毫岂绝可来巴对去肯好说这])不|以及|(?<![进更前迈推])进一步|予以|加以|(?<!的)给予|切实|为了|关于|对于|由于)(?=[，。；])"
)
_UNDER = re.compile(r"(?<=在)(?!以)[^，。；：\n]{2,28}的(?:坚强|正确|统一|集中统一)?领导(?=，)")
_SUPPORT = re.compile(
    r"(?<=在)(?!以)(?=[^，。；：\n]{0,20}(?:县委|市委|省委|区委|党委|政府|人大|政协|组织|领导|班子|部门|同志|各界|群众|上级))[^，。；：\n下]{3,28}(?:关心支持|大力支持|监督支持|指导帮助|共同努力|关心帮助|支持配合|密切配合|有力指导|精心指导|关怀指导)(?=，)"
)
_AS = re.compile(r"(?:坚持|始终)?以[^，。；：\n为]{3,26}(?:思想|理论|精神)(?:指导|指引|统领|引领)(?=，)")
_BASE = re.compile(r"(?<=在)[^，。；：\n上]{2,24}的基础(?=，)")


def left_out(draft: Draft) -> Iterator[Found]:
    """A word left out: 在县委的坚强领导，; 程度不，; 以…思想指导，."""
    text = draft.text
    for span in matched(draft, _OPEN_END):
        yield Found(
            Span(max(0, span.start - 2), span.end),
            f"“{text[max(0, span.start - 2) : span.end]}”后面话没有说完，少了字。",
            "likely",
        )
    for span in matched(draft, _UNDER):
        if not re.search(r"加强|接受|坚持|自觉|对", span.of(text)):
            yield Found(Span(span.end - 2, span.end), f"“在{span.of(text)}”后面少一个“下”字。")
    for span in matched(draft, _SUPPORT):
        yield Found(Span(span.end - 2, span.end), f"“在{span.of(text)}”后面少一个“下”字。", "likely")
    for span in matched(draft, _AS):
        yield Found(Span(span.end - 4, span.end), f"“{span.of(text)}”少一个“为”字。", "likely")
    for span in matched(draft, _BASE):
        yield Found(Span(span.end - 2, span.end), f"“在{span.of(text)}”后面少一个“上”字。", "likely")


_LESS_TIMES = re.compile(
    r"(?:下降|减少|降低|缩短|缩小|压缩|压减|少)(?:了|至|到)?(?:近|约|超过|超)?(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]|[Xx×]+)倍"
)
_SUBJECT = re.compile(r"(?:(?<=[。；\n\u3000])|^)(?:通过|经过)[^，。；：\n]{2,30}，使(?!得?我)", re.MULTILINE)
_REDUNDANT = re.compile(
    r"目的是为了|原因是由于|原因是因为|大约[^，。；]{1,6}上下|凯旋归来|亲眼目睹|不必要的浪费|过分苛求|互相厮|被批评所|日臻完善成熟|首次破天荒|提前预告|廉价的?便宜|免费赠送给予|真知灼见的见解|切忌不要|防止不要|避免不要"
)
_MATCH = (
    (re.compile(r"挖掘[^，。；、：\n]{2,16}作用"), "“作用”应说“发挥”"),
    (re.compile(r"(?:改善|加强)[^，。；、：\n提高和并]{0,6}(?<!生活)水平(?=[，。；])"), "“水平”应说“提高”"),
    (re.compile(r"(?:降低|减少)[^，。；、：\n]{0,10}(?:速度|效率)(?:放慢|减慢)"), "意思重复"),
    (re.compile(r"(?:增强|加强)[^，。；、：\n]{0,6}(?:规模|数量)(?=[，。；])"), "“规模”应说“扩大”"),
    (
        re.compile(r"建成[^，。；、：\n]{2,14}改造(?:项目|工程)?(?=[\dXx×＊*]|[，。；])(?<!项目)(?<!工程)"),
        "“改造”应说“完成”",
    ),
)


def turned(draft: Draft) -> Iterator[Found]:
    """A sense turned round: 减少了两倍; a sentence without subject; words that do not go together."""
    for span in matched(draft, _LESS_TIMES):
        yield Found(span, f"“{span.of(draft.text)}”不通：减少、下降不用倍数，请改用百分数或几分之几。")
    for span in matched(draft, _SUBJECT):
        yield Found(span, "“通过……，使……”缺主语，请删去“通过”或“使”。", "likely")
    for pattern, say in _MATCH:
        for span in matched(draft, pattern):
            yield Found(span, f"“{span.of(draft.text)}”搭配不当，{say}。", "likely")


def redundant(draft: Draft) -> Iterator[Found]:
    """The same thing said twice in one phrase (目的是为了)."""
    for span in matched(draft, _REDUNDANT):
        yield Found(span, f"“{span.of(draft.text)}”意思重复，可以精简。", "style")


RULES = (
    Rule("prose-N2-twice", "grammar", typed_twice),
    Rule("prose-N2-missing", "missing_word", left_out),
    Rule("prose-N2-sense", "grammar", turned),
    Rule("prose-N2-redundant", "grammar", redundant, "提示"),
)
