"""The same Monday morning as in tests/applications."""

from tests.applications.conftest import _this_morning, enrolling, parent  # noqa: F401  (fixtures of this folder too)
