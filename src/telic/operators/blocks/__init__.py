"""Building blocks that the ``graft`` operator carries into programs; nothing imports them.

Each is a general idiom in a function of its own. Annotations say what it fits: the first
parameter takes the value that is improved, a ``Callable`` is the objective, higher is better.
"""
