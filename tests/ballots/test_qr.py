"""The QR code: its own correction words fit, what is in it reads back, and it is the code other programs draw."""

import pytest

from shuzhi.ballots.qr import (
    _LOGS,
    _MASKS,
    _POWERS,
    _VERSIONS,
    _format,
    _format_places,
    _frame,
    _path,
    matrix,
    svg,
)
from shuzhi.kernel.chain import digest

ADDRESS = "http://shuzhi.example.gov.cn/vote/ABCDEFGHJKMNPQRS/" * 3


def read_back(cells: list[list[bool]]) -> bytes:
    """What a reader makes of the cells: format, mask, blocks checked by their syndromes, bytes."""
    size = len(cells)
    version = (size - 17) // 4
    told = "".join("1" if cells[row][column] else "0" for (row, column), _ in _format_places(size))
    again = "".join("1" if cells[row][column] else "0" for _, (row, column) in _format_places(size))
    assert told == again
    mask = next(number for number in range(8) if _format(number) == told)
    bits = [cells[row][column] ^ _MASKS[mask](row, column) for row, column in _path(_frame(version))]
    words = [
        int("".join("1" if bit else "0" for bit in bits[start : start + 8]), 2)
        for start in range(0, len(bits) - 7, 8)
    ]
    correction, blocks, each = _VERSIONS[version]
    data = b""
    for block in range(blocks):
        own = words[block : blocks * each : blocks]
        whole = own + words[blocks * each + block : blocks * (each + correction) : blocks]
        for power in range(correction):
            total = 0
            for word in whole:
                total = (_POWERS[_LOGS[total] + power] if total else 0) ^ word
            assert total == 0
        data += bytes(own)
    stream = "".join(f"{byte:08b}" for byte in data)
    assert stream[:4] == "0100"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * number : 20 + 8 * number], 2) for number in range(length))


@pytest.mark.parametrize("length", [1, 14, 15, 26, 27, 42, 43, 51, 62, 63, 84, 85, 106])
def test_what_is_in_it_reads_back(length: int) -> None:
    text = ADDRESS[:length]
    assert read_back(matrix(text)) == text.encode()


def test_it_is_the_code_that_other_programs_draw_and_read() -> None:
    """Compared once, cell by cell, with an independent encoder, and read by an independent decoder (both on 2026-11-22)."""
    told = "".join("1" if cell else "0" for line in matrix(ADDRESS[:84]) for cell in line)
    assert digest(told.encode()) == "sha256:8b12615d4bcd5f5b06bc53316cc0c53c5d49aa6cf2771e256e9407801465b578"


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="太长"):
        matrix(ADDRESS[:107])


def test_the_picture_asks_nothing_of_anybody() -> None:
    drawn = svg(ADDRESS[:50])
    assert drawn.startswith("<svg ")
    assert "style" not in drawn
    assert "href" not in drawn
