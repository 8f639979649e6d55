"""Query time of clients: bursts of small queries pass, who keeps processes busy waits."""

from __future__ import annotations

import pytest

from capx_graph.endpoint.allowance import Allowances
from capx_graph.errors import AllowanceSpent


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_thousand_small_queries_of_a_bind_join_pass(clock: Clock) -> None:
    allowances = Allowances(10, clock=clock)
    for _ in range(1000):
        allowances.check("a")
        allowances.spend("a", 0.005)


def test_one_query_after_the_other_never_runs_dry(clock: Clock) -> None:
    allowances = Allowances(10, clock=clock)
    for _ in range(100):
        allowances.check("a")
        clock.now += 30
        allowances.spend("a", 30)
        clock.now += 20


def test_who_runs_several_at_once_waits_until_the_time_is_paid_back(clock: Clock) -> None:
    allowances = Allowances(10, clock=clock)
    allowances.spend("a", 30)
    with pytest.raises(AllowanceSpent, match="more than 10 s") as caught:
        allowances.check("a")
    assert caught.value.retry_after == 20
    allowances.check("b")
    clock.now += 20
    allowances.check("a")


def test_the_limit_may_be_switched_off(clock: Clock) -> None:
    allowances = Allowances(0, clock=clock)
    allowances.spend("a", 1e6)
    allowances.check("a")


def test_clients_without_debts_are_forgotten_before_others(clock: Clock) -> None:
    allowances = Allowances(10, clock=clock)
    allowances.spend("debtor", 1000)
    for n in range(10_100):
        allowances.spend(f"passer-by {n}", 0.001)
    assert len(allowances._buckets) <= 10_000
    with pytest.raises(AllowanceSpent):
        allowances.check("debtor")
