"""Critics that begin as a policy, and what each stage may change."""

from copy import deepcopy

import pytest

from telic.errors import UsageError

torch = pytest.importorskip("torch")

from telic.critics.bellman import (  # noqa: E402
    DuelingCritic,
    Operator,
    Steps,
    TokenNetwork,
    clone_behaviour,
    fit_critic,
    fit_values,
    recovered_reward,
)


def network(outputs: int, seed: int = 0) -> TokenNetwork:
    generator = torch.Generator().manual_seed(seed)
    return TokenNetwork(4, 2, outputs, hidden=16, generator=generator)


def critic(scale: float = 0.5) -> DuelingCritic:
    return DuelingCritic(network(3), network(1, seed=1), scale=scale)


def two_steps() -> Steps:
    """From (1, 0) action 0 leads to (2, 0), where action 1 gives 1 and action 2 gives -1."""
    return Steps(
        torch.tensor([[1, 0], [2, 0], [2, 0]]),
        torch.tensor([0, 1, 2]),
        torch.tensor([0.0, 1.0, -1.0]),
        torch.tensor([False, True, True]),
        torch.tensor([[2, 0], [3, 3], [3, 3]]),
    )


def test_action_values_follow_their_formula():
    found, states = critic(), torch.tensor([[0, 1], [2, 3]])

    logits, values = found.policy(states), found.value(states)

    expected = 0.5 * (logits - logits.max(dim=1, keepdim=True).values) + values
    assert torch.allclose(found(states), expected, atol=1e-7)
    assert torch.allclose(found(states).max(dim=1).values, values[:, 0], atol=1e-7)


def test_the_first_stage_leaves_the_policy_exactly_as_it_is():
    found = critic()
    before = deepcopy(found)

    fit_values(
        found,
        two_steps(),
        steps=30,
        discount=0.9,
        generator=torch.Generator().manual_seed(3),
        batch=8,
    )

    states = torch.cartesian_prod(torch.arange(4), torch.arange(4))
    assert torch.equal(found.policy(states), before.policy(states))
    assert torch.equal(found(states).argmax(dim=1), before.policy(states).argmax(dim=1))
    assert not torch.allclose(found.value(states), before.value(states))


@pytest.mark.slow
@pytest.mark.parametrize("operator", ["conservative", "max"])
def test_the_second_stage_learns_what_pays(operator: Operator):
    found = critic()

    fit_critic(
        found,
        two_steps(),
        operator=operator,
        steps=600,
        discount=0.9,
        generator=torch.Generator().manual_seed(3),
        batch=16,
        rate=3e-3,
    )

    values = found(torch.tensor([[2, 0]]))[0]
    assert values[1].item() == pytest.approx(1.0, abs=0.05)
    assert values[2].item() == pytest.approx(-1.0, abs=0.05)


@pytest.mark.slow
def test_only_the_maximum_trusts_actions_that_the_policy_would_not_take():
    start = critic()
    states = torch.tensor([[2, 0]] * 4 + [[1, 0]])
    clone_behaviour(
        start.policy,
        states,
        torch.tensor([2, 2, 2, 2, 0]),
        steps=60,
        generator=torch.Generator().manual_seed(3),
    )
    values: dict[str, float] = {}
    operators: tuple[Operator, ...] = ("conservative", "max")
    for operator in operators:
        found = deepcopy(start)
        fit_critic(
            found,
            two_steps(),
            operator=operator,
            steps=800,
            discount=1.0,
            generator=torch.Generator().manual_seed(3),
            batch=16,
            rate=3e-3,
        )
        values[operator] = found(torch.tensor([[1, 0]]))[0, 0].item()

    assert values["conservative"] == pytest.approx(-1.0, abs=0.15)
    assert values["max"] > 0.8  # and often beyond what any step ever paid


def test_a_weight_on_the_likelihood_keeps_the_only_action_that_was_written():
    steps, kept = two_steps(), dict[float, float]()
    for weight in (0.0, 0.5):
        found = critic()
        fit_critic(
            found,
            steps,
            operator="conservative",
            steps=100,
            discount=1.0,
            generator=torch.Generator().manual_seed(3),
            batch=16,
            rate=3e-3,
            likelihood=weight,
        )
        kept[weight] = found.policy(steps.states).softmax(dim=1)[0, 0].item()

    # Its state's values say nothing of the other actions, which a policy of values alone drifts to.
    assert kept[0.0] < 0.2
    assert kept[0.5] > 0.6


def test_recovered_rewards_follow_their_formula():
    found, steps = critic(), two_steps()

    rewards = recovered_reward(found, steps, discount=0.9)

    taken = found(steps.states)[torch.arange(3), steps.actions]
    ahead = found(steps.following).max(dim=1).values * torch.tensor([0.9, 0.0, 0.0])
    assert torch.allclose(rewards, taken - ahead, atol=1e-7)


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="scale"):
        critic(scale=0.0)
    with pytest.raises(UsageError, match="one length"):
        Steps(*[torch.zeros(n) for n in (1, 2, 2, 2, 2)])
