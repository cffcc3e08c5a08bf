"""How a Comune looks: readable colours, a coat of arms, links; shown at once, at addresses that change with them."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from sportello.audit.models import Action, Event
from sportello.ui.theme import contrast
from tenants.branding import nearest_readable, theme_name
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient

LOOK = "/comuni/A662/aspetto/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
ROWS = 5


def form(**fields: str) -> dict[str, str]:
    """The form as a browser posts it, all empty but the colour."""
    names = ("contacts_email", "contacts_phone", "contacts_address")
    urls = ("privacy_url", "legal_notes_url", "accessibility_declaration_url")
    links = {f"links-{row}-{name}": "" for row in range(ROWS) for name in ("label", "url")}
    management = {"links-TOTAL_FORMS": str(ROWS), "links-INITIAL_FORMS": "0"}
    return {"colour": "#0066cc", **dict.fromkeys((*names, *urls), ""), **links, **management, **fields}


def bari() -> Municipality:
    found: Municipality = Municipality.objects.get(slug="bari")
    return found


def test_the_look_reaches_the_pages_of_the_comune(
    team: HostClient, bari_client: HostClient, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = bari_client.get("/accedi/").content.decode()
    posted = form(
        colour="#7A1F2B",
        contacts_phone="080 577 1111",
        privacy_url="https://example.org/privacy",
        eu_funded="on",
        **{"links-0-label": "Albo pretorio", "links-0-url": "https://example.org/albo"},
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert team.post(LOOK, posted).status_code == 302
    page = bari_client.get("/accedi/").content.decode()
    for fact in ("080 577 1111", "https://example.org/privacy", "Albo pretorio", "NextGenerationEU"):
        assert fact in page
        assert fact not in before
    address = f"/tema/{theme_name(bari())}.css"
    assert address in page
    assert address not in before
    assert "--brand:#7a1f2b" in bari_client.get(address).content.decode()
    with in_schema(team.schema):
        fields = Event.objects.get(action=Action.BRANDING_CHANGED).details["fields"]
    assert set(fields) == {"colour", "contacts_phone", "privacy_url", "eu_funded", "footer_links"}


def test_storing_the_same_look_changes_nothing(team: HostClient) -> None:
    version = bari().branding_version
    team.post(LOOK, form())
    team.post(LOOK, form())
    assert bari().branding_version == version
    with in_schema(team.schema):
        assert not Event.objects.filter(action=Action.BRANDING_CHANGED).exists()


@pytest.mark.parametrize("colour", ["#ffcc00", "#66aaff", "#ff0000"])
def test_a_colour_nobody_can_read_is_refused_with_a_better_one(team: HostClient, colour: str) -> None:
    answer = team.post(LOOK, form(colour=colour))
    assert answer.status_code == 422
    page = answer.content.decode()
    suggestion = nearest_readable(colour)
    assert suggestion in page
    assert f"?colour={suggestion[1:]}" in page
    assert bari().colour == "#0066cc"


@pytest.mark.parametrize("colour", ["#ffcc00", "#66aaff", "#ff0000", "#ffffff", "#7a1f2b", "#000000"])
def test_the_suggestion_is_the_nearest_that_passes(colour: str) -> None:
    found = nearest_readable(colour)
    assert contrast(found, "#ffffff") >= 4.5
    if contrast(colour, "#ffffff") >= 4.5:
        assert found == colour
    else:
        assert contrast(found, "#ffffff") < 4.7


@pytest.mark.parametrize("colour", ["red", "#12345", "#0066cc;}body{", "", "url(x)"])
def test_what_is_no_colour_is_refused(team: HostClient, colour: str) -> None:
    assert team.post(LOOK, form(colour=colour)).status_code == 422
    assert bari().colour == "#0066cc"


def test_a_preview_shows_the_colour_and_stores_nothing(team: HostClient) -> None:
    answer = team.post(LOOK, form(colour="#7a1f2b", action="preview"))
    assert answer.status_code == 200
    assert "non ancora salvata" in answer.content.decode()
    assert "?colour=7a1f2b" in answer.content.decode()
    assert bari().colour == "#0066cc"
    css = team.get("/comuni/anteprima.css", {"colour": "7a1f2b"})
    assert css.content.decode().startswith(".theme-preview{")
    assert "--brand:#7a1f2b" in css.content.decode()
    assert team.get("/comuni/anteprima.css", {"colour": "red;}"}).status_code == 404


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"links-1-label": "Albo", "links-1-url": "http://example.org"}, "deve cominciare con https://"),
        ({"links-1-label": "Albo", "links-1-url": "javascript:alert(1)"}, "URL"),
        ({"links-1-label": "Albo"}, "Servono sia il testo"),
        ({"links-1-url": "https://example.org"}, "Servono sia il testo"),
    ],
)
def test_a_link_is_a_text_and_a_safe_address(team: HostClient, row: dict[str, str], sentence: str) -> None:
    answer = team.post(LOOK, form(**row))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert bari().footer_links == []


def test_the_theme_is_kept_for_ever_only_under_its_own_name(bari_client: HostClient) -> None:
    mine = bari_client.get(f"/tema/{theme_name(bari())}.css")
    assert mine["Cache-Control"] == "public, max-age=31536000, immutable"
    assert mine["Content-Type"] == "text/css; charset=utf-8"
    assert "Vary" not in mine or "Cookie" not in mine["Vary"]
    old = bari_client.get("/tema/0-000000000000.css")
    assert (old.status_code, old["Cache-Control"]) == (200, "no-store")


def upload(team: HostClient, content: bytes, name: str = "stemma.png") -> Any:
    return team.post("/comuni/A662/stemma/", {"file": SimpleUploadedFile(name, content)})


def test_the_coat_of_arms_reaches_the_header(
    team: HostClient,
    bari_client: HostClient,
    bitonto_client: HostClient,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(team, PNG).status_code == 302
    address = f"/stemma/{hashlib.sha256(PNG).hexdigest()[:16]}.png"
    assert f'src="{address}"' in bari_client.get("/accedi/").content.decode()
    image = bari_client.get(address)
    assert (image.content, image["Content-Type"]) == (PNG, "image/png")
    assert image["Cache-Control"] == "public, max-age=31536000, immutable"
    assert image["X-Content-Type-Options"] == "nosniff"
    assert image["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert bitonto_client.get(address).status_code == 404
    assert team.get(f"/comuni/A662{address}").content == PNG
    assert team.get(f"/comuni/A893{address}").status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\xff\xd8\xff\xe0" + b"\x00" * 32, "image/jpeg"), (b"RIFF\x20\x00\x00\x00WEBPVP8 ", "image/webp")],
)
def test_the_first_bytes_decide_what_a_file_is(team: HostClient, content: bytes, kind: str) -> None:
    assert upload(team, content, "stemma.png").status_code == 302
    assert team.get(f"/comuni/A662/{bari().coat_of_arms}")["Content-Type"] == kind


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "non è un"),
        (b"<html><script>alert(1)</script>", "non è un"),
        (b"GIF89a", "non è un"),
        (PNG + b"\x00" * 524_288, "supera 512 KB"),
        (b"", "vuoto"),
    ],
)
def test_another_file_is_refused_and_the_old_one_stays(team: HostClient, content: bytes, sentence: str) -> None:
    upload(team, PNG)
    kept = str(bari().coat_of_arms)
    answer = upload(team, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert str(bari().coat_of_arms) == kept


@pytest.mark.parametrize("name", ["../../settings.py", "altro.png", "%2e%2e/x"])
def test_only_the_coat_of_arms_in_use_is_given_out(team: HostClient, bari_client: HostClient, name: str) -> None:
    upload(team, PNG)
    assert bari_client.get(f"/stemma/{name}").status_code == 404
