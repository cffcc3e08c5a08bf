"""What the console says when the demo runs."""

from sportello.demo.state import DemoState

COMUNI = ("bari", "bitonto", "terlizzi")
"""Those with a fictional population; the other hosts answer too."""


def welcome(state: DemoState, *, port: int) -> str:
    """Return the addresses, the demo people and what to do next."""
    comuni = "\n".join(f"                 http://{name}.localhost:{port}" for name in COMUNI).lstrip()
    lines = [
        "",
        "Sportello Scuola is running.",
        f"  Comuni         {comuni}",
        f"  Central team   http://centrale.localhost:{port} (enter as Nina Centrale)",
        f"  pagoPA Node    http://nodo.localhost:{port} (the tobacconist: http://nodo.localhost:{port}/tabaccheria/)",
        f"  Mails sent     http://{COMUNI[0]}.localhost:{port}/demo/posta/",
    ]
    if state.people.exists():
        lines += ["  People", *(f"    {line}" for line in state.people.read_text().splitlines())]
    return "\n".join(
        [*lines, f"  Data and logs  {state.folder}", "Stop with Ctrl-C; start over with make demo-reset.", ""]
    )
