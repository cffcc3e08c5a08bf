"""From which desk an assessment is looked at: whose Comune it is, which frame the page has, where its links lead."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from tenants.current import current_municipality, is_central
from tenants.models import Municipality


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one side. `may_lead`: the central team opens and closes the rounds."""

    municipality: Municipality
    is_central: bool

    @property
    def frame(self) -> str:
        """The template that the pages extend."""
        return "base/central.html" if self.is_central else "base/office.html"

    @property
    def may_lead(self) -> bool:
        """Whether rounds are opened and closed from here."""
        return self.is_central

    def url(self, name: str, *arguments: object) -> str:
        """The address of a page of this room on this host."""
        if self.is_central:
            return reverse(f"central_assessment:{name}", args=[self.municipality.belfiore_code, *arguments])
        return reverse(f"assessment:{name}", args=arguments)


def central_desk(belfiore: str) -> Desk:
    """The central team's desk about a Comune. Raises Http404."""
    found = Municipality.objects.filter(belfiore_code=belfiore.upper()).first()
    if found is None or not is_central():
        raise Http404
    return Desk(found, is_central=True)


def own_desk() -> Desk:
    """The desk of the Comune whose host this is: the only one it can name."""
    return Desk(current_municipality(), is_central=False)
