"""What both faces of the check-list show."""

from typing import Any

from django import forms

from onboarding.golive.forms import DayForm, ReturnForm, WaiverForm
from onboarding.golive.standing import standing_of
from onboarding.golive.words import shown_checks, shown_steps
from sportello.kernel import clock
from tenants.models import Municipality, Stage


def page_context(municipality: Municipality, *, for_central: bool, **bound: forms.Form) -> dict[str, Any]:
    """Checks, rehearsal, day, moves and forms; a bound form takes the place of its blank one."""
    standing = standing_of(municipality=municipality, now=clock.now())
    today = clock.today()
    context: dict[str, Any] = {
        "subject": municipality,
        "standing": standing,
        "stage_label": standing.stage.label,
        "is_live": standing.stage == Stage.LIVE,
        "is_due": standing.day is not None and standing.day.day <= today,
        "may_start": standing.stage == Stage.GO_LIVE and not standing.blocked,
        "checks": shown_checks(standing, municipality, for_central=for_central),
        "steps": shown_steps(standing.rehearsal) if standing.rehearsal else [],
        "for_central": for_central,
        "day_form": DayForm(prefix="giorno"),
        "waiver_form": WaiverForm(prefix="deroga"),
        "return_form": ReturnForm(prefix="ritorno"),
        "has_errors": any(form.errors for form in bound.values()),
        "form": next(iter(bound.values()), None),
        "waiving": "",
    }
    return context | bound
