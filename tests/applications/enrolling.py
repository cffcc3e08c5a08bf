"""A parent of Bari who enrols: an edition as the packs have them, and her posts step by step."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from services_catalog.models import Edition
from sportello.applications.models import Application
from sportello.families.models import Child
from tests.factories.editions import edition, edition_content
from tests.factories.people import Family, family
from tests.factories.schooling import pupil

QUESTIONS = [
    {"code": "school", "kind": "school", "read_by": "families.school", "label": {"it": "Scuola e classe"}},
    {
        "code": "diet",
        "kind": "choice",
        "read_by": "canteen.diet",
        "label": {"it": "Dieta"},
        "choices": [
            {"code": "standard", "label": {"it": "Nessuna dieta speciale"}},
            {"code": "medical", "label": {"it": "Dieta sanitaria"}, "evidence": {"it": "certificato medico"}},
            {"code": "ethical_religious", "label": {"it": "Dieta etico-religiosa"}},
        ],
    },
    {"code": "isee", "kind": "isee", "read_by": "fees.isee", "label": {"it": "ISEE"}, "required": False},
]


def enrolment_edition(**parts: Any) -> Edition:
    """The canteen with its questions, window open until the end of the year."""
    return edition(content=edition_content(questions=QUESTIONS, **parts))


def family_at_school(*, children: int = 1) -> Family:
    """A parent with children who sit in a class."""
    made = family(children=children)
    for child in made.children:
        pupil(child)
    return made


ANSWERS: dict[str, dict[str, str]] = {
    "privacy": {"read": "on"},
    "scuola": {"school_state": "confirmed", "diet": "standard"},
    "isee": {"isee": "none"},
}


@dataclass
class Enrolling:
    """Posts the steps of an application as a browser would."""

    client: Client
    child: Child
    application: Application | None = None

    def post(self, step: str, *, action: str = "next", **answers: Any) -> Any:  # Any: the test client's response
        data = {**self.answers(step), **answers, "action": action}
        return self.client.post(self.url(step), data)

    def answers(self, step: str) -> dict[str, str]:
        if step == "figlio":
            return {"child": str(self.child.public_id), "contact_email": "mamma@example.org"}
        return ANSWERS[step]

    def url(self, step: str) -> str:
        if self.application is None:
            return reverse("applications:start", args=["mensa"])
        name = "applications:summary" if step == "riepilogo" else "applications:step"
        arguments: list[Any] = ["mensa", self.application.public_id]
        return reverse(name, args=arguments if step == "riepilogo" else [*arguments, step])

    def begin(self) -> Application:
        self.post("privacy")
        self.application = Application.objects.latest("created_at", "id")
        return self.application

    def fill(self) -> Application:
        """All the steps, up to the summary."""
        application = self.begin()
        for step in ("figlio", "scuola", "isee"):
            response = self.post(step)
            assert response.status_code == 302, (step, response.content.decode()[:3000])
        application.refresh_from_db()
        return application

    def send(self) -> Any:  # Any: the test client's response
        return self.client.post(self.url("riepilogo"), {"action": "next"})
