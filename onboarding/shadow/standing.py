"""How the shadow month of a Comune stands: for the check-list of the start and for the board."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from onboarding.golive.check import Asked, Check, Cure, Finding, Where, fails, passes
from onboarding.shadow.models import FamilyState, ShadowFamily, ShadowRun
from onboarding.signs import Sign
from sportello.kernel.errors import gettext_noop
from tenants.models import Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """The last comparison that came to its end, in figures of now: notes given since count."""

    run: ShadowRun
    families: int
    open: int
    unexplained: int


def latest_run() -> ShadowRun | None:
    """The last comparison that came to its end."""
    done = ShadowRun.objects.exclude(finished_at=None).filter(failure="")
    return done.order_by("-asked_at", "-pk").first()


def shadow_standing() -> Standing | None:
    """None before the first comparison; two queries."""
    run = latest_run()
    if run is None:
        return None
    found = (
        ShadowFamily.objects.filter(run=run)
        .order_by()
        .aggregate(
            families=Count("pk"),
            open=Count("pk", filter=Q(state=FamilyState.OPEN)),
            unexplained=Sum("unexplained", default=0),
        )
    )
    return Standing(run, found["families"], found["open"], found["unexplained"])


def _cure() -> Cure:
    path = reverse("shadow:mine", urlconf="sportello.config.urls_municipality")
    return Cure(Where.COMUNE, path, _("Apri il mese di prova"))


def nothing_is_unexplained(_asked: Asked) -> Finding:
    """A month was compared with the old programme, and no difference is without a reason."""
    standing = shadow_standing()
    if standing is None:
        return fails(_("Nessun mese è stato confrontato con il vecchio programma."), _cure())
    if not standing.families:
        return fails(_("L'ultimo confronto non ha trovato famiglie."), _cure())
    if standing.unexplained:
        text = ngettext(
            "%(month)s: %(n)d differenza non ha una spiegazione.",
            "%(month)s: %(n)d differenze non hanno una spiegazione.",
            standing.unexplained,
        )
        values = {"n": standing.unexplained, "month": standing.run.month_name.capitalize()}
        return fails(text % values, _cure())
    text = _("%(month)s è stato confrontato: ogni differenza ha una spiegazione.")
    return passes(text % {"month": standing.run.month_name.capitalize()}, _cure())


def nobody_waits(_asked: Asked) -> Finding:
    """Every difference that asks for a person was looked at."""
    standing = shadow_standing()
    if standing is None:
        return fails(_("Nessun mese è stato confrontato con il vecchio programma."), _cure())
    if standing.open:
        text = ngettext(
            "%(n)d famiglia ha differenze che nessuno ha guardato.",
            "%(n)d famiglie hanno differenze che nessuno ha guardato.",
            standing.open,
        )
        return fails(text % {"n": standing.open}, _cure())
    return passes(_("Tutte le differenze del mese di prova sono state guardate."), _cure())


SHADOW_CHECKS = (
    Check("shadow-month", gettext_lazy("Mese di prova senza differenze da spiegare"), nothing_is_unexplained),
    Check("shadow-open", gettext_lazy("Differenze del mese di prova guardate"), nobody_waits, blocking=False),
)


def read_shadow(_today: date) -> list[Sign]:
    """What the board says: not done, families to look at, or done."""
    label, standing = gettext_noop("Mese di prova"), shadow_standing()
    if standing is None or not standing.families:
        return [Sign("shadow", label, gettext_noop("non ancora fatto"), tone="neutral", blocks=Stage.GO_LIVE)]
    share = 100 * (standing.families - standing.open) // standing.families
    if standing.open:
        words = gettext_noop("%(open)s famiglie da guardare su %(all)s")
        params: dict[str, str | int] = {"open": standing.open, "all": standing.families}
        blocks = Stage.GO_LIVE if standing.unexplained else ""
        return [Sign("shadow", label, words, params, tone="attention", blocks=blocks, share=share)]
    words = gettext_noop("%(all)s famiglie confrontate")
    return [Sign("shadow", label, words, {"all": standing.families}, tone="success", share=share)]
