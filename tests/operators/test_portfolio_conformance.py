import pytest

from telic.component import Component
from telic.registry import build, known
from telic.testing import PORTFOLIO_CHECKS


@pytest.mark.parametrize("check", PORTFOLIO_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", sorted(known("portfolio")))
def test_built_in_portfolios_keep_the_contract(check, name: str):
    check(lambda: build(Component("portfolio", name)))
