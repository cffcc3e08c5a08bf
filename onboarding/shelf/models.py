"""Mappings offered to all Comuni."""

from typing import ClassVar

from django.db import models


class SharedMapping(models.Model):
    """The last reading that a Comune confirmed for files of these headings."""

    belfiore_code = models.CharField(max_length=4)
    municipality_name = models.CharField(max_length=80)
    source_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64, db_index=True)
    toml = models.TextField()
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "municipality_name", "source_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["belfiore_code", "fingerprint"], name="shared_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.municipality_name} {self.source_name}"
