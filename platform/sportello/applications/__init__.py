"""Domande: draft, send, protocol, review, completion, withdrawal; the step engine behind the forms.

A decision that opens a place is taken upstairs, in `enrolment`.
"""
