"""The small parts of a docx: fonts, indents, spacing, and runs with their figures in content controls."""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import cast

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph as DocxParagraph

from shuzhi.prose.writing.paper import Face, FigureMark, Run, printable
from shuzhi.prose.writing.typefaces import LATIN, OFFICE_NAMES

FONTS: dict[str, str] = OFFICE_NAMES
"""The docx names the office's fonts; what stands in for a missing one is for the office's machine to decide."""

TRACKING = -5
"""Tracking of 16 pt text in twentieths of a point: 28 x (16 - 0.25) pt = 441 pt fit 156 mm (442.2 pt)."""

_AMBIGUOUS = re.compile("([\u00a1-\u00bf\u00d7\u00f7]+)")
"""Signs such as × ± ° ·: full width in a Chinese line, but some programs would take them from the Latin font."""
_ALIAS_LIMIT = 64
_BOOKMARK_LIMIT = 40
_FILLS = {"unfilled": "FFE9A8", "name": "FFE9A8", "proposal": "DCEAF7"}
_ORDER = ("w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """An element of WordprocessingML with attributes of the same namespace."""
    made = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), printable(str(value)))
    return made


def set_fonts(properties: BaseOxmlElement, chinese: str, latin: str = OFFICE_NAMES[LATIN]) -> None:
    """Name the fonts of a run or style. The hint makes Word take “ ” … — from the Chinese font, not from the Latin one."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = element("w:rFonts", hint="eastAsia", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin)
    style = properties.find(qn("w:rStyle"))
    properties.insert(0 if style is None else 1, fonts)


def indent(properties: BaseOxmlElement, **values: int) -> None:
    """Set the indents of a paragraph (twips; names ending in Chars: hundredths of a character)."""
    _put(properties, element("w:ind", **values))


def spacing(properties: BaseOxmlElement, line: int, rule: str, around: int = 0) -> None:
    """Set the line height of a paragraph or style, and the space before and after it (twips)."""
    _put(properties, element("w:spacing", before=around, after=around, line=line, lineRule=rule))


def _put(properties: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Insert where the schema wants it: Word calls a file damaged when paragraph properties stand out of order."""
    names = [qn(name) for name in _ORDER]
    later = names[names.index(child.tag) + 1 :]
    for old in properties.findall(child.tag):
        properties.remove(old)
    follower = next((old for old in properties if old.tag in later), None)
    if follower is None:
        properties.append(child)
    else:
        follower.addprevious(child)


class RunWriter:
    """Writes runs into paragraphs and numbers the content controls of one document."""

    def __init__(self) -> None:
        self._controls = 0
        self._looks: dict[tuple[str, str, int, str], BaseOxmlElement] = {}

    def write(self, paragraph: DocxParagraph, runs: Sequence[Run], face: Face, size: int = 16) -> None:
        """Append the runs; `face` is for those that name none, `size` in points."""
        for run in runs:
            pieces = [self._run(run, text, face, size) for text in _AMBIGUOUS.split(run.text) if text]
            if run.figure is None:
                paragraph._p.extend(pieces)
            else:
                paragraph._p.append(self._control(run.figure, pieces))

    def _run(self, run: Run, shown: str, face: Face, size: int) -> BaseOxmlElement:
        made = element("w:r")
        chinese = FONTS[run.face or face]
        latin = chinese if _AMBIGUOUS.fullmatch(shown) else FONTS[LATIN]
        fill = _FILLS.get(run.figure.status, "") if run.figure else ""
        made.append(self._look(chinese, latin, size, fill))
        text = element("w:t")
        text.text = printable(shown)
        text.set(qn("xml:space"), "preserve")
        made.append(text)
        return made

    def _look(self, chinese: str, latin: str, size: int, fill: str) -> BaseOxmlElement:
        """How a run looks; put together once, for a document has few looks and many runs."""
        made = self._looks.get((chinese, latin, size, fill))
        if made is None:
            made = self._looks[chinese, latin, size, fill] = element("w:rPr")
            set_fonts(made, chinese, latin)
            if size == 16:
                made.append(element("w:spacing", val=TRACKING))
            made.append(element("w:sz", val=2 * size))
            made.append(element("w:szCs", val=2 * size))
            if fill:
                made.append(element("w:shd", val="clear", color="auto", fill=fill))
        return deepcopy(made)

    def _control(self, figure: FigureMark, runs: Sequence[BaseOxmlElement]) -> BaseOxmlElement:
        """A content control: tag = ref, alias = label, and a bookmark named after the check code inside it."""
        self._controls += 1
        properties = element("w:sdtPr")
        properties.append(element("w:alias", val=(figure.label or figure.ref)[:_ALIAS_LIMIT]))
        properties.append(element("w:tag", val=figure.ref))
        properties.append(element("w:id", val=self._controls))
        content = element("w:sdtContent")
        stem = re.sub(r"\W", "_", figure.code, flags=re.ASCII)
        name = f"fig_{self._controls}_{stem}"[:_BOOKMARK_LIMIT]
        content.append(element("w:bookmarkStart", id=self._controls, name=name))
        content.extend(runs)
        content.append(element("w:bookmarkEnd", id=self._controls))
        control = element("w:sdt")
        control.append(properties)
        control.append(content)
        return control
