"""Names of value dimensions in common theories, and the fixed maps between their levels.

Only names of categories are here; which item loads on which dimension comes with each
instrument. Schwartz (1992; 2012), Moral Foundations (Haidt and Graham 2007), Maslow (1943),
Plutchik (1980), Aristotle's Nicomachean Ethics, the World Values Survey's two axes (Inglehart
and Welzel 2005), the five nursing values of NurValues (2025), and the hierarchy of three levels,
twelve core and fifty derived values of the Chinese Value Corpus (2025).
"""

from __future__ import annotations

from telic.values.projection import Projection

__all__ = [
    "ARISTOTLE",
    "CVC_CORE_TO_LEVEL",
    "CVC_DERIVED_TO_CORE",
    "MASLOW",
    "MORAL_FOUNDATIONS",
    "NURSING",
    "PLUTCHIK",
    "PLUTCHIK_DYADS",
    "SCHWARTZ",
    "SCHWARTZ_HIGHER",
    "WORLD_VALUES_AXES",
]

SCHWARTZ = (
    "self-direction",
    "stimulation",
    "hedonism",
    "achievement",
    "power",
    "security",
    "conformity",
    "tradition",
    "benevolence",
    "universalism",
)
"""The ten basic values in their order around the circle."""

SCHWARTZ_HIGHER = Projection(
    name="Schwartz, higher order",
    dimensions=("openness to change", "self-enhancement", "conservation", "self-transcendence"),
    weights={
        "self-direction": {"openness to change": 1.0},
        "stimulation": {"openness to change": 1.0},
        # Hedonism shares elements of both of its neighbours on the circle.
        "hedonism": {"openness to change": 0.5, "self-enhancement": 0.5},
        "achievement": {"self-enhancement": 1.0},
        "power": {"self-enhancement": 1.0},
        "security": {"conservation": 1.0},
        "conformity": {"conservation": 1.0},
        "tradition": {"conservation": 1.0},
        "benevolence": {"self-transcendence": 1.0},
        "universalism": {"self-transcendence": 1.0},
    },
)
"""Ten basic values → four higher-order ones."""

MORAL_FOUNDATIONS = ("care", "fairness", "loyalty", "authority", "purity")

MASLOW = (
    "physiological",
    "safety",
    "love and belonging",
    "self-esteem",
    "self-actualization",
)

PLUTCHIK = (
    "joy",
    "trust",
    "fear",
    "surprise",
    "sadness",
    "disgust",
    "anger",
    "anticipation",
)

PLUTCHIK_DYADS = Projection(
    name="Plutchik, primary emotions",
    dimensions=PLUTCHIK,
    weights={
        **{each: {each: 1.0} for each in PLUTCHIK},
        "love": {"joy": 0.5, "trust": 0.5},
        "submission": {"trust": 0.5, "fear": 0.5},
        "awe": {"fear": 0.5, "surprise": 0.5},
        "disapproval": {"surprise": 0.5, "sadness": 0.5},
        "remorse": {"sadness": 0.5, "disgust": 0.5},
        "contempt": {"disgust": 0.5, "anger": 0.5},
        "aggressiveness": {"anger": 0.5, "anticipation": 0.5},
        "optimism": {"anticipation": 0.5, "joy": 0.5},
    },
)
"""Eight primary emotions and the eight dyads of neighbours → primary emotions."""

ARISTOTLE = (
    "courage",
    "temperance",
    "liberality",
    "magnificence",
    "magnanimity",
    "ambition",
    "patience",
    "truthfulness",
    "wit",
    "friendliness",
    "modesty",
    "righteous indignation",
)

WORLD_VALUES_AXES = Projection(
    name="World Values Survey axes",
    dimensions=("secular-rational over traditional", "self-expression over survival"),
    weights={
        "Traditional": {"secular-rational over traditional": -1.0},
        "Secular-rational": {"secular-rational over traditional": 1.0},
        "Survival": {"self-expression over survival": -1.0},
        "Self-expression": {"self-expression over survival": 1.0},
    },
)
"""Four poles → two axes."""

NURSING = ("altruism", "human dignity", "integrity", "justice", "professionalism")

_CORE: dict[str, dict[str, tuple[str, ...]]] = {
    "Nation": {
        "Prosperity": (
            "High-quality development",
            "Balanced development",
            "Scientific and technological innovation",
            "Reform innovation",
        ),
        "Democracy": ("Democratic elections", "Democratic decision-making"),
        "Civility": (
            "Civilized etiquette",
            "Cultural cultivation",
            "Cultural prosperity",
            "Spiritual civilization",
            "Ecological civilization",
        ),
        "Harmony": (
            "Interpersonal relationships",
            "Social order",
            "Class harmony",
            "Ecological harmony",
        ),
    },
    "Society": {
        "Freedom": ("Free will", "Free behavior", "Social freedom"),
        "Equality": (
            "Equal opportunities",
            "Equal rights",
            "Equal personality",
            "Equal distribution",
        ),
        "Justice": (
            "Institutional justice",
            "Procedural justice",
            "Distributive justice",
            "Corrective justice",
        ),
        "Rule of Law": (
            "Rule of law in governing the country",
            "Law-based exercise of power",
            "Law-based administration",
            "Scientific legislation",
            "Strict law observance",
            "Universal law observance",
            "Legal education",
        ),
    },
    "Person": {
        "Patriotism": (
            "Maintaining national unit",
            "Cultural identity",
            "Ethnic unity",
            "Self-dedication",
        ),
        "Dedication": (
            "Responsibility",
            "Professional spirit",
            "Teamwork",
            "Striving awareness",
            "Fair competition",
            "Win-win cooperation",
        ),
        "Integrity": (
            "Sincerity",
            "Keeping promises",
            "Consistency between words and deeds",
            "Seeking truth from facts",
        ),
        "Friendship": ("Respecting others", "Caring for others", "Tolerance"),
    },
}

CVC_CORE_TO_LEVEL = Projection(
    name="Chinese Value Corpus, levels",
    dimensions=tuple(_CORE),
    weights={core: {level: 1.0} for level, cores in _CORE.items() for core in cores},
)
"""Twelve core values → nation, society, person."""

CVC_DERIVED_TO_CORE = Projection(
    name="Chinese Value Corpus, core values",
    dimensions=tuple(core for cores in _CORE.values() for core in cores),
    weights={
        derived: {core: 1.0}
        for cores in _CORE.values()
        for core, names in cores.items()
        for derived in names
    },
)
"""Fifty derived values → twelve core values."""
