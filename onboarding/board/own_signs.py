"""The signs that the board reads by itself: administrators, connectors, the last load. Inside a Comune's schema."""

from datetime import date

from django.utils.translation import override

from integrations.models import Connector, Health
from integrations.registry import kinds
from onboarding.judging.types import Verdict
from onboarding.models import LoadState, RosterLoad
from onboarding.signs import CONNECTORS, DATA_QUALITY, Sign, Tone
from sportello.accounts.models import Role, RoleGrant
from sportello.billing.receipts.proving import last_proof
from sportello.kernel.errors import gettext_noop
from tenants.models import Stage

ADMINISTRATORS = "administrators"
BOOKS = "books"
GOOD_ENOUGH, HALF = 95, 70
READ = (LoadState.CHECKED, LoadState.COMMITTING, LoadState.COMMITTED)


def read_administrators(today: date) -> list[Sign]:
    """Without an administrator nobody gives roles; one alone cannot put a fee table in force."""
    count = (
        RoleGrant.objects.filter(role=Role.ADMINISTRATOR, valid_during__contains=today)
        .values("account")
        .distinct()
        .count()
    )
    label = gettext_noop("Amministratori")
    if not count:
        return [Sign(ADMINISTRATORS, label, gettext_noop("nessuno"), tone="danger", blocks=Stage.DRY_RUNS)]
    tone: Tone = "success" if count > 1 else "attention"
    return [Sign(ADMINISTRATORS, label, gettext_noop("%(count)s"), {"count": count}, tone=tone)]


def read_books(_today: date) -> list[Sign]:
    """Whether last night's replay of pagoPA's messages made the balances of the ledger; nothing where nothing came."""
    proof = last_proof()
    if proof is None:
        return []
    label = gettext_noop("Conti di pagoPA")
    if proof.is_sound:
        words = gettext_noop("tornano: %(receipts)s ricevute")
        return [Sign(BOOKS, label, words, {"receipts": proof.receipts}, tone="success")]
    words = gettext_noop("non tornano: %(accounts)s conti diversi dai messaggi")
    return [Sign(BOOKS, label, words, {"accounts": proof.wrong_accounts}, tone="danger")]


def read_connectors(_today: date) -> list[Sign]:
    """How the connectors that are switched on stand."""
    health = list(Connector.objects.filter(enabled=True).order_by("kind").values_list("kind", "health"))
    label = gettext_noop("Collegamenti")
    if not health:
        return [Sign(CONNECTORS, label, gettext_noop("nessuno acceso"))]
    down = [kind for kind, state in health if state == Health.DOWN]
    if down:
        words = gettext_noop("%(down)s su %(all)s non funzionano: %(kinds)s")
        params: dict[str, str | int] = {
            "down": len(down),
            "all": len(health),
            "kinds": ", ".join(_named(kind) for kind in down),
        }
        blocks = Stage.SHADOW_MONTH
        return [Sign(CONNECTORS, label, words, params, tone="danger", blocks=blocks)]
    untried = sum(state == Health.NEVER for _kind, state in health)
    if untried:
        words = gettext_noop("%(untried)s su %(all)s mai usati")
        params = {"untried": untried, "all": len(health)}
        return [Sign(CONNECTORS, label, words, params, tone="attention")]
    shaky = any(state == Health.DEGRADED for _kind, state in health)
    words = gettext_noop("%(all)s, a singhiozzo") if shaky else gettext_noop("%(all)s, funzionano")
    tone: Tone = "attention" if shaky else "success"
    return [Sign(CONNECTORS, label, words, {"all": len(health)}, tone=tone)]


def _named(kind: str) -> str:
    """As people call systems of the kind: proper names, the same in both languages."""
    with override("it"):
        return str(kinds().get(kind, kind))


def read_loads(_today: date) -> list[Sign]:
    """The share of rows that were good, or were put right with certainty, in the last dry run."""
    label = gettext_noop("Qualità dei dati")
    last = RosterLoad.objects.filter(state__in=READ).order_by("-uploaded_at", "-pk").values_list("counts").first()
    rows = 0 if last is None else int(last[0].get("rows", 0))
    if last is None or not rows:
        words = gettext_noop("nessuna prova di caricamento")
        blocks = Stage.SHADOW_MONTH
        return [Sign(DATA_QUALITY, label, words, tone="neutral", blocks=blocks)]
    share = 100 * (int(last[0].get(Verdict.GOOD, 0)) + int(last[0].get(Verdict.FIX, 0))) // rows
    tone: Tone = "success" if share >= GOOD_ENOUGH else "attention" if share >= HALF else "danger"
    words, params = gettext_noop("%(share)s%% di %(rows)s righe a posto"), {"share": share, "rows": rows}
    return [Sign(DATA_QUALITY, label, words, {**params}, tone=tone, share=share)]
