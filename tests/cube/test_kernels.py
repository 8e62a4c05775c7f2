"""Plain Python, NumPy and numba add up to the same bits."""

from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shuzhi.cube.axis import EVER, Axis, Units, lay
from shuzhi.cube.boundaries import last_days
from shuzhi.cube.frame import SILENT, UNSAID, Frame, Line
from shuzhi.cube.kernels import kernel
from shuzhi.cube.planes import WHOLES, Planes, fresh

LEVELS = ("county", "township", "department")
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2025, 12, 31))
LINES = (
    Line("adds", True, -1, False, False),
    Line("mean", True, 3, False, False),
    Line("still", False, -1, False, False),
    Line("weight", True, -1, False, False),
    Line("fixed", True, 2, False, False),
)
FRAME = Frame(LINES, (2024, 2025))


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    """Forests of a few units, departments among them, some of which come and go."""
    parents = [-1]
    parents += [draw(st.integers(-1, place - 1)) for place in range(1, draw(st.integers(1, 16)))]
    below: dict[int, list[int]] = {}
    for place, above in enumerate(parents):
        below.setdefault(above, []).append(place)
    order: list[int] = []
    waiting = list(reversed(below[-1]))
    while waiting:
        order.append(waiting.pop())
        waiting += reversed(below.get(order[-1], []))
    number = {place: new for new, place in enumerate(order)}
    steady = draw(st.booleans())
    stood = [(None, None) if steady else (draw(DAYS), draw(DAYS)) for _ in order]
    return lay(
        Units(
            [str(place) for place in range(len(order))],
            [draw(st.sampled_from(LEVELS)) for _ in order],
            [number.get(parents[place], -1) for place in order],
            [since.toordinal() if since else 0 for since, _ in stood],
            [until.toordinal() if until else EVER for _, until in stood],
        ),
        last_days(FRAME.years, date(2025, 10, 5)),
    )


@st.composite
def said(draw: st.DrawFn, axis: Axis, role: str) -> Planes:
    """Own planes at any depth, full of gaps, silences and small or large numbers."""
    large = draw(st.sampled_from((9, 9, 2**40, 2**62)))
    words = st.sampled_from((UNSAID, SILENT, 0, 1)) if draw(st.booleans()) else st.sampled_from((2, -1))
    values = words | st.integers(-large, large)
    own: list[memoryview | None] = []
    for depth in range(axis.depths):
        cells = (axis.starts[depth + 1] - axis.starts[depth]) * FRAME.width(role)
        if draw(st.integers(0, 3)) == 0:
            own.append(None)
            continue
        few = draw(st.lists(values, min_size=1, max_size=40))
        plane = memoryview(bytearray(8 * cells)).cast(WHOLES)
        step = draw(st.integers(1, 7))
        for cell in range(cells):
            plane[cell] = few[cell * step % len(few)]
        own.append(plane)
    reach = [0 if plane is None else max(_sizes(plane), default=0) for plane in own]
    return fresh(axis, FRAME, role, own, reach)


def _sizes(plane: memoryview) -> list[int]:
    return [abs(value) for value in plane.tolist() if value > SILENT]


@settings(max_examples=150, deadline=None, phases=[Phase.generate])
@given(data=st.data())
@pytest.mark.parametrize("name", ["numpy", "numba"])
@pytest.mark.parametrize("role", ["actual", "target"])
def test_every_kernel_gives_the_bits_of_the_law(role: str, name: str, data: st.DataObject) -> None:
    pytest.importorskip(name)
    axis = data.draw(axes())
    planes = data.draw(said(axis, role))
    if planes.silent():
        return
    law = fresh(axis, FRAME, role, planes.own, planes.reach)
    kernel("plain").roll(axis, FRAME, law)
    kernel(name).roll(axis, FRAME, planes)
    assert planes.sums.tolist() == law.sums.tolist()
    assert planes.counts.tolist() == law.counts.tolist()
    assert planes.weights.tolist() == law.weights.tolist()
    assert (planes.cumulative is None) == (law.cumulative is None)
    if planes.cumulative is not None and law.cumulative is not None:
        assert planes.cumulative.tolist() == law.cumulative.tolist()
