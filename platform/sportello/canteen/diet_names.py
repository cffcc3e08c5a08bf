"""What a special diet is called: its code in the words of the people who cook and serve."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DIET_NAMES: Final[dict[str, Promise]] = {
    "celiac": gettext_lazy("Celiachia"),
    "egg_allergy": gettext_lazy("Allergia all'uovo"),
    "no_pork": gettext_lazy("Senza maiale"),
    "vegetarian": gettext_lazy("Vegetariana"),
    "medical": gettext_lazy("Dieta sanitaria"),
    "ethical_religious": gettext_lazy("Dieta etico-religiosa"),
}


def diet_name(code: str) -> str:
    """The name of the diet in the reader's language; a code without a name is shown as it is; empty for no diet."""
    if not code:
        return ""
    name = DIET_NAMES.get(code)
    return _("dieta %(code)s") % {"code": code} if name is None else str(name)
