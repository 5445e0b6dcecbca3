"""Measure what people, judges and models value, beside respondents that value nothing.

Everything here works on one table, :class:`Comparisons`: who preferred what to what, in
which order it was shown, how often, and how the replies ended that were not answers.

**Respondents.** :class:`Respondent` is the protocol: ``ask(item, seed)`` gives an
:class:`Answer`. Of known truth: :class:`Valuing`, :class:`Lexicographic`,
:class:`Incomplete`, :class:`Cyclic`, and the wrappers :class:`Unreliable` and
:class:`Sycophantic`. Nulls: :class:`RandomChoice`, :class:`AlwaysFirst`, :class:`Sticky`.
:func:`ask_pairs` asks one in both orders and tallies the answers.

**Tables.** :func:`read_comparisons` and :func:`write_comparisons` for CSV and JSON lines,
:func:`join`, :meth:`Comparisons.take`, :meth:`Comparisons.pooled`.

**Utilities.** :func:`bradley_terry` and :func:`thurstone`, or :func:`fit_utilities` with any
:class:`UtilityModel`: link, ties, position bias, rater skill, item spreads and ridge combine
freely. A :class:`UtilityFit` has utilities, covariance and every term with its interval;
:func:`bootstrap` gives intervals for replies that depend on each other.

**Is there anything there?** :func:`content_report` fits a model beside nulls, on pairs held
out, and says whether there is a content signal; :func:`hodge` says how much of it no utility
can hold; :func:`transitivity` and :func:`completeness` probe its structure.

**What to ask next.** :func:`regular_pairs`, :func:`pairs_at_random`,
:func:`pairs_by_closeness`, :func:`pairs_by_information`.

**Probes.** :func:`expected_utility`, :func:`instrumentality`, :func:`log_curve` and
:func:`exchange_rate`, :func:`discounting`, :func:`corrigibility`.

**Moral graphs.** :meth:`MoralGraph.of` some :class:`Vote`, its :func:`stability`, and
:func:`rank_values`.

A small measurement from end to end::

    from telic.values import Valuing, ask_pairs, bradley_terry, content_report

    someone = Valuing(utilities={"tea": 1.0, "coffee": 0.0, "water": -1.0}, position_bias=0.5)
    pairs = [("tea", "coffee"), ("coffee", "water"), ("tea", "water")]
    table = ask_pairs(someone, pairs, repeats=40, seed=1)
    fit = bradley_terry(table)
    print(fit.difference("tea", "water"), fit.position_bias(), fit.replies)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telic.values._active import (
        pairs_at_random,
        pairs_by_closeness,
        pairs_by_information,
        regular_pairs,
    )
    from telic.values._bootstrap import Bootstrap, bootstrap
    from telic.values._connect import Connectedness, connectedness
    from telic.values._design import UtilityModel
    from telic.values._files import read_comparisons, write_comparisons
    from telic.values._hodge import Hodge, Share, hodge
    from telic.values._holdout import HoldOut, Prediction, hold_out
    from telic.values._nulls import ContentReport, content_report
    from telic.values._probes import (
        Correlation,
        DiscountCurve,
        ExpectedUtility,
        Instrumentality,
        LogCurve,
        corrigibility,
        discounting,
        exchange_rate,
        expected_utility,
        instrumentality,
        log_curve,
    )
    from telic.values._ranking import page_rank
    from telic.values._structure import Completeness, Transitivity, completeness, transitivity
    from telic.values.comparison import Comparison, Comparisons, Replies, Status, join
    from telic.values.moral_graph import (
        Edge,
        EdgeRule,
        MoralGraph,
        Ranking,
        Vote,
        rank_values,
        stability,
    )
    from telic.values.respondent import Answer, Item, Respondent, ask_pairs, tally
    from telic.values.synthetic import (
        AlwaysFirst,
        Cyclic,
        Incomplete,
        Lexicographic,
        RandomChoice,
        Sticky,
        Sycophantic,
        Unreliable,
        Valuing,
    )
    from telic.values.utility import (
        Estimate,
        UtilityFit,
        bradley_terry,
        fit_utilities,
        thurstone,
    )

__all__ = [
    "AlwaysFirst",
    "Answer",
    "Bootstrap",
    "Comparison",
    "Comparisons",
    "Completeness",
    "Connectedness",
    "ContentReport",
    "Correlation",
    "Cyclic",
    "DiscountCurve",
    "Edge",
    "EdgeRule",
    "Estimate",
    "ExpectedUtility",
    "Hodge",
    "HoldOut",
    "Incomplete",
    "Instrumentality",
    "Item",
    "Lexicographic",
    "LogCurve",
    "MoralGraph",
    "Prediction",
    "RandomChoice",
    "Ranking",
    "Replies",
    "Respondent",
    "Share",
    "Status",
    "Sticky",
    "Sycophantic",
    "Transitivity",
    "Unreliable",
    "UtilityFit",
    "UtilityModel",
    "Valuing",
    "Vote",
    "ask_pairs",
    "bootstrap",
    "bradley_terry",
    "completeness",
    "connectedness",
    "content_report",
    "corrigibility",
    "discounting",
    "exchange_rate",
    "expected_utility",
    "fit_utilities",
    "hodge",
    "hold_out",
    "instrumentality",
    "join",
    "log_curve",
    "page_rank",
    "pairs_at_random",
    "pairs_by_closeness",
    "pairs_by_information",
    "rank_values",
    "read_comparisons",
    "regular_pairs",
    "stability",
    "tally",
    "thurstone",
    "transitivity",
    "write_comparisons",
]

# Module → the names it gives; NumPy and SciPy load with the first name that needs them.
_MODULES: dict[str, tuple[str, ...]] = {
    "_active": (
        "pairs_at_random",
        "pairs_by_closeness",
        "pairs_by_information",
        "regular_pairs",
    ),
    "_bootstrap": ("Bootstrap", "bootstrap"),
    "_connect": ("Connectedness", "connectedness"),
    "_design": ("UtilityModel",),
    "_files": ("read_comparisons", "write_comparisons"),
    "_hodge": ("Hodge", "Share", "hodge"),
    "_holdout": ("HoldOut", "Prediction", "hold_out"),
    "_nulls": ("ContentReport", "content_report"),
    "_probes": (
        "Correlation",
        "DiscountCurve",
        "ExpectedUtility",
        "Instrumentality",
        "LogCurve",
        "corrigibility",
        "discounting",
        "exchange_rate",
        "expected_utility",
        "instrumentality",
        "log_curve",
    ),
    "_ranking": ("page_rank",),
    "_structure": ("Completeness", "Transitivity", "completeness", "transitivity"),
    "comparison": ("Comparison", "Comparisons", "Replies", "Status", "join"),
    "moral_graph": (
        "Edge",
        "EdgeRule",
        "MoralGraph",
        "Ranking",
        "Vote",
        "rank_values",
        "stability",
    ),
    "respondent": ("Answer", "Item", "Respondent", "ask_pairs", "tally"),
    "synthetic": (
        "AlwaysFirst",
        "Cyclic",
        "Incomplete",
        "Lexicographic",
        "RandomChoice",
        "Sticky",
        "Sycophantic",
        "Unreliable",
        "Valuing",
    ),
    "utility": ("Estimate", "UtilityFit", "bradley_terry", "fit_utilities", "thurstone"),
}

_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
