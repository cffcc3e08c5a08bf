"""The audit record of a Comune. Rows are never changed nor deleted: a trigger refuses it."""

from typing import ClassVar

from django.db import models


class Action(models.TextChoices):
    """The closed list of what is recorded."""

    LOGIN = "login"
    LOGOUT = "logout"
    LOGIN_REFUSED = "login_refused"
    SESSION_CLOSED = "session_closed"
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_READMITTED = "account_readmitted"
    LINK_RENEWED = "link_renewed"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 -- the name of an event
    SUPPORT_STARTED = "support_started"
    SUPPORT_PAGE = "support_page"
    SUPPORT_ENDED = "support_ended"
    ROLE_GRANTED = "role_granted"
    ROLE_REVOKED = "role_revoked"
    SCOPE_ASSIGNED = "scope_assigned"
    SCOPE_ENDED = "scope_ended"
    CHILD_READ = "child_read"
    CHILD_CHANGED = "child_changed"
    GUARDIAN_BARRED = "guardian_barred"
    BAR_LIFTED = "bar_lifted"
    DELEGATION_GRANTED = "delegation_granted"
    DELEGATION_REVOKED = "delegation_revoked"
    DELEGATION_RENOUNCED = "delegation_renounced"
    PERSON_LIST_READ = "person_list_read"
    PERSON_LIST_EXPORTED = "person_list_exported"
    APPLICATION_READ = "application_read"
    APPLICATION_SUBMITTED = "application_submitted"
    APPLICATION_DECIDED = "application_decided"
    DIET_READ = "diet_read"
    DIET_CHANGED = "diet_changed"
    ISEE_READ = "isee_read"
    ISEE_CHANGED = "isee_changed"
    TAX_POSITION_READ = "tax_position_read"
    TAX_POSITION_CHANGED = "tax_position_changed"
    TAX_FILE_UPLOADED = "tax_file_uploaded"
    TAX_FILE_COMMITTED = "tax_file_committed"
    ROLL_CALLED = "roll_called"
    PRESENCE_CORRECTED = "presence_corrected"
    PRICES_SENT = "prices_sent"
    MONTH_CLOSED = "month_closed"
    STATEMENT_READ = "statement_read"
    PAYMENT_RECORDED = "payment_recorded"
    CHARGE_CORRECTED = "charge_corrected"
    CART_OPENED = "cart_opened"
    CREDIT_MOVED = "credit_moved"
    REFUND_ASKED = "refund_asked"
    REFUND_ENDED = "refund_ended"
    PLAN_AGREED = "plan_agreed"
    CREDIT_ALERT_CHANGED = "credit_alert_changed"
    POSITION_OPENED = "position_opened"
    POSITION_CHANGED = "position_changed"
    DEBT_WRITTEN_OFF = "debt_written_off"
    LADDER_CHANGED = "ladder_changed"
    LADDER_PAUSED = "ladder_paused"
    LADDER_CLIMBED = "ladder_climbed"
    NEED_ASSESSED = "need_assessed"
    COST_SHARES_CHANGED = "cost_shares_changed"
    RECEIPT_SETTLED = "receipt_settled"
    ASIDE_ENDED = "aside_ended"
    NOTICES_ISSUED = "notices_issued"
    FLOW_ARCHIVED = "flow_archived"
    DIFFERENCE_EXPLAINED = "difference_explained"
    EVIDENCE_TAKEN = "evidence_taken"
    CHAPTER_CHANGED = "chapter_changed"
    ACCOUNTS_EXPORTED = "accounts_exported"
    TREASURY_LOADED = "treasury_loaded"
    ROSTER_UPLOADED = "roster_uploaded"
    ROSTER_COMMITTED = "roster_committed"
    LOAD_UNDONE = "load_undone"
    MAPPING_CONFIRMED = "mapping_confirmed"
    ROWS_DECIDED = "rows_decided"
    DECISION_REVOKED = "decision_revoked"
    EDITION_CHANGED = "edition_changed"
    CALENDAR_CHANGED = "calendar_changed"
    TABLE_IMPORTED = "table_imported"
    BRANDING_CHANGED = "branding_changed"
    DOMAIN_CHANGED = "domain_changed"
    STAGE_CHANGED = "stage_changed"
    ASSESSMENT_CHANGED = "assessment_changed"
    IDENTITY_CHANGED = "identity_changed"
    PROVIDERS_CHANGED = "providers_changed"
    SAML_LOG_READ = "saml_log_read"
    CONNECTOR_CHANGED = "connector_changed"
    CONNECTOR_TRIED = "connector_tried"
    EXPORT_REQUESTED = "export_requested"
    EXPORT_DOWNLOADED = "export_downloaded"
    EXPORT_CONFIRMED = "export_confirmed"
    EXPORT_FORGOTTEN = "export_forgotten"
    DEPARTURE_CHANGED = "departure_changed"
    TRAINING_CHANGED = "training_changed"
    GO_LIVE_CHANGED = "go_live_changed"
    COMUNE_ENTERED = "comune_entered"


class Event(models.Model):
    """Somebody did or saw something. `actor` is an Account id (no key: audit lies below accounts): always the person
    at the keyboard. `on_behalf_of` is the account of the citizen as whom a supporter acted.
    """

    happened_at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=32, choices=Action.choices)
    actor = models.BigIntegerField(null=True, db_index=True)
    on_behalf_of = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64, db_index=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject}"
