"""The price of a service for a child on a day, with its explanation.

``rules`` interprets a fee table (pure, no Django); ``explanation`` tells the steps in plain sentences; ``siblings``
ranks the children of a family; ``deciding`` keeps a timeline of ``PriceDecision`` rows for each child and service.
Others may call ``rules.price``, ``rules.price_many``, ``explanation.explain``, ``deciding.decide_prices`` and
``deciding.price_on``.
"""
