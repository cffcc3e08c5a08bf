"""Who can enter the demo: the identity page and the console's printout name the fictional people from here."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.simulator.people import FictionalPerson
from onboarding.population.people import (
    CARD_HOLDER,
    EXEMPT_MOTHER,
    FATHER,
    GRANDMOTHER,
    MOTHER,
    OF_TWO_COMUNI,
    PROFESSIONAL,
    STAFF,
    born_in_bari,
)
from sportello.families.models import Adult, Child


def parents(today: date) -> Iterator[FictionalPerson]:  # noqa: ARG001 -- every source is asked alike
    """The known parents of the current Comune, for the identity page."""
    told = (
        (MOTHER, _("tre figli: due già a mensa, una da iscrivere")),
        (FATHER, _("un figlio a mensa, ISEE non dichiarato")),
        (EXEMPT_MOTHER, _("un figlio a mensa, esente dove il Comune lo prevede")),
        (OF_TWO_COMUNI, _("un figlio a Bari e una a Bitonto: la stessa persona, due utenze")),
    )
    for (given_name, family_name, _sex, _born), description in told:
        adult = Adult.objects.filter(given_name=given_name, family_name=family_name).order_by("pk").first()
        if adult is not None and adult.fiscal_code is not None:
            yield FictionalPerson(
                fiscal_code=adult.fiscal_code,
                given_name=given_name.title(),
                family_name=family_name.title(),
                birth_date=adult.birth_date,
                email=adult.email,
                description=description,
            )


def others(today: date) -> Iterator[FictionalPerson]:  # noqa: ARG001 -- every source is asked alike
    """Who is no parent here: a grandmother with a delegation, a citizen with the card, a professional identity."""
    told = (
        (GRANDMOTHER, _("nonna: delegata per Sofia, vede e paga, non fa domande"), False),
        (CARD_HOLDER, _("nessun figlio; usa la carta d'identità elettronica, che non dice l'email"), False),
        (PROFESSIONAL, _("identità professionale di una società: l'accesso è rifiutato e spiegato"), True),
    )
    for person, description, professional in told:
        given_name, family_name, _sex, born = person
        yield FictionalPerson(
            fiscal_code=born_in_bari(person),
            given_name=given_name.title(),
            family_name=family_name.title(),
            birth_date=born,
            description=description,
            professional=professional,
        )


def printout(comune: str, *, to_enrol: Child) -> list[str]:
    """What the console says of the people of one Comune."""
    staff = "; ".join(f"{member.given_name} {member.family_name} ({member.does})" for member in STAFF)
    return [
        f"{comune}: {MOTHER[0].title()} {MOTHER[1].title()} (mother; two children eat at school, "
        f"{to_enrol.given_name.title()} is to be enrolled), {FATHER[0].title()} {FATHER[1].title()} (father, no ISEE), "
        f"{GRANDMOTHER[0].title()} {GRANDMOTHER[1].title()} (grandmother with a delegation)",
        f"{' ' * len(comune)}  {staff}",
    ]
