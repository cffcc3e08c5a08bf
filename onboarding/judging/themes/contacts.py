"""Address, telephone and e-mail of the household. What cannot be used is dropped and told; the file keeps it."""

import re
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.words.phones import read_phone
from onboarding.judging.words.places import codes_named

ADDRESS_LENGTH: Final = 160
LONGEST_EMAIL: Final = 254
_STREET: Final = ("street", "house_number", "address")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_POSTAL_CODE: Final = re.compile(r"\d{5}")


def read_contacts(line: Line, plan: Plan) -> None:
    """Each part where the file has it."""
    if plan.has(*_STREET):
        _read_address(line)
    if plan.has("cap"):
        _read_postal_code(line)
    if plan.has("phone"):
        _read_phone(line)
    if plan.has("email"):
        _read_email(line)
    if plan.has("residence"):
        codes = codes_named(line.texts["residence"])
        line.beside["residence"] = next(iter(codes)) if len(codes) == 1 else None


def _read_address(line: Line) -> None:
    written = " ".join(filter(None, (line.shortened(field, ADDRESS_LENGTH) for field in _STREET)))
    if len(written) > ADDRESS_LENGTH:
        line.note("text_too_long", "street")
    line.record["address"] = written[:ADDRESS_LENGTH].upper() or None


def _read_postal_code(line: Line) -> None:
    written = line.texts["cap"]
    line.record["cap"] = written if _POSTAL_CODE.fullmatch(written) else None
    if written and line.record["cap"] is None:
        line.note("postal_code_invalid", "cap")


def _read_phone(line: Line) -> None:
    phone = read_phone(line.texts["phone"])
    line.record["phone"] = phone.number
    if phone.defect:
        line.note(phone.defect, "phone")


def _read_email(line: Line) -> None:
    written = line.texts["email"]
    good = len(written) <= LONGEST_EMAIL and _EMAIL.fullmatch(written) is not None
    line.record["email"] = written.lower() if good else None
    if written and not good:
        line.note("email_invalid", "email")
