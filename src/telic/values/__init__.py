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
:func:`pairs_by_closeness`, :func:`pairs_by_information`; :func:`elicit` asks in rounds.

**Probes.** :func:`expected_utility`, :func:`instrumentality`, :func:`log_curve` and
:func:`exchange_rate`, :func:`discounting`, :func:`corrigibility`.

**Moral graphs.** :meth:`MoralGraph.of` some :class:`Vote`, its :func:`stability`, and
:func:`rank_values`.

**Instruments.** :class:`Question` in six forms and :class:`Instrument`; :func:`measure` puts one
to a respondent in every order and keeps a record that survives being killed;
:mod:`telic.values.loaders` reads public formats, :func:`read_instrument` one's own. Respondents
that read: :class:`Textual`, :class:`Scored` and :class:`Person`; recorded:
:func:`read_recorded`; of known truth: :class:`Informed`, :class:`Weighing`.

:func:`open_model` makes a respondent of a language model; :func:`inspect_task` and
:func:`read_inspect_log` share instruments with ``inspect_ai``. :func:`side_by_side` compares two
measurements, :func:`summarise_votes` says what votes come to.

**Profiles.** :func:`profile` under any :class:`Projection` (:mod:`telic.values.taxonomies` has
the common theories), :func:`contrast` and :func:`steerability`, :func:`accuracy` and
:func:`gap`, :func:`value_weights`. :func:`summarise` and :func:`write_report` show it all.

**Situations, standards, worth.** :func:`explain`; :func:`dilemmas` between rules and their
:func:`priorities`; :class:`Standard`, :func:`judge`, :func:`compare`, :func:`negotiate`;
:func:`train_evaluator` from texts to values; :func:`from_profile`, :func:`from_utility`,
:func:`from_standard`, :func:`log_sigmoid_and`.

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

from telic.values._names import HOME

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
    from telic.values.accuracies import Accuracy, accuracy, by_truth, by_value, gap
    from telic.values.affect import Separation, margins, separation
    from telic.values.beside import SideBySide, side_by_side
    from telic.values.beside_report import (
        side_by_side_html,
        side_by_side_text,
        write_side_by_side,
    )
    from telic.values.comparison import Comparison, Comparisons, Replies, Status, join
    from telic.values.conflicts import Attention, Priorities, attention, dilemmas, priorities
    from telic.values.contrasts import Contrast, Difference, contrast, steerability
    from telic.values.custom import read_instrument, scaffold
    from telic.values.elicitation import Elicitation, elicit
    from telic.values.evaluator import ValueEvaluator, nearest, train_evaluator
    from telic.values.graph_report import graph_html, graph_text, write_graph_report
    from telic.values.graph_summary import GraphSummary, summarise_votes
    from telic.values.informed import Informed, Weighing
    from telic.values.inspecting import inspect_task, read_inspect_log
    from telic.values.instrument import Instrument, Option, Question
    from telic.values.kaleidoscope import (
        Consideration,
        Explanation,
        HandTable,
        ModelBackend,
        Valence,
        explain,
        merge_duplicates,
    )
    from telic.values.measurement import Measurement, Progress, Reply, measure, read_measurement
    from telic.values.modelled import Modelled, open_model
    from telic.values.moral_graph import (
        Edge,
        EdgeRule,
        MoralGraph,
        Ranking,
        Vote,
        rank_values,
        stability,
    )
    from telic.values.negotiation import Agreement, Stakeholder, acceptance, negotiate
    from telic.values.objective import (
        profile_objective,
        read_objective,
        standard_objective,
        utility_objective,
    )
    from telic.values.opening import open_instrument, open_projection, open_respondent
    from telic.values.profiles import Profile, Score, profile, schwartz_distance
    from telic.values.projection import Projection, read_projection
    from telic.values.questions import affect_probe, all_pairs
    from telic.values.reading import parse_reply
    from telic.values.recorded import Recorded, read_recorded
    from telic.values.report import summary_html, summary_text, write_report
    from telic.values.respondent import Answer, Item, Respondent, ask_pairs, tally
    from telic.values.standard import Adoption, Norm, Standard, Threshold, ValueCard, compare, judge
    from telic.values.summary import Null, Summary, summarise
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
    from telic.values.textual import Person, Scored, Textual
    from telic.values.utility import Estimate, UtilityFit, bradley_terry, fit_utilities, thurstone
    from telic.values.votes import read_votes
    from telic.values.weights import ValueWeights, value_weights
    from telic.values.worth import (
        from_profile,
        from_standard,
        from_utility,
        log_sigmoid_and,
        reference_at,
    )

__all__ = [
    "Accuracy",
    "Adoption",
    "Agreement",
    "AlwaysFirst",
    "Answer",
    "Attention",
    "Bootstrap",
    "Comparison",
    "Comparisons",
    "Completeness",
    "Connectedness",
    "Consideration",
    "ContentReport",
    "Contrast",
    "Correlation",
    "Cyclic",
    "Difference",
    "DiscountCurve",
    "Edge",
    "EdgeRule",
    "Elicitation",
    "Estimate",
    "ExpectedUtility",
    "Explanation",
    "GraphSummary",
    "HandTable",
    "Hodge",
    "HoldOut",
    "Incomplete",
    "Informed",
    "Instrument",
    "Instrumentality",
    "Item",
    "Lexicographic",
    "LogCurve",
    "Measurement",
    "ModelBackend",
    "Modelled",
    "MoralGraph",
    "Norm",
    "Null",
    "Option",
    "Person",
    "Prediction",
    "Priorities",
    "Profile",
    "Progress",
    "Projection",
    "Question",
    "RandomChoice",
    "Ranking",
    "Recorded",
    "Replies",
    "Reply",
    "Respondent",
    "Score",
    "Scored",
    "Separation",
    "Share",
    "SideBySide",
    "Stakeholder",
    "Standard",
    "Status",
    "Sticky",
    "Summary",
    "Sycophantic",
    "Textual",
    "Threshold",
    "Transitivity",
    "Unreliable",
    "UtilityFit",
    "UtilityModel",
    "Valence",
    "ValueCard",
    "ValueEvaluator",
    "ValueWeights",
    "Valuing",
    "Vote",
    "Weighing",
    "acceptance",
    "accuracy",
    "affect_probe",
    "all_pairs",
    "ask_pairs",
    "attention",
    "bootstrap",
    "bradley_terry",
    "by_truth",
    "by_value",
    "compare",
    "completeness",
    "connectedness",
    "content_report",
    "contrast",
    "corrigibility",
    "dilemmas",
    "discounting",
    "elicit",
    "exchange_rate",
    "expected_utility",
    "explain",
    "fit_utilities",
    "from_profile",
    "from_standard",
    "from_utility",
    "gap",
    "graph_html",
    "graph_text",
    "hodge",
    "hold_out",
    "inspect_task",
    "instrumentality",
    "join",
    "judge",
    "log_curve",
    "log_sigmoid_and",
    "margins",
    "measure",
    "merge_duplicates",
    "nearest",
    "negotiate",
    "open_instrument",
    "open_model",
    "open_projection",
    "open_respondent",
    "page_rank",
    "pairs_at_random",
    "pairs_by_closeness",
    "pairs_by_information",
    "parse_reply",
    "priorities",
    "profile",
    "profile_objective",
    "rank_values",
    "read_comparisons",
    "read_inspect_log",
    "read_instrument",
    "read_measurement",
    "read_objective",
    "read_projection",
    "read_recorded",
    "read_votes",
    "reference_at",
    "regular_pairs",
    "scaffold",
    "schwartz_distance",
    "separation",
    "side_by_side",
    "side_by_side_html",
    "side_by_side_text",
    "stability",
    "standard_objective",
    "steerability",
    "summarise",
    "summarise_votes",
    "summary_html",
    "summary_text",
    "tally",
    "thurstone",
    "train_evaluator",
    "transitivity",
    "utility_objective",
    "value_weights",
    "write_comparisons",
    "write_graph_report",
    "write_report",
    "write_side_by_side",
]


def __getattr__(name: str) -> object:
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOME[name]}"), name)
