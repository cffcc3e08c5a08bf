"""Every component in a real browser, at two sizes: accessible, within the policy, tidy.

Pages are rendered here and handed to the browser with the static files and the Content-Security-Policy of the
settings, without a server.
"""

import mimetypes
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template import engines
from django.utils.csp import build_policy
from playwright.sync_api import Browser, Page, Route

from sportello.kernel.money import Money
from sportello.schools.models import School
from sportello.ui.fields import DateField, MoneyField
from sportello.ui.listing import FilterForm, Link, ListPage
from sportello.ui.theme import theme_css
from tests.debian_chromium import WITHOUT, chromium_path

PAGES = Path(__file__).parent / "styleguide"
HOST = "http://campionario.localhost"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

pytestmark = [
    pytest.mark.journey,
    pytest.mark.urls("tests.ui.styleguide.urls"),
    pytest.mark.skipif(chromium_path() is None, reason=WITHOUT),
]

LEFT_EDGES = """[...document.querySelectorAll('.band')]
  .filter(band => band.getBoundingClientRect().width > 0)
  .map(band => Math.round(band.getBoundingClientRect().left + parseFloat(getComputedStyle(band).paddingLeft)))"""
LOW_ROWS = (
    """[...document.querySelectorAll('.data tbody tr')].filter(row => row.getBoundingClientRect().height < 44).length"""
)
NUMBERS = """[...document.querySelectorAll('td.number, th.number')]
  .filter(cell => getComputedStyle(cell).textAlign != 'right').length"""
COVERED = """(() => {
  const focused = document.activeElement, row = document.querySelector('.action-row');
  if (row.contains(focused) || !document.querySelector('main form').contains(focused)) return false;
  const [box, cover] = [focused, row].map(each => each.getBoundingClientRect());
  return box.bottom > cover.top && box.top < cover.bottom;
})()"""
FILLED = "document.querySelectorAll('main .btn-primary').length"
HEADER = "document.querySelector('body > header').getBoundingClientRect().height"


class StepForm(forms.Form):
    name = forms.CharField(label="Nome e cognome", help_text="Come sulla tessera sanitaria.")
    born_on = DateField(label="Data di nascita", help_text="Per esempio 27 3 2019", birthday=True)
    school = forms.ChoiceField(label="Scuola", choices=[("", "Scegli una scuola"), ("1", "Don Milani")])
    diet = forms.ChoiceField(
        label="Dieta", choices=[("1", "Nessuna"), ("2", "Senza glutine")], widget=forms.RadioSelect
    )
    income = MoneyField(label="Valore ISEE", required=False)
    certificate = forms.FileField(label="Certificato medico", required=False, help_text="PDF o foto.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    read = forms.BooleanField(label="Ho letto l'informativa sulla privacy")


class SchoolFilters(FilterForm):
    q = forms.CharField(label="Nome o codice")
    level = forms.ChoiceField(label="Ordine", choices=[("", "Tutti"), ("1", "Infanzia")])


def _frame(*, office: bool) -> dict[str, Any]:
    user = SimpleNamespace(is_authenticated=True, get_full_name=lambda: "Maria Prova")
    labels = ("Home", "Calendario", "Pagamenti", "Pratiche", "Altro")
    icons = ("pa", "calendar", "card", "files", "burger")
    return {
        "request": SimpleNamespace(user=user, method="GET", get_full_path=lambda: "/"),
        "csrf_token": "gettone",
        "municipality": SimpleNamespace(
            name="Bitonto",
            contacts_phone="080 371 6111",
            contacts_email="scuola@example.org",
            contacts_address="Corso Vittorio Emanuele II 41",
            privacy_url="#",
            legal_notes_url="#",
            accessibility_declaration_url="#",
            footer_links=[("Sito del Comune", "#")],
            eu_funded=True,
            theme_css_url="/tema.css",
        ),
        "demo_mode": office,
        "navigation": [
            {"label": label, "url": "#", "icon": icon, "current": label == "Home", "count": 2 if label == "Home" else 0}
            for label, icon in zip(labels, icons, strict=True)
        ],
    }


def _citizen(stage: str = "stars", rating: int = 0) -> dict[str, Any]:
    step = {"rule": "Prezzo di gara", "amount": Money(560), "act_label": "Delibera n. 41/2026", "act_url": "#"}
    words = {"draft": "Bozza", "submitted": "Inviata", "needs_completion": "Da completare", "accepted": "Accolta"}
    return {
        "crumbs": [("Home", "/"), ("Mensa scolastica", "")],
        "states": [*words.items(), ("rejected", "Respinta"), ("withdrawn", "Annullata")],
        "facts": [
            {"label": "Da pagare", "value": "18,50 €", "detail": "entro il 30/11/2026", "url": "#", "tone": "attention"}
        ],
        "links": [("Segnala assenza", "#"), ("Visura", "#")],
        "items": [{"label": "Bambino", "value": "Nicola Prova", "change_url": "#"}, {"label": "Note", "value": ""}],
        "milestones": [
            {"title": "Domanda inviata", "state": "done", "when": "lunedì 23 novembre 2026"},
            {"title": "In lavorazione", "state": "current", "url": "#", "link_text": "Vedi i documenti"},
            {"title": "Esito", "state": "future"},
        ],
        "steps": [{"label": "Costo intero", **step}, {"label": "Secondo figlio", "amount": None}],
        "price": Money(190),
        "columns": ["Valore ISEE", "Infanzia", "Primaria"],
        "rows": [["Fino a 3.000,00 €", Money(0), Money(0)], ["Oltre 3.000,00 €", Money(560), "intero"]],
        "stage": stage,
        "rating": rating,
    }


def _step(data: dict[str, str] | None = None) -> dict[str, Any]:
    states = {"Bambino": "done", "Scuola e dieta": "current", "ISEE": "future", "Riepilogo": "future"}
    return {
        "form": StepForm(data),
        "steps": [{"label": label, "url": "#", "state": state} for label, state in states.items()],
    }


def _office() -> dict[str, Any]:
    query = QueryDict("q=don")
    schools: Any = [School(name=f"Don Milani {number}", school_code=f"BAAA{number:06}") for number in range(57)]
    page = ListPage[School](
        path="/ufficio/scuole",
        query=query,
        filter_form=SchoolFilters(query),
        matching=schools,
        total=len(schools),
        number=2,
        per_page=25,
        sort="-nome",
        default_sort="nome",
        tabs=[Link(label="Tutte", url="#", current=True, count=1057), Link(label="Chiuse", url="#", count=0)],
        exports=[Link(label="CSV", url="#")],
    )
    return {"page": page, "price": Money(123456), "today": date(2026, 11, 23)}


WRONG = {"born_on_day": "31", "born_on_month": "2", "born_on_year": "2019", "income": "dieci"}
CASES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "citizen": ("citizen.html", _citizen),
    "good rating": ("citizen.html", lambda: _citizen("reasons", 5)),
    "bad rating": ("citizen.html", lambda: _citizen("reasons", 2)),
    "step": ("step.html", _step),
    "step with errors": ("step.html", lambda: _step(WRONG)),
    "office": ("office.html", _office),
}


def _render(case: str) -> str:
    template, context = CASES[case]
    frame = _frame(office=template == "office.html")
    page = engines["django"].from_string((PAGES / template).read_text())
    return str(page.render({**frame, **context()}))


def _serve(route: Route, html: str) -> None:
    path = route.request.url.removeprefix(HOST).split("?")[0]
    if path == "/":
        headers = {"Content-Security-Policy": build_policy(cast("dict[str, list[str]]", settings.SECURE_CSP))}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
    elif path == "/tema.css":
        route.fulfill(body=theme_css("#7a1f2b"), content_type="text/css")
    elif path.startswith(settings.STATIC_URL) and (found := finders.find(path.removeprefix(settings.STATIC_URL))):
        route.fulfill(path=str(found), content_type=mimetypes.guess_type(path)[0])
    else:
        route.fulfill(status=404)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """A phone and a desktop."""
    return str(request.param)


def _open(chromium: Browser, case: str, size: str) -> tuple[Page, list[str]]:
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height}, locale="it-IT", reduced_motion="reduce")
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    html = _render(case)
    page.route("**/*", lambda route: _serve(route, html))
    page.goto(f"{HOST}/", wait_until="networkidle")
    return page, complaints


@pytest.mark.parametrize("case", CASES)
def test_component_pages(chromium: Browser, case: str, size: str) -> None:
    page, complaints = _open(chromium, case, size)
    violations = Axe().run(page, options=AXE).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert page.locator("h1").count() == 1
    assert len(set(page.evaluate(LEFT_EDGES))) == 1
    assert (page.evaluate(LOW_ROWS), page.evaluate(NUMBERS if size == "desktop" else "0")) == (0, 0)
    assert page.evaluate(FILLED) == 1
    page.close()


@pytest.mark.parametrize(("case", "limits"), [("citizen", {"phone": 64, "desktop": 96})])
def test_the_header_is_compact(chromium: Browser, case: str, limits: dict[str, int], size: str) -> None:
    page, _complaints = _open(chromium, case, size)
    assert page.evaluate(HEADER) <= limits[size]
    page.close()


def test_the_bottom_bar_never_covers_the_end_of_the_page(chromium: Browser) -> None:
    page, _complaints = _open(chromium, "citizen", "phone")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    footer, bar = page.locator(".site-footer .footer-legal").bounding_box(), page.locator(".bottom-bar").bounding_box()
    assert footer is not None
    assert bar is not None
    assert round(footer["y"] + footer["height"]) <= bar["y"]
    assert min(box["height"] for link in page.locator(".bottom-bar a").all() if (box := link.bounding_box())) >= 48
    page.close()


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_boxes(chromium: Browser) -> None:
    page, _complaints = _open(chromium, "step with errors", "phone")
    assert page.title().startswith("Errore: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Dieta").click()
    assert page.evaluate("document.activeElement.name") == "diet"
    page.close()


def test_the_sticky_row_never_covers_the_focus(chromium: Browser) -> None:
    page, _complaints = _open(chromium, "step", "phone")
    for _press in range(22):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) is False, page.evaluate("document.activeElement.outerHTML")
    page.close()
