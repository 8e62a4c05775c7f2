"""A QR code as SVG, made here: a slip must not ask a service outside for its picture.

Byte mode, error correction M, versions 1 to 6 (up to 106 bytes), after ISO/IEC 18004.
"""

from collections.abc import Callable, Iterator

#: By version: codewords of error correction in a block, blocks, data codewords in a block.
_VERSIONS = {1: (10, 1, 16), 2: (16, 1, 28), 3: (26, 1, 44), 4: (18, 2, 32), 5: (24, 2, 43), 6: (16, 4, 27)}
_LEVEL_M = 0
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
Cells = list[list[bool | None]]


def _tables() -> tuple[list[int], list[int]]:
    """Powers and logarithms of the field of 256 with x⁸+x⁴+x³+x²+1."""
    powers, logs, value = [0] * 510, [0] * 256, 1
    for number in range(255):
        powers[number] = powers[number + 255] = value
        logs[value] = number
        value <<= 1
        if value > 255:
            value ^= 0x11D
    return powers, logs


_POWERS, _LOGS = _tables()


def _times(one: int, other: int) -> int:
    return _POWERS[_LOGS[one] + _LOGS[other]] if one and other else 0


def _correction(data: list[int], count: int) -> list[int]:
    """The Reed–Solomon codewords of a block."""
    generator = [1]
    for number in range(count):
        longer = [*generator, 0]
        for place, value in enumerate(generator):
            longer[place + 1] ^= _times(value, _POWERS[number])
        generator = longer
    rest = [*data, *[0] * count]
    for place in range(len(data)):
        lead = rest[place]
        for offset, value in enumerate(generator):
            rest[place + offset] ^= _times(value, lead)
    return rest[len(data) :]


def _codewords(text: bytes, version: int) -> list[int]:
    """Data and correction of every block, interleaved."""
    correction, blocks, each = _VERSIONS[version]
    bits = f"0100{len(text):08b}" + "".join(f"{byte:08b}" for byte in text)
    room = blocks * each * 8
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    data += [(0xEC, 0x11)[number % 2] for number in range(blocks * each - len(data))]
    parts = [data[start : start + each] for start in range(0, len(data), each)]
    fixed = [_correction(part, correction) for part in parts]
    woven = [part[number] for number in range(each) for part in parts]
    return woven + [part[number] for number in range(correction) for part in fixed]


def _frame(version: int) -> Cells:
    """Finders, timing and alignment; None where data goes, the places of the format held with light cells."""
    size = 17 + 4 * version
    cells: Cells = [[None] * size for _ in range(size)]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        for row in range(max(0, top - 1), min(size, top + 8)):
            for column in range(max(0, left - 1), min(size, left + 8)):
                far = max(abs(row - top - 3), abs(column - left - 3))
                cells[row][column] = far in (0, 1, 3)
    if version > 1:
        middle = size - 7
        for row in range(middle - 2, middle + 3):
            for column in range(middle - 2, middle + 3):
                cells[row][column] = max(abs(row - middle), abs(column - middle)) != 1
    for place in range(8, size - 8):
        cells[6][place] = cells[place][6] = place % 2 == 0
    for row, column in (place for pair in _format_places(size) for place in pair):
        cells[row][column] = False
    cells[size - 8][8] = True
    return cells


def _format_places(size: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where each of the fifteen format bits stands, twice, the most significant first."""
    around = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)] + [
        (row, 8) for row in (7, 5, 4, 3, 2, 1, 0)
    ]
    apart = [(size - 1 - number, 8) for number in range(7)] + [(8, size - 8 + number) for number in range(8)]
    yield from zip(around, apart, strict=True)


def _format(mask: int) -> str:
    """The format bits of level M and a mask, with their own correction."""
    data = _LEVEL_M << 3 | mask
    rest = data << 10
    for place in range(14, 9, -1):
        if rest >> place & 1:
            rest ^= 0x537 << (place - 10)
    return f"{(data << 10 | rest) ^ 0x5412:015b}"


def _path(cells: Cells) -> Iterator[tuple[int, int]]:
    """The places of data, in pairs of columns from the right, upwards and downwards in turn."""
    size = len(cells)
    upwards = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        rows = range(size - 1, -1, -1) if upwards else range(size)
        for row in rows:
            for column in (right, right - 1):
                if cells[row][column] is None:
                    yield row, column
        upwards = not upwards


def _penalty(cells: list[list[bool]]) -> int:
    """How hard a drawn code is to read."""
    size, total = len(cells), 0
    for lines in (cells, [list(line) for line in zip(*cells, strict=True)]):
        for line in lines:
            told = "".join("1" if cell else "0" for cell in line)
            total += 40 * (told.count("10111010000") + told.count("00001011101"))
            run = 1
            for before, here in zip(told, f"{told[1:]}#", strict=True):
                if before == here:
                    run += 1
                    continue
                total += run - 2 if run > 4 else 0
                run = 1
    for row in range(size - 1):
        for column in range(size - 1):
            four = {cells[row + down][column + right] for down in (0, 1) for right in (0, 1)}
            total += 3 if len(four) == 1 else 0
    dark = sum(cell for line in cells for cell in line) * 20 // (size * size)
    return total + 10 * min(abs(dark - 10), abs(dark - 9))


def matrix(text: str) -> list[list[bool]]:
    """The cells of a QR code, dark is true; raises ValueError when the text is too long."""
    data = text.encode()
    version = next(
        (version for version, (_, blocks, each) in _VERSIONS.items() if len(data) + 2 <= blocks * each),
        None,
    )
    if version is None:
        raise ValueError("网址太长，画不成二维码")
    frame = _frame(version)
    bits = "".join(f"{word:08b}" for word in _codewords(data, version))
    drawn = [_drawn(frame, bits, mask) for mask in range(8)]
    return min(drawn, key=_penalty)


def _drawn(frame: Cells, bits: str, mask: int) -> list[list[bool]]:
    """The frame with the data under a mask, and the format that tells which."""
    cells = [list(line) for line in frame]
    hidden = _MASKS[mask]
    for number, (row, column) in enumerate(_path(frame)):
        dark = number < len(bits) and bits[number] == "1"
        cells[row][column] = dark ^ hidden(row, column)
    for bit, places in zip(_format(mask), _format_places(len(cells)), strict=True):
        for row, column in places:
            cells[row][column] = bit == "1"
    return [[bool(cell) for cell in line] for line in cells]


def svg(text: str) -> str:
    """The code as an SVG element with its quiet border, one path, no style."""
    cells = matrix(text)
    size = len(cells) + 8
    path = "".join(
        f"M{column + 4} {row + 4}h1v1h-1z"
        for row, line in enumerate(cells)
        for column, dark in enumerate(line)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" aria-label="二维码" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )
