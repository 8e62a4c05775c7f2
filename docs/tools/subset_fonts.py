"""Cut the free fonts of shuzhi/fonts from the unpacked Debian packages that carry them (see shuzhi/fonts/BUILD.md)."""

import argparse
import shutil
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

#: What every cut keeps besides Chinese characters: Latin, Greek, Cyrillic, punctuation, arrows, numbers in
#: circles, box drawing, geometric signs, kana, compatibility and full-width forms.
COMMON_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2C6, 0x2DD),
    (0x370, 0x3FF),
    (0x400, 0x451),
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x25A0, 0x25FF),
    (0x2600, 0x266F),
    (0x2713, 0x2717),
    (0x3000, 0x303F),
    (0x3040, 0x30FF),
    (0x3105, 0x3129),
    (0x3220, 0x3243),
    (0x3280, 0x32B0),
    (0x3300, 0x33FF),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)

#: Where the characters of the 通用规范汉字表 (8105 characters, 2013) lie that GBK does not hold, plus the name
#: characters people carry from the later blocks: all of them that the font has.
FAR_RANGES = ((0x9FA6, 0x9FFF), (0x2A700, 0x2EBEF), (0x30000, 0x3134F))

#: Characters of the 8105 in extensions A and B (far from all of those blocks, which would add 8 MB).
FAR_8105 = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫"
    "䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䦆䩄䬏䯄䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽹𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢"
)


def decoded(encoding: str, lead: Iterable[int], trail: Iterable[int]) -> set[int]:
    """Return the code points of all two-byte characters of `encoding` in the given byte ranges."""
    trails = list(trail)
    found: set[int] = set()
    for first in lead:
        for second in trails:
            text = bytes((first, second)).decode(encoding, "ignore")
            if len(text) == 1:
                found.add(ord(text))
    return found


def common() -> set[int]:
    """Return the characters kept in every cut."""
    return {point for low, high in COMMON_RANGES for point in range(low, high + 1)}


def gb2312() -> set[int]:
    """Return GB 2312 (6763 characters and its signs) with the common ranges."""
    return decoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)) | common()


def names() -> set[int]:
    """Return GBK (21003 characters), the rest of the 8105 and the later blocks: what names are written with."""
    far = {point for low, high in FAR_RANGES for point in range(low, high + 1)}
    gbk = decoded("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
    return gb2312() | gbk | far | {ord(char) for char in FAR_8105}


def cut(source: Path, target: Path, points: set[int], *, face: int = -1, flavor: str | None = None) -> None:
    """Write the subset of one face to `target` with its own names; a missing character is simply not there."""
    options = Options()
    options.layout_features = ["kern", "vert", "vrt2", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.name_legacy = True
    options.hinting = False
    options.notdef_outline = True
    options.flavor = flavor
    options.drop_tables += ["DSIG"]
    font = TTFont(source, fontNumber=face, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    font.flavor = flavor
    font.save(target)
    print(f"{target.name}: {target.stat().st_size / 1_000_000:.1f} MB")


def main() -> None:
    """Read the packages unpacked under SOURCE and write the fonts under OUT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder the Debian packages were unpacked into")
    parser.add_argument("out", type=Path, help="shuzhi/fonts")
    args = parser.parse_args()
    share = args.source / "usr/share"
    fandol = share / "texlive/texmf-dist/fonts/opentype/public/fandol"
    noto = share / "fonts/opentype/noto"
    web = args.out / "web"
    web.mkdir(parents=True, exist_ok=True)
    simplified = 2  # the SC face of every Noto CJK collection
    for style in ("Fang", "Hei", "Kai", "Song"):
        cut(fandol / f"Fandol{style}-Regular.otf", args.out / f"Fandol{style}-Regular.otf", gb2312())
    cut(
        noto / "NotoSerifCJK-Bold.ttc", args.out / "NotoSerifCJKsc-Bold-GB2312.otf", gb2312(), face=simplified
    )
    cut(noto / "NotoSerifCJK-Regular.ttc", args.out / "NotoSerifCJKsc-Regular.otf", names(), face=simplified)
    for weight in ("Regular", "Bold"):
        target = web / f"NotoSansCJKsc-{weight}-GB2312.woff2"
        cut(noto / f"NotoSansCJK-{weight}.ttc", target, gb2312(), face=simplified, flavor="woff2")
    rare = web / "NotoSansCJKsc-Regular-rare.woff2"
    cut(noto / "NotoSansCJK-Regular.ttc", rare, names() - gb2312(), face=simplified, flavor="woff2")
    for weight in ("Regular", "Bold"):
        name = f"LiberationSerif-{weight}.ttf"
        shutil.copyfile(share / "fonts/truetype/liberation2" / name, args.out / name)


if __name__ == "__main__":
    main()
