"""Who may apply, in plain words; a rule that changes is told in words too."""

from typing import Any

import pytest
from django.utils import translation

from services_catalog.describing import changes, describe
from services_catalog.describing_admission import admission_rows
from tests.factories.editions import edition_content

BAND = {
    "code": "grandi",
    "label": {"it": "Grandi", "en": "Older"},
    "on": {"kind": "day_of_year", "day": "12-31"},
    "at_least": {"years": 2},
    "below": {"years": 3, "months": 6},
}
AREAS = {"code": "zona", "areas": [{"code": "c", "label": {"it": "Centro"}}]}


def rows(**admission: Any) -> dict[str, str]:
    return {row.label: row.value for row in admission_rows(edition_content(admission=admission))}


@pytest.mark.parametrize(
    ("rule", "label", "words"),
    [
        (
            {"kind": "age", "bands": [BAND]},
            "Età",
            "Grandi: da 2 anni compiuti a meno di 3 anni e 6 mesi, contati il 31/12 "
            "dell'anno in cui comincia la scuola",
        ),
        (
            {"kind": "residence", "whose": "guardian", "comuni": ["A893"], "otherwise": "office"},
            "Residenza",
            "un genitore o tutore vive nel Comune, o in uno dei Comuni in convenzione (A893); "
            "altrimenti decide l'ufficio",
        ),
        (
            {"kind": "school", "levels": ["primaria"], "class_from": 1, "class_to": 3, "source": "art. 2"},
            "Scuola",
            "scuola primaria; classi da 1 a 3; art. 2",
        ),
        (
            {"kind": "distance", "measure": "walking", "rows": [{"levels": ["primaria"], "more_than": 500}]},
            "Distanza da scuola",
            "scuola primaria: più di 500 m; a piedi, per la via più breve",
        ),
        ({"kind": "catchment", **AREAS}, "Zona", "Centro"),
        (
            {"kind": "circumstance", "label": {"it": "Seguiti"}, "any_of": [{"all_of": ["social_services"]}]},
            "Condizione",
            "Seguiti; nella finestra: Iscrizioni",
        ),
    ],
)
def test_each_rule_is_told(rule: dict[str, Any], label: str, words: str) -> None:
    late = {"windows": ["first"]} if rule["kind"] == "circumstance" else {}
    assert rows(rules=[{"code": "regola", **rule, **late}])[label] == words


def test_documents_renewal_and_places_are_told() -> None:
    document = {
        "code": "foto",
        "label": {"it": "fotografia"},
        "when": {"levels": ["primaria"]},
        "signed_by": "every_guardian",
        "due": "later",
        "within_days": 30,
        "valid_months": 12,
    }
    told = rows(
        documents=[document, {"code": "c", "label": {"it": "certificato"}}],
        renewal={"kind": "confirmed", "by": "03-31"},
        capacity={"places": [{"code": "t", "label": {"it": "tutti"}, "places": 20}], "beyond": "refused"},
    )
    assert told == {
        "Per chi": "scuola dell'infanzia, scuola primaria",
        "Fotografia": "scuola primaria; firmato da tutti i genitori o tutori; entro 30 giorni dall'invio; vale 12 mesi",
        "Certificato": "per tutti; insieme alla domanda",
        "L'anno dopo": "il posto continua se la famiglia lo conferma entro il 31/03",
        "Posti: tutti": "20 posti; oltre i posti la domanda non si può inviare",
    }


def test_a_rule_that_changes_is_a_line_of_what_changes() -> None:
    def near(metres: int) -> Any:
        rule = {"kind": "distance", "code": "d", "measure": "straight", "rows": [{"up_to": metres}]}
        return edition_content(admission={"rules": [rule]})

    found = changes(near(800), near(900))
    assert [(one.section, one.sentence) for one in found] == [
        (
            "Chi può fare domanda",
            "Distanza da scuola: prima fino a 800 m; in linea d'aria, ora fino a 900 m; in linea d'aria.",
        )
    ]


def test_the_words_are_english_for_who_reads_english() -> None:
    content = edition_content(admission={"rules": [{"kind": "age", "code": "eta", "bands": [BAND]}]})
    with translation.override("en"):
        section = next(one for one in describe(content) if one.title == "Who may apply")
    words = "Older: from 2 years completed to less than 3 years and 6 months, counted on 31/12 of the year in which"
    assert [row.value for row in section.rows if row.label == "Age"] == [f"{words} school starts"]
