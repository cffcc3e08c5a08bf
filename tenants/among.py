"""`filter(pk__among=ids)`: as `__in`, for many values. They go to PostgreSQL as one array.

`__in` writes each value as a parameter of its own: with a thousand of them the words cost more than the rows. Values
are sent as they are, of the type of the column: ids, codes.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Lookup
from django.db.models.fields import Field
from django.db.models.fields.related import ForeignObject


class Among(Lookup):
    """`column = ANY(array)`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # Any: Django's, without types
        """The words and their one parameter more; of nothing the database is not asked."""
        if not self.rhs:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(self.rhs))


def register() -> None:
    """For every kind of column. Called once, when the app is ready."""
    Field.register_lookup(Among)
    ForeignObject.register_lookup(Among)
