"""Packages and departures as their pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from sportello.jobs.models import JobState
from sportello.jobs.progress import latest_figures
from sportello.kernel.clock import ROME
from sportello.ui.templatetags.ui import it_date, it_datetime


@dataclass(frozen=True, slots=True)
class ShownPackage:
    """A package with its state in words; `figures` while a job is on it."""

    package: ExportPackage
    tone: str
    label: str | Promise
    figures: dict[str, Any] | None = None
    failure: str = ""


def shown_packages() -> list[ShownPackage]:
    """Those of the current Comune, the latest first: the last ten."""
    held = ExportPackage.objects.select_related("job", "requested_by", "confirmed_by").order_by("-requested_at", "-pk")
    return [_shown(package) for package in held[:10]]


def _shown(package: ExportPackage) -> ShownPackage:
    job = package.job
    if package.confirmed_at is not None:
        return ShownPackage(package, "success", _("confermata"))
    if package.forgotten_at is not None:
        return ShownPackage(package, "neutral", _("scaduta"))
    if package.made_at is not None:
        return ShownPackage(package, "attention", _("da scaricare e confermare"))
    if job is not None and job.state == JobState.FAILED:
        return ShownPackage(package, "danger", _("non riuscita"), failure=job.message)
    return ShownPackage(package, "info", _("in preparazione"), None if job is None else latest_figures(job))


TONES = {
    DepartureState.REQUESTED: "attention",
    DepartureState.APPROVED: "attention",
    DepartureState.DELETING: "danger",
    DepartureState.DELETED: "neutral",
    DepartureState.CANCELLED: "cancelled",
}


def deeds_open_to(held: Departure | None, *, viewer: int, now: datetime, has_schema: bool) -> frozenset[str]:
    """What the viewer may do next: ask, approve, cancel, delete, resume."""
    if held is None or held.state == DepartureState.CANCELLED:
        return frozenset({"ask"} if has_schema else ())
    is_at_work = held.job is not None and held.job.finished_at is None
    may: set[str] = set()
    if held.state == DepartureState.REQUESTED and held.requested_by_id != viewer:
        may.add("approve")
    if held.state in {DepartureState.REQUESTED, DepartureState.APPROVED} and not is_at_work:
        may.add("cancel")
    if held.state == DepartureState.APPROVED and held.not_before and held.not_before <= now and not is_at_work:
        may.add("delete")
    if held.state == DepartureState.DELETING and not is_at_work:
        may.add("resume")
    return frozenset(may)


def milestones(departure: Departure, *, confirmed: bool) -> list[dict[str, Any]]:
    """The way of a departure, step by step: what is done, what is next."""
    steps = list(_steps(departure, confirmed))
    here = next((place for place, (_title, done, _when, _text) in enumerate(steps) if not done), len(steps))
    stands = departure.state != DepartureState.CANCELLED
    return [
        {
            "title": title,
            "state": "done" if done else "current" if place == here and stands else "future",
            "when": when,
            "text": text,
        }
        for place, (title, done, when, text) in enumerate(steps)
    ]


def _steps(departure: Departure, confirmed: bool) -> Iterator[tuple[Any, bool, str, Any]]:  # noqa: FBT001 -- private
    yield (
        _("Uscita chiesta"),
        True,
        it_datetime(departure.requested_at, "short"),
        _("%(who)s: %(act)s") % {"who": departure.requested_by.full_name, "act": departure.act},
    )
    yield (
        _("Esportazione confermata dal Comune"),
        confirmed or bool(departure.export_sha256),
        it_datetime(departure.export_confirmed_at, "short") if departure.export_confirmed_at else "",
        departure.export_confirmed_by
        or _("L'amministratore del Comune la scarica dal suo ufficio, pagina Esportazione, e ne conferma l'impronta."),
    )
    yield (
        _("Approvata da una seconda persona"),
        departure.approved_at is not None,
        it_datetime(departure.approved_at, "short") if departure.approved_at else "",
        departure.approved_by.full_name if departure.approved_by else _("Chi ha chiesto l'uscita non la approva."),
    )
    yield (
        _("Attesa finita, cancellazione avviata"),
        departure.state in {DepartureState.DELETING, DepartureState.DELETED},
        it_datetime(departure.begun_at, "short") if departure.begun_at else "",
        _("Dal %(day)s.") % {"day": it_date(departure.not_before.astimezone(ROME).date())}
        if departure.not_before
        else "",
    )
    yield (
        _("Dati cancellati, certificato emesso"),
        departure.state == DepartureState.DELETED,
        it_datetime(departure.deleted_at, "short") if departure.deleted_at else "",
        "",
    )
