"""English says everything that Italian says; the check that keeps it so sees each way of falling behind."""

from pathlib import Path

import polib
import pytest
from django.template import engines

from tests.languages.making import command

translations, messages, sentences = command("translations"), command("messages"), command("sentences")


def entry(italian: str, english: str = "", **fields: object) -> polib.POEntry:
    return polib.POEntry(msgid=italian, msgstr=english, **fields)


def test_every_sentence_of_the_source_is_said_in_english() -> None:
    assert translations.complaints() == []


def test_there_is_something_to_say() -> None:
    assert len({sentence.key for sentence in sentences.sentences()}) > 1000


@pytest.mark.parametrize(
    ("faulty", "fault"),
    [
        (entry("Salva"), "not translated"),
        (entry("Salva", "Save", flags=["fuzzy"]), "fuzzy"),
        (entry("Salva", "Save", obsolete=True), "in no file any more"),
        (entry("Entro il %(day)s", "By %(date)s"), "other places to fill"),
        (entry("Entro il %(day)s", "Soon"), "other places to fill"),
        (entry("Pasti<span>oggi</span>", "Meals today"), "other tags"),
        (entry(", al massimo", "at most"), "other spaces at the ends"),
        (entry("%(n)s pasto", msgid_plural="%(n)s pasti", msgstr_plural={0: "%(n)s meal", 1: ""}), "not translated"),
        (
            entry("%(n)s pasto", msgid_plural="%(n)s pasti", msgstr_plural={0: "a meal", 1: "meals"}),
            "other places to fill",
        ),
    ],
)
def test_a_fault_is_named(faulty: polib.POEntry, fault: str) -> None:
    if fault == "other spaces at the ends":
        faulty.msgid = f" {faulty.msgid}"
    assert translations.faults_of(faulty)[0] == fault


def test_a_good_translation_has_no_fault() -> None:
    meals = entry("%(n)s pasto", msgid_plural="%(n)s pasti", msgstr_plural={0: "%(n)s meal", 1: "%(n)s meals"})
    assert [translations.faults_of(good) for good in (meals, entry("Entro il %(day)s", "By %(day)s"))] == [[], []]


def catalogue_in(folder: Path, *entries: polib.POEntry) -> Path:
    path = folder / "locale" / "en" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.extend(entries)
    catalogue.save(str(path))
    return path


def test_a_compiled_catalogue_that_is_missing_or_older_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    path = catalogue_in(tmp_path, entry("Salva", "Save"))
    assert translations.complaints_about(path) == ["locale/en/LC_MESSAGES/django.po: not compiled: run make messages"]
    polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    assert translations.complaints_about(path) == []
    catalogue_in(tmp_path, entry("Salva", "Keep"))
    older = "locale/en/LC_MESSAGES/django.po: django.mo is older: run make messages"
    assert translations.complaints_about(path) == [older]


def test_a_sentence_nobody_collected_and_one_nobody_says_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    path = catalogue_in(tmp_path, entry("Salva", "Save"))
    new, old = translations.differences(path, {("", "Invia"): "templates/x.html"})
    assert new.startswith("templates/x.html: not in locale/en/LC_MESSAGES/django.po")
    assert new.endswith("Invia")
    assert old.endswith("in no file any more (run make messages): Salva")


def test_collecting_keeps_what_was_translated(tmp_path: Path) -> None:
    one = sentences.Sentence("a.py", "Salva")
    many = sentences.Sentence("b.py", "%(n)s pasto", "%(n)s pasti")
    assert messages.entry_of([one], entry("Salva", "Save")).msgstr == "Save"
    assert messages.entry_of([many], entry("%(n)s pasto", "%(n)s meal")).msgstr_plural == {0: "", 1: ""}


def test_code_is_read_where_xgettext_cannot() -> None:
    source = (
        "from django.utils.translation import ngettext as many, pgettext_lazy\n"
        "a = f\"{_('Uno')} {_(name)}\"\n"
        "b = many('%(n)s pasto', '%(n)s pasti', n)\n"
        "c = pgettext_lazy('mese', 'Maggio') or translation.gettext('Due ' 'tre')\n"
    )
    found = {(each.context, each.text, each.plural) for each in sentences.in_code(source, "a.py")}
    assert found == {("", "Uno", ""), ("", "%(n)s pasto", "%(n)s pasti"), ("mese", "Maggio", ""), ("", "Due tre", "")}


def test_templates_are_read_as_django_reads_them() -> None:
    source = (
        '{% if a %}{% translate "Uno" %}{% else %}{% translate "Due" context "conto" as due %}{% endif %}'
        '{% include "components/chip.html" with text=_("Tre") tone="x" icon_name="" only %}'
        "{% for b in c %}{% blocktranslate trimmed count n=b %}\n  {{ n }} pasto\n{% plural %}\n  {{ n }} pasti\n"
        "{% endblocktranslate %}{% endfor %}"
    )
    found = {
        (each.context, each.text, each.plural) for each in sentences.in_template(source, "a", engines["django"].engine)
    }
    assert found == {("", "Uno", ""), ("conto", "Due", ""), ("", "Tre", ""), ("", "%(n)s pasto", "%(n)s pasti")}
