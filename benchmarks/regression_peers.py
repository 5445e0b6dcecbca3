"""Runs gplearn or DEAP on one regression task, in an environment of their own.

Reads one JSON object from standard input: ``system``, ``points``, ``values``, ``held_out``,
``evaluations``, ``seed``; writes ``seconds``, ``predictions`` (training points, then held-out
ones) and ``evaluations`` as one JSON line. Both get the same functions and no constants but
gplearn's own between -1 and 1, for Nguyen's formulas need none but 1; sizes of populations are
the packages' usual ones, as far as the budget allows.
"""
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
import math
import operator
import random
import sys
import time
import warnings


def with_gplearn(task: dict) -> tuple[list[float], int]:
    import numpy as np
    from gplearn.functions import make_function
    from gplearn.genetic import SymbolicRegressor

    def protected_exp(x):  # named, as gplearn wants
        with np.errstate(over="ignore"):
            return np.where(np.abs(x) < 100, np.exp(np.clip(x, -100, 100)), 0.0)

    def protected_power(x, y):
        with np.errstate(all="ignore"):
            power = np.power(np.abs(x), y)
        return np.where(np.isfinite(power) & (power < 1e100), power, 0.0)

    exp = make_function(function=protected_exp, name="exp", arity=1)
    power = make_function(function=protected_power, name="power", arity=2)
    size = min(1000, task["evaluations"] // 10)
    model = SymbolicRegressor(
        population_size=size,
        generations=task["evaluations"] // size,
        function_set=("add", "sub", "mul", "div", "sin", "cos", "log", "sqrt", exp, power),
        metric="rmse",
        stopping_criteria=1e-9,
        random_state=task["seed"],
        n_jobs=1,
    )
    points = np.array(task["points"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(points, np.array(task["values"]))
        everything = np.vstack((points, np.array(task["held_out"])))
        predictions = model.predict(everything).tolist()
    return predictions, size * len(model.run_details_["generation"])


# Functions of DEAP's programs; each has a value everywhere.
def div(a, b):
    return a / b if abs(b) > 1e-3 else 1.0


def log(a):
    return math.log(abs(a)) if abs(a) > 1e-3 else 0.0


def exp(a):
    return math.exp(a) if a < 100 else 0.0


def power(a, b):
    try:
        return abs(a) ** b
    except (OverflowError, ZeroDivisionError):
        return 0.0


def sqrt(a):
    return math.sqrt(abs(a))


def with_deap(task: dict) -> tuple[list[float], int]:
    from deap import algorithms, base, creator, gp, tools

    random.seed(task["seed"])

    primitives = gp.PrimitiveSet("main", len(task["points"][0]))
    for function in (operator.add, operator.sub, operator.mul, div, power):
        primitives.addPrimitive(function, 2)
    for function in (math.sin, math.cos, exp, log, sqrt):
        primitives.addPrimitive(function, 1)
    primitives.addEphemeralConstant("one", lambda: random.choice((-1.0, 1.0)))
    creator.create("Error", base.Fitness, weights=(-1.0,))
    creator.create("Tree", gp.PrimitiveTree, fitness=creator.Error)
    tools_ = base.Toolbox()
    tools_.register("expr", gp.genHalfAndHalf, pset=primitives, min_=1, max_=3)
    tools_.register("individual", tools.initIterate, creator.Tree, tools_.expr)
    tools_.register("population", tools.initRepeat, list, tools_.individual)
    count = 0

    def error(tree):
        nonlocal count
        count += 1
        predict = gp.compile(tree, primitives)
        try:
            pairs = zip(task["points"], task["values"], strict=True)
            total = math.fsum((predict(*p) - v) ** 2 for p, v in pairs)
        except (OverflowError, ValueError, ZeroDivisionError):
            return (math.inf,)
        return (math.sqrt(total / len(task["values"])) if math.isfinite(total) else math.inf,)

    tools_.register("evaluate", error)
    tools_.register("select", tools.selTournament, tournsize=3)
    tools_.register("mate", gp.cxOnePoint)
    tools_.register("expr_mut", gp.genFull, min_=0, max_=2)
    tools_.register("mutate", gp.mutUniform, expr=tools_.expr_mut, pset=primitives)
    for name in ("mate", "mutate"):
        limit = gp.staticLimit(key=operator.attrgetter("height"), max_value=17)
        tools_.decorate(name, limit)
    population = tools_.population(n=min(300, task["evaluations"] // 10))
    hall = tools.HallOfFame(1)
    while count < task["evaluations"] and not (len(hall) and hall[0].fitness.values[0] < 1e-9):
        population, _ = algorithms.eaSimple(
            population, tools_, 0.9, 0.1, 1, halloffame=hall, verbose=False
        )
    predict = gp.compile(hall[0], primitives)
    predictions = []
    for point in (*task["points"], *task["held_out"]):
        try:
            predictions.append(float(predict(*point)))
        except (OverflowError, ValueError, ZeroDivisionError):
            predictions.append(1e300)
    return predictions, count


def main() -> None:
    task = json.load(sys.stdin)
    # Importing counts as starting, for these as for Telic.
    if task["system"] == "gplearn":
        import gplearn.genetic  # noqa: F401
    else:
        import deap.algorithms
        import deap.gp  # noqa: F401
    began = time.perf_counter()
    run = with_gplearn if task["system"] == "gplearn" else with_deap
    predictions, evaluations = run(task)
    took = time.perf_counter() - began
    answer = {"seconds": took, "evaluations": evaluations, "predictions": predictions}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
