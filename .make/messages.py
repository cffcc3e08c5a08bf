"""Collect the sentences of code and templates into locale/ and compile the catalogues: ``make messages``.

Keeps every translation, adds the new sentences empty, drops those that stand in no file any more; never guesses a
translation by likeness. Needs only the locked packages. The compiled catalogues are committed: a fresh machine reads
both languages at once.
"""

import os
import sys
from pathlib import Path

import django
import polib
from sentences import Sentence, sentences

ROOT = Path(__file__).resolve().parent.parent
TRANSLATED_INTO = ("en",)
"""Not Italian: the sentences of the code are Italian, and a catalogue that repeats them would say nothing."""


def main() -> int:
    """Return 0 when nothing is left to translate, 1 after having printed what is."""
    start_django()
    missing = 0
    for language in TRANSLATED_INTO:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = collected_into(path, language)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        for entry in catalogue.untranslated_entries():
            sys.stdout.write(f"to translate ({', '.join(name for name, _line in entry.occurrences)}): {entry.msgid}\n")
        missing += len(catalogue.untranslated_entries())
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} to translate\n")
    return 1 if missing else 0


def start_django() -> None:
    """Load the settings with the rooms of the demonstration, so that every template can be read."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "sportello.config.settings", "DEMO": "true"}
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    django.setup()


def collected_into(path: Path, language: str) -> polib.POFile:
    """Return the catalogue with exactly the sentences of the source, in the order of the files."""
    places: dict[tuple[str, str], list[Sentence]] = {}
    for sentence in sentences():
        places.setdefault(sentence.key, []).append(sentence)
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in read(path)}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "Sportello Scuola",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for key, found in places.items():
        catalogue.append(entry_of(found, known.get(key)))
    return catalogue


def read(path: Path) -> polib.POFile:
    """Return the catalogue as it is, empty when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def entry_of(found: list[Sentence], known: polib.POEntry | None) -> polib.POEntry:
    """Return the entry of one sentence with the translation it has, if its plural did not change."""
    first = found[0]
    plural = next((sentence.plural for sentence in found if sentence.plural), "")
    files = dict.fromkeys(sentence.file for sentence in found)
    entry = polib.POEntry(
        msgid=first.text,
        msgid_plural=plural,
        msgctxt=first.context or None,
        occurrences=[(file, "") for file in files],
        flags=["python-format"] if "%(" in first.text else [],
    )
    if plural:
        kept = known is not None and known.msgid_plural == plural
        entry.msgstr_plural = dict(known.msgstr_plural) if kept and known else {0: "", 1: ""}
    elif known is not None and not known.msgid_plural:
        entry.msgstr = known.msgstr
    return entry


if __name__ == "__main__":
    sys.exit(main())
