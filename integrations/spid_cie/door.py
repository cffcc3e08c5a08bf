"""The door of a desk, for the room that decides: who may authenticate here, how a login begins, who came back."""

from integrations.spid_cie.answering import Handover, receive_answer, redeem_code
from integrations.spid_cie.beginning import Asking, begin_login
from integrations.spid_cie.desks import metadata_of, open_doors

__all__ = [
    "Asking",
    "Handover",
    "begin_login",
    "metadata_of",
    "open_doors",
    "receive_answer",
    "redeem_code",
]
