"""A debt position as it is sent to GPD or ACA. Stricter than the published contract: an unknown key is an error."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

type Words = Annotated[str, Meta(min_length=1, max_length=140)]
type Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
type Cents = Annotated[int, Meta(ge=1)]
type Iban = Annotated[str, Meta(pattern="^[A-Za-z0-9]{1,35}$")]


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the metadata."""

    key: Words
    value: Words


class Stamp(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A revenue stamp in place of an IBAN."""

    hash_document: Annotated[str, Meta(max_length=72)]
    stamp_type: Annotated[str, Meta(min_length=2, max_length=2)]
    provincial_residence: Country


class Transfer(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Where a part of the money goes."""

    id_transfer: Literal["1", "2", "3", "4", "5"]
    amount: Cents
    remittance_information: Words
    category: Annotated[str, Meta(pattern="^9/[0-9]{7}[A-Z]{2}/$")]
    transfer_metadata: Annotated[list[Pair], Meta(max_length=10)]
    organization_fiscal_code: Annotated[str, Meta(pattern="^[0-9]{11}$")] | UnsetType = UNSET
    iban: Iban | UnsetType = UNSET
    postal_iban: Iban | UnsetType = UNSET
    stamp: Stamp | UnsetType = UNSET
    company_name: Words | UnsetType = UNSET


class PaymentOption(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The whole in one payment, or an instalment."""

    iuv: Annotated[str, Meta(pattern="^[0-9]{17}$")]
    amount: Cents
    description: Words
    is_partial_payment: bool
    due_date: datetime
    payment_option_metadata: Annotated[list[Pair], Meta(max_length=10)]
    transfer: Annotated[list[Transfer], Meta(min_length=1, max_length=5)]
    nav: Annotated[str, Meta(pattern="^3[0-9]{17}$")] | UnsetType = UNSET
    retention_date: datetime | UnsetType = UNSET


class PaymentPosition(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What a debtor owes."""

    iupd: Annotated[str, Meta(min_length=1, max_length=64)]
    type: Literal["F", "G"]
    fiscal_code: Annotated[str, Meta(min_length=2, max_length=16)]
    full_name: Annotated[str, Meta(min_length=1, max_length=70)]
    company_name: Words
    switch_to_expired: bool
    payment_option: Annotated[list[PaymentOption], Meta(min_length=1)]
    pay_stand_in: bool = True
    street_name: str | UnsetType = UNSET
    civic_number: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET
    city: str | UnsetType = UNSET
    province: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    email: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    office_name: Words | UnsetType = UNSET
    validity_date: datetime | UnsetType = UNSET


class AlreadyPaid(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Paid elsewhere: at the desk, or by compensation."""

    payment_date: datetime | UnsetType = UNSET


class NewIban(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The account that takes the place of another one in all positions."""

    new_iban: Iban
