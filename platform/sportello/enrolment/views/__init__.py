"""The faces of enrolment."""
