"""How fields that point at matters are found; used by matters and everything above them."""

from shuzhi.kernel.catalogue.definitions import Field
from shuzhi.matters.models import Matter
from shuzhi.subjects.fields import FINDERS, Finder


def find_matter(field: Field, text: str) -> str | None:
    """The ref of the matter that the text names by ref, or by its number within the kind the field points at."""
    known = Matter.objects.filter(kind=field.of) if field.of else Matter.objects.all()
    for column in ("ref", "number"):
        found = list(known.filter(**{column: text}).values_list("ref", flat=True)[:2])
        if len(found) == 1:
            return found[0]
    return None


MATTER_FINDERS: dict[str, Finder] = {**FINDERS, "matter": find_matter}
