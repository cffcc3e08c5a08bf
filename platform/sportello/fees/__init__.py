"""The price of a service for a child on a day, with its explanation.

``rules`` interprets a fee table (pure, no Django); ``explanation`` tells the steps in plain sentences; ``siblings``
ranks the children of a family; ``deciding`` works out a timeline of ``PriceDecision`` drafts for each child and
service, ``sending`` makes them count, for ever. Others may call ``rules.price``, ``rules.price_many``,
``explanation.explain``, ``deciding.decide_prices``, ``deciding.price_on``, ``sending.send_prices`` and
``arrears.conditions_on``, and read ``PriceDecision.objects.in_force()``.
"""
