"""Word files for the tests: made by hand as awkwardly as offices send them, and taken apart again."""

import io
import zipfile

from lxml import etree

from shuzhi.prose.word.docx_numbering import WORD

URI = WORD[1:-1]
STRICT_URI = "http://purl.oclc.org/ooxml/wordprocessingml/main"
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
ContentType="application/xml"/><Override PartName="/word/document.xml" \
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
ROOT_RELATION = (
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/>'
)
COMMENTS_RELATION = (
    '<Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"'
    ' Target="{}"/>'
)
COMMENTS_OVERRIDE = (
    '<Override PartName="/word/{}"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/>'
)
OLD_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:comments xmlns:w="{uri}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:comment w:id="4" w:author="科长" '
    'w:initials="科"><w:p w14:paraId="1A2B3C4D"><w:r><w:t>再核一下</w:t></w:r></w:p></w:comment></w:comments>'
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'

# One paragraph for each thing that makes a file awkward. {w} is the prefix with its colon.
AWKWARD = {
    "a word split into runs": '<w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r w:rsidR="00A1"><w:rPr><w:b/><w:sz w:val="32"/></w:rPr>'
    "<w:t>全县必</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:t>需打赢</w:t></w:r><w:bookmarkStart w:id='0' w:name='a'/>"
    '<w:r><w:t xml:space="preserve">这 一仗。 </w:t></w:r><w:bookmarkEnd w:id="0"/></w:p>',
    "tabs and breaks inside a run": "<w:p><w:r><w:rPr><w:i/></w:rPr><w:lastRenderedPageBreak/><w:t>一、</w:t><w:tab/><w:t>主要</w:t>"
    '<w:br/><w:t>工作</w:t><w:br w:type="page"/></w:r></w:p>',
    "a field": '<w:p><w:r><w:t>共</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:fldSimple w:instr="DATE"><w:r><w:t>十三月三十二日</w:t></w:r></w:fldSimple></w:p>',
    "a link": '<w:p><w:hyperlink w:anchor="a"><w:r><w:t>见县政府</w:t></w:r><w:r><w:t>网站</w:t></w:r></w:hyperlink></w:p>',
    "a content control": '<w:sdt><w:sdtPr><w:tag w:val="x"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>新增</w:t></w:r><w:sdt><w:sdtPr>'
    "<w:text/></w:sdtPr><w:sdtContent><w:r><w:rPr><w:b/></w:rPr><w:t>12.5</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>亿元</w:t>"
    "</w:r></w:p></w:sdtContent></w:sdt>",
    "tracked changes": '<w:p><w:r><w:t>增长</w:t></w:r><w:ins w:id="9" w:author="乙" w:date="2025-01-01T00:00:00Z"><w:r><w:t>百分之</w:t>'
    '</w:r></w:ins><w:del w:id="10" w:author="乙" w:date="2025-01-01T00:00:00Z"><w:r><w:delText>旧话</w:delText></w:r></w:del>'
    "<w:r><w:t>八左右</w:t></w:r></w:p>",
    "a footnote and a sign": '<w:p><w:r><w:t>粮食产量</w:t><w:footnoteReference w:id="2"/><w:t>稳定</w:t><w:noBreakHyphen/></w:r></w:p>',
    "a text box": "<w:p><w:r><w:t>前</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p>"
    "<w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r>"
    "<w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>后</w:t></w:r></w:p>",
    "a table": "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>指标</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内表</w:t>"
    "</w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>完成数</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "entities and odd writing": "<w:p ><w:r  w:rsidR='1&gt;2' ><w:t\n>甲&amp;乙&#x4E19;&lt;丁\r\n戊</w:t ></w:r\n><w:r><w:t><![CDATA[己庚]]></w:t>"
    "</w:r><w:r><w:t/></w:r><w:r/></w:p>",
    "a comment already there": '<w:p><w:commentRangeStart w:id="4"/><w:r><w:t>老批</w:t></w:r><w:r><w:t>注在此</w:t></w:r>'
    '<w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r></w:p>',
    "an empty paragraph": "<w:p/>",
    "reading signs": "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>职</w:t></w:r></w:rubyBase></w:ruby>"
    "</w:r><w:r><w:t>责</w:t></w:r></w:p>",
    "characters of the far planes": "<w:p><w:r><w:t>县长𠮷林到会</w:t></w:r></w:p>",
}


def main_part(paragraphs: str, *, prefix: str = "w", uri: str = URI) -> str:
    """A main part whose body holds `paragraphs`; an empty prefix makes the namespace the default one."""
    body = f"<w:body>{paragraphs}<w:sectPr><w:pgSz w:w='11906' w:h='16838'/></w:sectPr></w:body>"
    head = (
        '<w:document xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14" '
    )
    if prefix == "w":
        return f'{DECLARATION}{head}xmlns:w="{uri}">{body}</w:document>'
    renamed = f"{head}{body}</w:document>".replace("<w:", f"<{prefix}:").replace("</w:", f"</{prefix}:")
    renamed = renamed.replace(" w:", f" {prefix}:").replace(
        f'Ignorable="w14" <{prefix}:body', f'Ignorable="w14" xmlns:{prefix}="{uri}"><{prefix}:body'
    )
    return DECLARATION + renamed


def package(
    document: str, *, comments: str = "", named: str = "comments.xml", relations: bool = True
) -> bytes:
    """A Word file of a main part, perhaps with a part of comments, and with a part that nobody may touch."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", TYPES.format(more=COMMENTS_OVERRIDE.format(named) if comments else "")
        )
        archive.writestr("_rels/.rels", RELATIONS.format(ROOT_RELATION))
        archive.writestr(zipfile.ZipInfo("word/media/图.bin", (2020, 2, 2, 2, 2, 2)), bytes(range(256)))
        archive.writestr("word/document.xml", document)
        if relations or comments:
            told = COMMENTS_RELATION.format(named) if comments else ""
            archive.writestr("word/_rels/document.xml.rels", RELATIONS.format(told))
        if comments:
            archive.writestr(f"word/{named}", comments)
    return made.getvalue()


def parts(docx: bytes) -> dict[str, bytes]:
    """Every part of a package by its name, in its order."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(document: bytes, keep: frozenset[str] = frozenset()) -> bytes:
    """The canonical form of a main part without its comments (those in `keep` stay), runs of one look joined."""
    root = etree.fromstring(document)
    uri = etree.QName(root).namespace
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for mark in list(root.iter(f"{{{uri}}}{name}")):
            if mark.get(f"{{{uri}}}id") in keep:
                continue
            gone = mark.getparent() if name == "commentReference" else mark
            assert gone is not None
            _remove(gone)
    for run in list(root.iter(f"{{{uri}}}r")):
        _join(run, uri or "")
    etree.cleanup_namespaces(root)
    return etree.tostring(root, method="c14n")


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    assert not element.tail
    parent.remove(element)


def _join(run: etree._Element, uri: str) -> None:
    before = run.getprevious()
    while (
        before is not None
        and before.tag == run.tag
        and not before.tail
        and _look(before, uri) == _look(run, uri)
    ):
        for child in list(run):
            if child.tag == f"{{{uri}}}rPr":
                continue
            last = before[-1] if len(before) else None
            text = f"{{{uri}}}t"
            if child.tag == text and last is not None and last.tag == text:
                last.text = (last.text or "") + (child.text or "")
                _unspaced(last)
            else:
                before.append(child)
        _remove(run)
        run, before = before, before.getprevious()
    for words in run.iter(f"{{{uri}}}t"):
        _unspaced(words)


def _unspaced(element: etree._Element) -> None:
    element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", "")


def _look(run: etree._Element, uri: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    properties = run.find(f"{{{uri}}}rPr")
    made = etree.tostring(properties, method="c14n", with_tail=False) if properties is not None else b""
    return made, tuple(sorted((str(k), str(v)) for k, v in run.attrib.items()))


def covered(document: bytes) -> dict[str, str]:
    """The words between the marks of every comment, by its number."""
    root = etree.fromstring(document)
    uri = etree.QName(root).namespace
    open_now: dict[str, list[str]] = {}
    made: dict[str, str] = {}
    for element in root.iter():
        name = etree.QName(element).localname
        if name == "commentRangeStart":
            open_now[element.get(f"{{{uri}}}id") or ""] = []
        elif name == "commentRangeEnd":
            number = element.get(f"{{{uri}}}id") or ""
            made[number] = "".join(open_now.pop(number))
        elif name in ("t", "tab", "br", "noBreakHyphen"):
            for words in open_now.values():
                words.append({"tab": "\t", "br": "\n", "noBreakHyphen": "-"}.get(name, element.text or ""))
    assert not open_now
    return made
