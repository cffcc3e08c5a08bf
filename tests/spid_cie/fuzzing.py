"""Spoilt answers by the thousand: nothing but a named refusal may come out, and nobody but the person herself go in.

`python -m tests.spid_cie.fuzzing --cases 100000 --seed 1 --seconds 1200` runs them against a database of its own.
Most cases ask the parser, the checks and the signature; one in twenty goes the whole way of `receive_answer`.
"""

import argparse
import base64
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from lxml import etree

SLOW = 2.0  # seconds after which a case counts as a way to hold a process up
EVERY = 20
type Judge = Callable[[Random], str]


@dataclass
class Report:
    """What became of the cases; `defects` name what may not happen."""

    seed: int
    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
        return (
            f"{self.cases} cases, seed {self.seed}, {self.seconds:.0f} s, slowest {self.slowest:.2f} s, "
            f"{len(self.defects)} defects\n{counts}\n" + "\n".join(self.defects[:20])
        )


class Wrong(Exception):
    """Somebody got in who should not have."""


def run(*, cases: int, seed: int, seconds: float, judges: tuple[Judge, ...]) -> Report:
    """Puts cases to the first judge, and each twentieth to the next ones, until there are enough or time is up."""
    report, begin, others = Report(seed), time.monotonic(), judges[1:] or judges
    for index in range(cases):
        if time.monotonic() - begin > seconds:
            break
        started = time.process_time()  # its own work: the machine may be busy with other things
        judge = others[index // EVERY % len(others)] if index % EVERY == 0 else judges[0]
        try:
            report.outcomes[judge(Random(f"{seed} {index}"))] += 1  # noqa: S311  # chance, not a secret
        except Exception as error:  # noqa: BLE001  # whatever comes out here is what is looked for
            report.defects.append(f"case {index}: {type(error).__name__}: {str(error)[:200]}")
        took = time.process_time() - started
        if took > SLOW:
            report.defects.append(f"case {index}: {took:.1f} s")
        report.cases, report.slowest = index + 1, max(report.slowest, took)
    report.seconds = time.monotonic() - begin
    return report


def spoilt(message: bytes, root: Any, chance: Random, sign: Callable[[Any], bytes]) -> tuple[str, bool]:
    """A message sent wrongly, and whether the provider itself signed it so: a quarter is spoilt before signing."""
    from tests.spid_cie.spoiling import Spoiler

    spoiler, way = Spoiler(chance), chance.random()
    if way < 0.25:
        try:
            return base64.b64encode(sign(spoiler.tree(root))).decode(), True
        except Exception:  # noqa: BLE001  # what cannot be signed is sent as it is
            return base64.b64encode(etree.tostring(spoiler.tree(root))).decode(), False
    if way < 0.85:
        message = bytes(etree.tostring(spoiler.tree(etree.fromstring(message))))
    if way > 0.75:
        message = spoiler.bytes_of(message)
    return (spoiler.encoding_of(message) if way > 0.95 else base64.b64encode(message).decode()), False


def judge_of_checks() -> Judge:
    """Parser, checks and signature, without a database."""
    from integrations.spid_cie.saml.response import Refused
    from integrations.spid_cie.simulator import answers
    from tests.spid_cie.crafting import ANSWER, PERSON, Made, pair_named, read_encoded

    messages = [Made().text(), Made(sign_response=False).text()]

    def judge(chance: Random) -> str:
        def sign(root: Any) -> bytes:
            return answers.sign(root, pair_named("provider"), response=chance.random() < 0.5)

        message, by_provider = spoilt(chance.choice(messages), answers.success(ANSWER), chance, sign)
        try:
            told = read_encoded(message)
        except Refused as refused:
            return refused.code
        if not by_provider and (told.attributes, told.name_id, told.level) != (PERSON, ANSWER.name_id, 2):
            raise Wrong(f"accepted: {told.attributes} {told.name_id} {told.level}")
        return "accepted, as the provider signed it" if by_provider else "accepted, unchanged"

    return judge


def judge_of_receiving(logins: Iterator[Any]) -> Judge:
    """The whole way of `receive_answer`, each login good for fifteen refusals."""
    from integrations.sealing import unseal
    from integrations.spid_cie.answering import _unpacked, receive_answer
    from integrations.spid_cie.errors import LoginFailed
    from integrations.spid_cie.models import HandoverCode
    from integrations.spid_cie.simulator import answers
    from integrations.spid_cie.simulator.federation import pair_of
    from sportello.kernel import clock
    from tenants.current import PUBLIC, in_schema

    held: list[Any] = []

    def judge(chance: Random) -> str:
        if not held or held[1] == 15:
            held[:] = [next(logins), 0]
        login, pair = held[0], pair_of("spid")
        held[1] += 1
        root = answers.success(login.answer())
        message, by_provider = spoilt(
            login.signed(response=chance.random() < 0.5), root, chance, lambda root: answers.sign(root, pair)
        )
        try:
            with in_schema(PUBLIC):
                receive_answer(message, now=clock.instant())
        except LoginFailed as error:
            return f"received: {error.reason}"
        held.clear()
        identity = _unpacked(unseal(HandoverCode.objects.get(transaction=login.row).sealed_identity))
        if not by_provider and (identity.identifier, identity.level) != (login.code, 2):
            raise Wrong("accepted somebody else")
        return "received: accepted"

    return judge


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1200)
    asked = parser.parse_args()
    import tests.conftest  # noqa: F401  # starts the servers and Django
    from tests.databases import clone_template, drop, leave_database, prepare_template, use_database
    from tests.servers import stop_servers

    prepare_template(afresh=False)
    clone_template("sportello_fuzzing")
    use_database("sportello_fuzzing")
    try:
        judges = (judge_of_checks(), judge_of_receiving(logins()))
        report = run(cases=asked.cases, seed=asked.seed, seconds=asked.seconds, judges=judges)
    finally:
        leave_database()
        drop("sportello_fuzzing")
        stop_servers()
    sys.stdout.write(f"{report}\n")
    return len(report.defects) > 0


def logins() -> Iterator[Any]:
    """Logins at Bari's desk, each in a browser of its own."""
    from tenants.models import Municipality
    from tests.comuni import HostClient
    from tests.spid_cie.open_login import OpenLogin

    schema = Municipality.objects.get(slug="bari").schema_name
    for number in count():
        address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"  # one address may begin so many
        yield OpenLogin.begin(HostClient("bari.localhost", schema, REMOTE_ADDR=address))


if __name__ == "__main__":
    sys.exit(main())
