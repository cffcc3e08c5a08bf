"""The door of a desk, for the room that decides: who may authenticate here, how a login begins, who came back."""

from integrations.spid_cie.answering import Handover, receive_answer, redeem_code
from integrations.spid_cie.beginning import Asking, begin_login
from integrations.spid_cie.desks import metadata_of, open_doors
from integrations.spid_cie.parting import Parting, forget_sessions, read_logout, remember_session

__all__ = [
    "Asking",
    "Handover",
    "Parting",
    "begin_login",
    "forget_sessions",
    "metadata_of",
    "open_doors",
    "read_logout",
    "receive_answer",
    "redeem_code",
    "remember_session",
]
