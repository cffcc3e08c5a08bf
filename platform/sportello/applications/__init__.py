"""Applications (domande): drafts kept step by step, sending with a protocol number, review, completion, withdrawal.

Others may call: `submitting.submit`, `reviewing.ask_completion` and `reject`, `states.change_state` (the only way a
state changes), `queries`. Rooms above tell who already uses a service through `enrolled.register_reader`.
"""
