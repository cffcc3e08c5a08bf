"""Refuse a catalogue with a missing, fuzzy, superfluous or badly filled sentence, or an older compiled form."""

import re
import sys
from pathlib import Path

import polib
from messages import TRANSLATED_INTO, start_django
from sentences import sentences

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_PLACE = re.compile(r"%\([a-z_]+\)[sd]")
_TAG = re.compile(r"</?[a-z]+")


def main() -> int:
    """Return 0 when every catalogue says all the sentences of the source, and nothing else."""
    start_django()
    found = complaints()
    for complaint in found:
        sys.stdout.write(f"{complaint}\n")
    return 1 if found else 0


def complaints() -> list[str]:
    """Return what is wrong with the catalogues, as lines for people; Django must have been started."""
    wanted = {sentence.key: sentence.file for sentence in sentences()}
    found = []
    for language in TRANSLATED_INTO:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        if path.exists():
            found += [*complaints_about(path), *differences(path, wanted)]
        else:
            found.append(f"{path.relative_to(LOCALE.parent)}: does not exist: run make messages")
    return found


def differences(path: Path, wanted: dict[tuple[str, str], str]) -> list[str]:
    """Return the sentences of the source that the catalogue does not know, and those it knows alone."""
    name = path.relative_to(LOCALE.parent)
    known = {(entry.msgctxt or "", entry.msgid): entry.linenum for entry in polib.pofile(str(path))}
    new = [f"{file}: not in {name} (run make messages): {key[1]}" for key, file in wanted.items() if key not in known]
    old = [
        f"{name}:{line}: in no file any more (run make messages): {key[1]}"
        for key, line in known.items()
        if key not in wanted
    ]
    return new + old


def complaints_about(path: Path) -> list[str]:
    """Return what is wrong within one catalogue, each with its line."""
    name = path.relative_to(LOCALE.parent)
    catalogue = polib.pofile(str(path))
    keys = [(entry.msgctxt, entry.msgid) for entry in catalogue]
    found = [f"{name}: twice: {key[1]}" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    found += [f"{name}:{entry.linenum}: {fault}: {entry.msgid}" for entry in catalogue for fault in faults_of(entry)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return [*found, f"{name}: not compiled: run make messages"]
    if said_by(polib.mofile(str(compiled))) != said_by(catalogue):
        found.append(f"{name}: {compiled.name} is older: run make messages")
    return found


def faults_of(entry: polib.POEntry) -> list[str]:
    """Return what is wrong with one translation: nothing, guessed, without a place, with another tag or edge."""
    if entry.obsolete:
        return ["in no file any more"]
    if entry.fuzzy:
        return ["fuzzy"]
    if not entry.translated():
        return ["not translated"]
    faults = []
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        pairs = [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
    for source, translation in pairs:
        if set(_PLACE.findall(source)) != set(_PLACE.findall(translation)):
            faults.append("other places to fill")
        if sorted(_TAG.findall(source)) != sorted(_TAG.findall(translation)):
            faults.append("other tags")
        if (source[:1].isspace(), source[-1:].isspace()) != (translation[:1].isspace(), translation[-1:].isspace()):
            faults.append("other spaces at the ends")
    return faults


def said_by(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str, str], str]:
    """Return each translated sentence by its context and source."""
    said = {(entry.msgctxt or "", entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue}
    return {key: one or str(sorted(many.items())) for key, (one, many) in said.items() if one or any(many.values())}


if __name__ == "__main__":
    sys.exit(main())
