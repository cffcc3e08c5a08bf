"""What a Comune offers and under which rules: services, editions, fee tables, windows, calendars, closures.

An **edition** is one service in one school year as one act decided it; its content is data in the closed language of
:mod:`services_catalog.schema`. In force it never changes: a correction is a new revision from a date.

Others may read ``models``, ``schema``, ``fee_table``, ``queries`` and ``service_days``, and call ``publication``,
``closing`` and ``packs``. The price of a fee table is worked out one storey up, in ``sportello.fees``.
"""
