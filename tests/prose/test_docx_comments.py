"""Comments in a Word file: beside the very words, and nothing else of the file changes."""

import datetime
import io
import os
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shuzhi.prose.decode import NotADocument, docx_numbering, docx_source, docx_text
from shuzhi.prose.model import Span
from shuzhi.prose.word.docx_comments import Comment, commented
from shuzhi.prose.word.docx_places import Places
from shuzhi.prose.writing.docx_out import to_docx
from tests.prose.papers import report
from tests.prose.word_files import (
    AWKWARD,
    OLD_COMMENTS,
    STRICT_URI,
    URI,
    covered,
    main_part,
    package,
    parts,
    plain,
)

MOMENT = datetime.datetime(2026, 1, 10, 9, 30, tzinfo=datetime.UTC)
LISTS = {"word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
#: What stands in a box or above a character is marked around the whole of it.
WHOLE = ("框里的话", "zhi", "职")


def marked(data: bytes, *spans: tuple[int, int]) -> bytes:
    return commented(
        data, [Comment(Span(*s), (f"第{i}条", "改一下")) for i, s in enumerate(spans)], date=MOMENT
    )


def check(before: bytes, after: bytes, keep: frozenset[str] = frozenset()) -> None:
    """What holds of every file: the same text, the same parts, the same main part once the comments are gone."""
    assert docx_text(after) == docx_text(before)
    old, new = parts(before), parts(after)
    assert [name for name in new if name in old] == list(old)
    assert {name: new[name] for name in old if name not in LISTS} == {
        name: old[name] for name in old if name not in LISTS
    }
    assert plain(new["word/document.xml"], keep) == plain(old["word/document.xml"], keep)
    numbers = [comment.get(f"{{{_uri(new)}}}id") for comment in etree.fromstring(new["word/comments.xml"])]
    assert len(numbers) == len(set(numbers))
    fresh = set(covered(new["word/document.xml"])) - set(covered(old["word/document.xml"]))
    assert fresh <= set(numbers)


def _uri(new: dict[str, bytes]) -> str:
    return STRICT_URI if STRICT_URI.encode() in new["word/document.xml"] else URI


@pytest.mark.parametrize("name", AWKWARD)
def test_every_stretch_of_an_awkward_paragraph_can_be_commented_on(name: str) -> None:
    before = package(
        main_part(AWKWARD[name] + "<w:p><w:r><w:t>末句</w:t></w:r></w:p>"),
        comments=OLD_COMMENTS.format(uri=URI),
    )
    text = docx_text(before).text
    size = len(text.rstrip("\n").removesuffix("末句").rstrip("\n"))
    for start in range(size):
        for end in range(start + 1, size + 1):
            after = marked(before, (start, end))
            check(before, after, frozenset("4"))
            words = covered(parts(after)["word/document.xml"])["5"]
            wanted = text[start:end].strip("\n")
            exact = not any(whole in text for whole in WHOLE) and "己" not in wanted and "庚" not in wanted
            assert not exact or name == "a table" or words.strip("\n") == wanted


def test_the_whole_awkward_file_takes_many_comments_at_once() -> None:
    before = package(main_part("".join(AWKWARD.values())), comments=OLD_COMMENTS.format(uri=URI))
    size = len(docx_text(before).text)
    after = marked(before, *[(i, i + n) for i in range(size - 7) for n in (1, 2, 7)])
    check(before, after, frozenset("4"))
    assert b"1A2B3C4D" in parts(after)["word/comments.xml"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(AWKWARD)), min_size=1, max_size=6, unique=True), st.data())
def test_any_comments_on_any_file_leave_it_as_it_was(names: list[str], data: st.DataObject) -> None:
    before = package(
        main_part("".join(AWKWARD[name] for name in names)), comments=OLD_COMMENTS.format(uri=URI)
    )
    text = docx_text(before).text
    place = st.integers(0, max(0, len(text) - 1))
    drawn = data.draw(st.lists(st.tuples(place, st.integers(1, 12)), max_size=5))
    if not text.strip():
        return
    spans = [(start, min(len(text), start + size)) for start, size in drawn]
    after = marked(before, *spans)
    if spans:
        check(before, after, frozenset("4"))
    else:
        assert after == before


@given(st.lists(st.sampled_from(sorted(AWKWARD)), max_size=8))
def test_the_places_are_those_of_the_text(names: list[str]) -> None:
    data = package(main_part("".join(AWKWARD[name] for name in names)))
    assert Places(docx_source(data), docx_numbering(data)).text == docx_text(data).text


@pytest.mark.parametrize(("prefix", "uri"), [("w", STRICT_URI), ("ns0", URI), ("x", STRICT_URI)])
def test_other_prefixes_and_the_strict_form_are_kept(prefix: str, uri: str) -> None:
    body = AWKWARD["a word split into runs"] + AWKWARD["tabs and breaks inside a run"]
    before = package(main_part(body, prefix=prefix, uri=uri), relations=False)
    at = docx_text(before).text.index("必需")
    after = marked(before, (at, at + 2))
    check(before, after)
    assert covered(parts(after)["word/document.xml"]) == {"0": "必需"}


def test_the_comment_says_who_when_and_what_and_the_same_input_gives_the_same_bytes() -> None:
    before = package(main_part("<w:p><w:r><w:t>甲乙&amp;丙</w:t></w:r></w:p>"))
    note = [Comment(Span(1, 3), ("写成“<乙>”与&", "\x07第二行"))]
    after = commented(before, note, date=MOMENT)
    assert after == commented(before, note, date=MOMENT)
    document = docx.Document(io.BytesIO(after))
    (comment,) = document.comments
    assert (comment.author, comment.initials, comment.text) == ("述职", "述", "写成“<乙>”与&\n 第二行")
    assert comment.timestamp == MOMENT
    (mark,) = etree.fromstring(docx_source(after)).iter(f"{{{URI}}}commentReference")
    assert mark.get(f"{{{URI}}}id") == "0"


@pytest.mark.parametrize("named", ["comments.xml", "comments5.xml"])
def test_comments_already_there_stay_and_keep_their_numbers(named: str) -> None:
    before = package(
        main_part(AWKWARD["a comment already there"]), comments=OLD_COMMENTS.format(uri=URI), named=named
    )
    after = marked(before, (0, 3), (1, 5))
    listed = parts(after)[f"word/{named}"]
    assert listed.startswith(parts(before)[f"word/{named}"].removesuffix(b"</w:comments>"))
    assert [row.get(f"{{{URI}}}id") for row in etree.fromstring(listed)] == ["4", "5", "6"]
    assert covered(docx_source(after)) == {"4": "老批注在此", "5": "老批注", "6": "批注在此"}
    assert {name for name in parts(after) if parts(after)[name] != parts(before).get(name)} == {
        "word/document.xml",
        f"word/{named}",
    }


def test_an_empty_list_of_comments_and_a_taken_name_are_minded() -> None:
    empty = f'<w:comments xmlns:w="{URI}"/>'
    before = package(main_part(AWKWARD["a link"]), comments=empty)
    assert len(docx.Document(io.BytesIO(marked(before, (0, 2)))).comments) == 1
    stray = package(main_part(AWKWARD["a link"]))
    with_stray = io.BytesIO(stray)
    with zipfile.ZipFile(with_stray, "a") as archive:
        archive.writestr("word/comments.xml", "<not-listed/>")
    after = parts(marked(with_stray.getvalue(), (0, 2)))
    assert after["word/comments.xml"] == b"<not-listed/>"
    assert b'Target="comments2.xml"' in after["word/_rels/document.xml.rels"]


def test_a_report_of_ours_takes_comments_on_its_figures() -> None:
    before = to_docx(report())
    text = docx_text(before).text
    spans = [(at, at + 9) for at in range(0, len(text) - 9, 37)]
    after = marked(before, *spans)
    check(before, after)
    assert len(docx.Document(io.BytesIO(after)).comments) == len(spans)


@pytest.mark.parametrize(
    "document",
    [
        "<broken",
        "<?xml version='1.0' encoding='GB18030'?>"
        + main_part("<w:p/>").removeprefix('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'),
        main_part("<w:p/>"),
    ],
)
def test_a_file_that_takes_no_comment_is_refused_in_chinese(document: str) -> None:
    with pytest.raises(NotADocument, match=r"[\u4e00-\u9fff]"):
        marked(package(document), (0, 1))


@pytest.mark.office
@pytest.mark.parametrize("whole", [False, True])
def test_libreoffice_opens_the_commented_file_and_prints_the_same_words(tmp_path: Path, whole: bool) -> None:
    awkward = "".join(AWKWARD.values()).replace('<w:footnoteReference w:id="2"/>', "")  # it has no footnotes
    made = package(main_part(awkward), comments=OLD_COMMENTS.format(uri=URI))
    before = to_docx(report()) if whole else made
    size = len(docx_text(before).text)
    after = marked(before, *[(at, at + 5) for at in range(0, size - 5, 11)])
    (tmp_path / "a.docx").write_bytes(before)
    (tmp_path / "b.docx").write_bytes(after)
    _convert(tmp_path, "txt:Text (encoded):UTF8", "a.docx", "b.docx")
    assert (tmp_path / "a.txt").read_text("utf-8") == (tmp_path / "b.txt").read_text("utf-8")
    _convert(tmp_path / "again", "docx", tmp_path / "b.docx")
    again = (tmp_path / "again" / "b.docx").read_bytes()
    wanted = len(docx.Document(io.BytesIO(after)).comments)
    assert len(docx.Document(io.BytesIO(again)).comments) == wanted
    check(again, marked(again, (0, 3), (2, 9)), frozenset(str(n) for n in range(wanted)))


def _convert(folder: Path, to: str, *files: str | Path) -> None:
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [
            os.environ["SHUZHI_TEST_SOFFICE"],
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *(
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(folder),
                *(str(folder / file) for file in files),
            ),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
