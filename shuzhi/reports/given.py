"""What the author puts into a place by hand, beside what the books say of it: the books go first, a contradiction never."""

from dataclasses import replace

from shuzhi.reports.places import Given, Manner, Place, State

NOTHING, DASH = "", "—"
"""What is printed in a place that is left out."""


def handed(place: Place, given: Given | None) -> Place:
    """A place with what the author gave it.

    Where the books have come to know the figure, they go before the author's word; a place left out stays so.
    """
    if given is None or given.manner is Manner.WITHDRAWN:
        return place
    if given.manner is Manner.LEFT:
        return replace(
            place,
            state=State.LEFT,
            text=given.text,
            reason=f"略去：{given.source}",
            code="",
            status="",
            card=_card(place, given),
            given=given,
        )
    if place.state is State.FILLED:
        if place.text == given.text:
            return replace(place, given=given)
        said = f"账上已有这个数，原来填写的“{given.text}”（{given.source}）不再使用"
        return replace(place, notice="；".join(part for part in (place.notice, said) if part), given=given)
    if place.state is State.CONFLICT:
        return place
    return replace(
        place,
        state=State.WRITTEN,
        text=given.text,
        reason=f"{given.manner}：{given.source}",
        card=_card(place, given),
        given=given,
    )


def _card(place: Place, given: Given) -> dict[str, object]:
    """The card of a place settled by hand: no figure of the books, but who said it and by what."""
    return {
        "label": place.label or place.slot.meaning.concept,
        "concept": place.concept,
        "text": given.text,
        "unit": place.unit,
        "lacked": place.reason,
        "given": given.as_card(),
    }
