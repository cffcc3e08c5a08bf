"""The parent, the morning and the open canteen of tests/applications."""

from tests.applications.conftest import _this_morning, enrolling, parent  # noqa: F401  (fixtures of this folder too)
