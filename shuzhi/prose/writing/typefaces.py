"""Chooses the fonts of a PDF: the site's own folder first, then the free fonts bundled, and tells every substitution."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typst

from shuzhi.prose.writing.paper import Face
from shuzhi.prose.writing.sfnt import FontFace, read_face

LATIN = "latin"
"""The role of digits and Latin letters, beside the five faces."""

OFFICE_NAMES: dict[str, str] = {
    Face.TITLE: "方正小标宋简体",
    Face.BODY: "仿宋_GB2312",
    Face.HEI: "黑体",
    Face.KAI: "楷体_GB2312",
    Face.SONG: "宋体",
    LATIN: "Times New Roman",
}
"""The font each role is named after, as offices have them; the docx names these and nothing else."""

_PURPOSES: dict[str, str] = {
    Face.TITLE: "标题",
    Face.BODY: "正文",
    Face.HEI: "一级标题",
    Face.KAI: "二级标题",
    Face.SONG: "页码",
    LATIN: "数字和西文",
}

_SAME: dict[str, tuple[str, ...]] = {
    Face.TITLE: ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXBSJW--GB1-0"),
    Face.BODY: ("仿宋_GB2312", "FangSong_GB2312"),
    Face.HEI: ("黑体", "SimHei"),
    Face.KAI: ("楷体_GB2312", "KaiTi_GB2312"),
    Face.SONG: ("宋体", "SimSun"),
    LATIN: ("Times New Roman",),
}

_KIN: dict[str, tuple[str, ...]] = {
    Face.TITLE: (
        *("方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正小标宋", "小标宋体", "华文中宋", "STZhongsong"),
        *("Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "思源宋体", "FandolSong"),
    ),
    Face.BODY: (
        *("仿宋", "FangSong", "方正仿宋_GBK", "方正仿宋简体", "方正仿宋_GB2312", "华文仿宋", "STFangsong"),
        *("Zhuque Fangsong (technical preview)", "FandolFang R", "FandolFang"),
    ),
    Face.HEI: (
        *("方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti"),
        *("FandolHei", "Noto Sans SC", "Noto Sans CJK SC"),
    ),
    Face.KAI: (
        *("楷体", "KaiTi", "方正楷体_GBK", "方正楷体简体", "华文楷体", "STKaiti"),
        *("FandolKai", "LXGW WenKai"),
    ),
    Face.SONG: (
        *("新宋体", "NSimSun", "方正书宋_GBK", "华文宋体", "STSong"),
        *("FandolSong", "Noto Serif SC", "Noto Serif CJK SC"),
    ),
    LATIN: ("Liberation Serif", "Tinos", "Nimbus Roman", "TeX Gyre Termes"),
}
"""Fonts of the same style, the office's before the free ones."""

_FRAGMENTS: dict[str, tuple[str, ...]] = {
    Face.TITLE: ("小标宋", "xiaobiaosong"),
    Face.BODY: ("仿宋", "fangsong"),
    Face.HEI: ("黑体", "heiti"),
    Face.KAI: ("楷体", "kaiti"),
    Face.SONG: ("书宋", "宋体", "simsun"),
    LATIN: (),
}
"""How a site's font of a name unknown here is still told to be of the right style."""

_LAST_RESORT = ("noto serif sc", "noto serif cjk sc", "source han serif sc", "思源宋体", "fandolsong")
_ITSELF_BOLD = frozenset(
    ("noto serif sc", "noto serif cjk sc", "source han serif sc", "思源宋体", "fandolsong")
)
_LATIN_CHAR = re.compile(r"[\x20-\x7e\u00a0\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
"""Set in the Latin font; × ± ° and the like stand full width in a Chinese line, so they stay in the Chinese one."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """A font that could not be used as wanted: its name, the one used in its place (empty: none), and the reason in Chinese."""

    wanted: str
    used: str
    reason: str


@dataclass(frozen=True, slots=True)
class Family:
    """A font family as Typst calls it, with all its names and its faces by weight (400 plain, 700 bold)."""

    name: str
    names: frozenset[str]
    faces: tuple[tuple[int, FontFace], ...]
    of_site: bool

    def has(self, char: str, weight: int | None) -> bool:
        """True where the face that would be taken for this weight has the character (None: where any face has it)."""
        if weight is None:
            return any(face.has(char) for _, face in self.faces)
        return min(self.faces, key=lambda pair: abs(pair[0] - weight))[1].has(char)


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The fonts of one paper: for each role a chain of families, the first having a character prints it."""

    fonts: typst.Fonts
    chains: dict[str, tuple[Family, ...]]
    substitutions: tuple[Substitution, ...]

    def names(self, role: str) -> list[str]:
        """The families of a role, first choice first."""
        return [family.name for family in self.chains[role]]

    @property
    def title_weight(self) -> str:
        """小标宋 is heavy by itself; a plain Song standing in for it is set bold."""
        first = self.chains[Face.TITLE][:1]
        return "bold" if first and first[0].names & _ITSELF_BOLD else "regular"


def bundled_folder() -> Path:
    """Where the package keeps its free fonts."""
    return Path(__file__).resolve().parents[2] / "fonts"


def choose(folders: Sequence[Path]) -> Typefaces:
    """Search the site's folders in their order, then the bundled one; the machine's own fonts are never used.

    So the same paper prints alike on every machine with the same folders. A folder that does not exist is told as a substitution.
    """
    substitutions = [
        Substitution(str(folder.name), "", f"字体文件夹“{folder.name}”不存在，未能使用其中的字体。")
        for folder in folders
        if not folder.is_dir()
    ]
    searched = [folder for folder in (*folders, bundled_folder()) if folder.is_dir()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=searched)
    families = _families(fonts, searched)
    chains: dict[str, tuple[Family, ...]] = {}
    for role, office_name in OFFICE_NAMES.items():
        chosen = _first(families, _SAME[role])
        if chosen is None:
            chosen = _kin(families, role)
            substitutions.append(_substituted(office_name, chosen, _PURPOSES[role]))
        chains[role] = tuple(([chosen] if chosen else []) + [f for f in _spare(families) if f is not chosen])
    return Typefaces(fonts, chains, tuple(substitutions))


def check_coverage(
    typefaces: Typefaces, used: Iterable[tuple[str, str]]
) -> tuple[list[Substitution], list[str]]:
    """Which characters another font must print, and which no font has. `used` gives (face, text) of the whole paper."""
    borrowed: dict[tuple[str, str], list[str]] = {}
    lost: list[str] = []
    for role, char in dict.fromkeys(
        (role, char) for role, text in used for char in text if not char.isspace()
    ):
        kin = LATIN if _LATIN_CHAR.match(char) else role
        chain = (
            typefaces.chains[kin] if kin == role else (*typefaces.chains[LATIN][:1], *typefaces.chains[role])
        )
        weight = 700 if role == Face.TITLE and typefaces.title_weight == "bold" else 400
        first = next((family for family in chain if family.has(char, weight)), None)
        # Typst, when the chain is at its end, takes any face that has the character.
        first = first or next((family for family in chain if family.has(char, None)), None)
        if first is None:
            lost.append(char)
        elif first is not chain[0]:
            borrowed.setdefault((chain[0].name, first.name), []).append(char)
    told = [
        Substitution(
            wanted,
            used_name,
            f"字体“{wanted}”中没有“{''.join(dict.fromkeys(chars))}”，改用“{used_name}”印出。",
        )
        for (wanted, used_name), chars in borrowed.items()
    ]
    return told, list(dict.fromkeys(lost))


def _families(fonts: typst.Fonts, searched: Sequence[Path]) -> list[Family]:
    """Every family found, those of the first folder first."""
    parts: dict[str, list[tuple[int, int, FontFace]]] = {}
    for info in fonts.fonts():
        if info.path is None or info.style != "normal":
            continue
        path = Path(info.path)
        face = read_face(path, info.index)
        if face is not None:
            rank = next(
                (at for at, folder in enumerate(searched) if path.is_relative_to(folder)), len(searched)
            )
            parts.setdefault(info.family, []).append((rank, info.weight, face))
    ranked = sorted(parts.items(), key=lambda item: (min(rank for rank, _, _ in item[1]), item[0]))
    return [
        Family(
            name,
            frozenset({name.lower()}.union(*(face.names for _, _, face in faces))),
            tuple((weight, face) for _, weight, face in faces),
            of_site=min(rank for rank, _, _ in faces) < len(searched) - 1 or searched[-1] != bundled_folder(),
        )
        for name, faces in ranked
    ]


def _first(families: Sequence[Family], names: Sequence[str]) -> Family | None:
    for name in names:
        for family in families:
            if name.lower() in family.names:
                return family
    return None


def _kin(families: Sequence[Family], role: str) -> Family | None:
    """A font of the same style: the site's own before the bundled ones."""
    own = [family for family in families if family.of_site]
    like = (f for f in own if any(part in name for part in _FRAGMENTS[role] for name in f.names))
    return _first(own, _KIN[role]) or next(like, None) or _first(families, _KIN[role])


def _spare(families: Sequence[Family]) -> list[Family]:
    """The families that lend single characters: large Song fonts first, then all others."""
    order = {name: at for at, name in enumerate(_LAST_RESORT)}
    return sorted(
        families,
        key=lambda family: min((order.get(name, len(order)) for name in family.names), default=len(order)),
    )


def _substituted(wanted: str, chosen: Family | None, purpose: str) -> Substitution:
    if chosen is None:
        return Substitution(
            wanted,
            "",
            f"没有找到“{wanted}”，也没有可代替的字体，{purpose}可能印不出来。请把字体文件放入字体文件夹。",
        )
    return Substitution(
        wanted,
        chosen.name,
        f"字体文件夹中没有“{wanted}”，{purpose}改用“{chosen.name}”。如需原字体，请把本单位已获授权的字体文件放入字体文件夹后重新生成。",
    )
