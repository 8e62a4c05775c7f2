"""Who can give what a place lacks: the owner of an indicator, or whoever fills in the ledger of a figure."""

from shuzhi.kernel.catalogue.definitions import Catalogue


def owner_of(concept: str, catalogue: Catalogue) -> str:
    """The office answerable for a concept (统计局); "" for none the catalogue names."""
    head = concept.partition(".")[0]
    indicator = catalogue.indicators.get(head)
    if indicator is not None:
        return indicator.owner
    kind = catalogue.kinds.get(head)
    return f"{kind.roles.get('fills', '') or '填报单位'}（{kind.label}台账）" if kind is not None else ""
