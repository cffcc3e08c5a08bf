"""The fields a record may have, by kind of export: the names that reports, mappings and screens use.

Names are those of `docs/how-to/map-an-export.md`. A record has the fields that the mapping's columns give rise to, and
those that follow from them: the fiscal code of a child tells sex, birth date and birthplace.
"""

from dataclasses import dataclass
from typing import Final, Literal

type Reader = Literal[
    "text",
    "fiscal_code",
    "tax_subject",  # fiscal code of a person or number of a company
    "surname",
    "given_name",
    "full_name",
    "sex",
    "date",
    "place",
    "province",
    "street",
    "house_number",
    "postal_code",
    "residence",
    "school",
    "class_year",
    "section",
    "class_and_section",
    "diet",
    "amount",
    "count",
    "phone",
    "email",
    "legacy_id",
    "year",
    "month",
    "yes_no",
    "trip",
    "tax",
    "note",
    "status",
    "iban",
    "line_number",
]


@dataclass(frozen=True, slots=True)
class Field:
    """A target of a column. `required`: where the file has the column, an empty cell needs a person."""

    name: str
    reader: Reader
    required: bool = False


_CHILD: Final = (
    Field("child_fiscal_code", "fiscal_code", required=True),
    Field("child_surname", "surname", required=True),
    Field("child_given_name", "given_name", required=True),
    Field("child_name", "full_name", required=True),
    Field("sex", "sex"),
    Field("birth_date", "date"),
    Field("birth_place", "place"),
    Field("birth_province", "province"),
    Field("street", "street"),
    Field("house_number", "house_number"),
    Field("address", "street"),
    Field("cap", "postal_code"),
    Field("residence", "residence"),
    Field("school_code", "school", required=True),
    Field("class_year", "class_year", required=True),
    Field("section", "section", required=True),
    Field("class_and_section", "class_and_section", required=True),
    Field("legacy_id", "legacy_id", required=True),
    Field("line_number", "line_number"),
    Field("note", "note"),
)
_PAYER: Final = (
    Field("payer_fiscal_code", "fiscal_code", required=True),
    Field("payer_surname", "surname"),
    Field("payer_given_name", "given_name"),
    Field("payer_name", "full_name"),
    Field("father_name", "full_name"),
    Field("mother_name", "full_name"),
    Field("phone", "phone"),
    Field("email", "email"),
)

FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "roster": (
        *_CHILD,
        *_PAYER,
        Field("diet", "diet"),
        Field("isee", "amount"),
        Field("balance", "amount", required=True),
        Field("meals", "count"),
        Field("meals_total", "count"),
    ),
    "transport": (
        *_CHILD,
        *_PAYER,
        Field("route", "text"),
        Field("stop", "text"),
        Field("month", "month", required=True),
        Field("year", "year", required=True),
        Field("trip", "trip"),
        Field("amount", "amount", required=True),
        Field("paid", "yes_no"),
        Field("paid_on", "date"),
    ),
    "taxes": (
        Field("line_number", "line_number"),
        Field("fiscal_code", "tax_subject", required=True),
        Field("surname_or_name", "text", required=True),
        Field("given_name", "text"),
        Field("tax", "tax", required=True),
        Field("year", "year", required=True),
        Field("due", "amount", required=True),
        Field("paid", "amount", required=True),
        Field("last_payment", "date"),
        Field("instalments", "yes_no"),
        Field("municipality", "text"),
    ),
    "debts": (
        Field("creditor", "text"),
        Field("debt_type", "text"),
        Field("debtor_fiscal_codes", "text", required=True),
        Field("debt_id", "legacy_id", required=True),
        Field("payment_id", "text"),
        Field("due_on", "date"),
        Field("valid_from", "date"),
        Field("valid_until", "date"),
        Field("reason", "text"),
        Field("status", "status", required=True),
        Field("amount", "amount", required=True),
        Field("items", "text"),
        Field("year", "year"),
        Field("note", "note"),
        Field("iban", "iban"),
        Field("paid", "amount"),
        Field("value_date", "date"),
        Field("channel", "text"),
        Field("paid_on", "date"),
        Field("paid_through_node", "yes_no"),
    ),
    "treasury": (
        Field("year", "year", required=True),
        Field("entry_id", "legacy_id", required=True),
        Field("booked_on", "date", required=True),
        Field("payer_name", "text", required=True),
        Field("reason", "text", required=True),
        Field("amount", "amount", required=True),
        Field("value_date", "date", required=True),
    ),
    "other": (),
}
