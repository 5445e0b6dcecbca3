"""Decide when a shop orders how much of its articles."""

import math  # noqa: F401 - for rules that need it

# EVOLVE-BLOCK-START


def levels(demand, deviation, lead, holding, backlog, handling, fee):
    """Return the levels of one article at which it must be ordered, can be, and is full.

    Args:
        demand: mean number of pieces that are asked for in a day.
        deviation: standard deviation of that number.
        lead: days between order and delivery.
        holding: cost of a piece in the shop, per night.
        backlog: cost of a piece that is owed to a customer, per night.
        handling: cost of ordering the article.
        fee: cost of a delivery of its supplier, shared by all articles in it.
    """
    lot = 10 * demand
    must = demand * lead + deviation
    can = must + 0.1 * lot
    return must, can, must + lot


# EVOLVE-BLOCK-END


def policy(articles):
    """Return whole numbers for each of the articles; the arguments of each are given."""
    return [[round(level) for level in levels(*article)] for article in articles]
