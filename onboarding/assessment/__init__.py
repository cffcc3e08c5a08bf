"""The assessment of a Comune: a questionnaire that the central team and the Comune fill in together, round by round.

A questionnaire is data (`questionnaires/<version>.toml`, read by `language`). From the answers pure rules make the
maturity score with its reasons, the gaps, the plan of tasks and the connectors that are needed (`rules.assess`).
A round is open until it is closed; then its answers never change, and its plan is worked off task by task.

The tables stand in `public`: a Comune is assessed before it has a schema. Every read goes through `queries`, which
takes the Comune; the pages of a Comune pass their own and no other.
"""
