"""Refuse a catalogue with a missing, fuzzy or obsolete sentence, or whose compiled form is not what it says."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"
SOURCE_LANGUAGE = "it"
"""The sentences in the code are in this language, so its own catalogue may leave them empty."""


def main() -> int:
    """Return 0 when every catalogue is complete and compiled."""
    complaints = [complaint for path in sorted(LOCALE.rglob("*.po")) for complaint in complaints_about(path)]
    for complaint in complaints:
        sys.stdout.write(f"{complaint}\n")
    return 1 if complaints else 0


def complaints_about(path: Path) -> list[str]:
    """Return what is wrong with one catalogue, each with its line."""
    name = path.relative_to(LOCALE.parent)
    catalogue = polib.pofile(str(path))
    found = [f"{name}:{entry.linenum}: fuzzy: {entry.msgid}" for entry in catalogue if entry.fuzzy]
    if path.relative_to(LOCALE).parts[0] != SOURCE_LANGUAGE:
        missing = catalogue.untranslated_entries()
        found += [f"{name}:{entry.linenum}: not translated: {entry.msgid}" for entry in missing]
    found += [f"{name}:{entry.linenum}: in no file any more: {entry.msgid}" for entry in catalogue.obsolete_entries()]
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return [*found, f"{name}: not compiled: run make messages"]
    if said_by(polib.mofile(str(compiled))) != said_by(catalogue):
        found.append(f"{name}: {compiled.name} is older: run make messages")
    return found


def said_by(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str, str], str]:
    """Return each translated sentence by its context and source."""
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr or str(sorted(entry.msgstr_plural.items()))
        for entry in catalogue
        if entry.translated() and not entry.obsolete
    }


if __name__ == "__main__":
    sys.exit(main())
