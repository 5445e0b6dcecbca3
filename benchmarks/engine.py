"""Speed of the engine, each figure beside its limit or a peer's: ``make bench``.

Every figure is measured in this run except those marked *peer*, which were measured on a
quiet machine with two cores and are quoted for orientation only. ``--quick`` takes a tenth
of the time; ``--json`` prints one object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from telic.artifact import Artifact
from telic.budget import Budget
from telic.candidate import Candidate, Evaluation, Record
from telic.component import Component
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.progress import Progress
from telic.engine.run import Runtime, start_run, worker_plan
from telic.evaluation import Pool
from telic.identity import normalised_key
from telic.journal import Header, Journal
from telic.operators.base import Context, Operator, Routine
from telic.problem import Limits, Problem, Scorer
from telic.registry import build
from telic.seeding import stream

TRIVIAL = "def solve():\n    return 0.5\n"
SCORE = "def score(output, case):\n    return float(output)\n"
CLOCKED = """
import time
def score(output, case):
    with open({path!r}, "a") as file:
        file.write(f"{{time.time()}}\\n")
    return float(output)
"""
SPIN = """
import time
# EVOLVE-BLOCK-START
VALUE = 1.0
# EVOLVE-BLOCK-END
def solve():
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return VALUE
"""
SYMBOLIC = ("constants", "expressions", "statements", "swaps", "coupled", "burst")


@dataclass(frozen=True)
class Figure:
    """One line of the report."""

    name: str
    value: float
    unit: str
    beside: str
    """A limit or a peer, with its value."""
    bar: str = ""
    """What we ask of ourselves."""


@dataclass(frozen=True)
class Usage:
    """What a stretch of work took, its processes included."""

    seconds: float
    cpu_seconds: float


def measured(work: Callable[[], object]) -> Usage:
    """Run ``work`` and return its wall and CPU time, ended child processes included."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

    def cpu() -> float:
        usages = [resource.getrusage(kind) for kind in kinds]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    before, began = cpu(), time.perf_counter()
    work()
    return Usage(time.perf_counter() - began, cpu() - before)


def problem(folder: Path, text: str = TRIVIAL, score: str = SCORE, **fields: object) -> Problem:
    """Return a small problem whose scorer lies in ``folder``."""
    path = folder / f"score_{len(list(folder.iterdir()))}.py"
    path.write_text(score)
    settings: dict[str, object] = {"name": "bench", "entry": "solve"} | fields
    return Problem(seed=Artifact.of(text), scorer=Scorer(path=str(path)), **settings)  # pyright: ignore[reportArgumentType]


def isolated_evaluations(folder: Path, count: int) -> list[Figure]:
    """Evaluations through the full sandbox, beside the same without any isolation."""

    async def work() -> None:
        task = problem(folder)
        async with Pool(worker_plan(task, Runtime()), workers=2, deadline=60.0) as pool:
            artifacts = iter([Artifact.of(f"{TRIVIAL}# {n}\n") for n in range(count)])

            async def lane() -> None:
                for artifact in artifacts:
                    evaluation = await pool.evaluate(artifact, [1])
                    assert evaluation.failure is None, evaluation.failure

            await asyncio.gather(*(lane() for _ in range(4)))

    usage = measured(lambda: asyncio.run(work()))
    bare = bare_executions(count)
    forks = bare_forks(min(count, 1000))
    return [
        Figure(
            "isolated evaluations",
            count / usage.seconds,
            "/s",
            f"bare fork {forks:,.0f}/s (one process), bare exec {bare:,.0f}/s",
            ">= 800",
        ),
        Figure("  CPU per isolated evaluation", 1e3 * usage.cpu_seconds / count, "ms", "", ""),
    ]


def bare_executions(count: int) -> float:
    """Compile and run the trivial program in this process: no isolation at all."""
    began = time.perf_counter()
    for _ in range(count):
        names: dict[str, Callable[[], float]] = {}
        exec(compile(TRIVIAL, "bare", "exec"), names)
        names["solve"]()
    return count / (time.perf_counter() - began)


def bare_forks(count: int) -> float:
    """Fork a child that ends at once: the floor under one process per evaluation."""
    began = time.perf_counter()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return count / (time.perf_counter() - began)


def whole_loop(folder: Path, count: int) -> list[Figure]:
    """Candidates through strategy, portfolio, operator, sandbox and journal."""
    from telic import problems

    task = problems.load("trivial")
    operators = tuple(Component("operator", name) for name in SYMBOLIC)
    plan = Plan(budget=Budget(evaluations=count), operators=operators)
    path = folder / "loop.journal"
    usage = measured(lambda: asyncio.run(start_run(task, plan, path, Runtime(workers=2))))
    with Journal.read(path) as journal:
        candidates = journal.count()
        size = path.stat().st_size / candidates
    unordered = folder / "unordered.journal"
    free = Plan(budget=plan.budget, operators=operators, mode="unordered")
    other = measured(lambda: asyncio.run(start_run(task, free, unordered, Runtime(workers=2))))
    with Journal.read(unordered) as journal:
        unordered_rate = journal.count() / other.seconds
    cpu = 1e3 * usage.cpu_seconds / candidates
    bare = bare_climb(task, count // 4)
    peers = "peers: bare hill climber 1,090, GEPA 165, OpenEvolve 137, ShinkaEvolve 4"
    cpu_peers = "peers: bare hill climber 1.2, GEPA 5.1, OpenEvolve 15.2, ShinkaEvolve 268"
    return [
        Figure("whole loop, ordered", candidates / usage.seconds, "/s", peers, ">= 500"),
        Figure(
            "  the same, unordered",
            unordered_rate,
            "/s",
            f"ordered/unordered {candidates / usage.seconds / unordered_rate:.2f}",
        ),
        Figure("  CPU per candidate", cpu, "ms", cpu_peers, "<= 3"),
        Figure("  the same edits, no isolation, no record", bare, "ms", "this run's own floor"),
        Figure("  journal", size, "bytes/candidate", ""),
    ]


def bare_climb(task: Problem, count: int) -> float:
    """CPU milliseconds a candidate of a greedy climb in this process: what edits alone cost."""
    operators: list[Operator] = [build(Component("operator", name)) for name in SYMBOLIC]
    strategy = build(Component("strategy", "hill-climb"), problem=task)
    known: set[str] = set()

    async def nothing(routine: Routine) -> dict[str, object]:
        raise AssertionError(routine)

    async def climb() -> None:
        strategy.tell(bare_record(0, task.seed))
        for index in range(1, count):
            parents = strategy.ask(index, stream(0, "bench", index)).parents
            context = Context(
                task, index, 0, parents, (), lambda a: normalised_key(a) in known, nothing
            )
            proposal = await operators[index % len(operators)].propose(context)
            if proposal.artifact is not None:
                known.add(normalised_key(proposal.artifact))
                strategy.tell(bare_record(index, proposal.artifact))

    usage = measured(lambda: asyncio.run(climb()))
    return 1e3 * usage.cpu_seconds / count


def bare_record(index: int, artifact: Artifact) -> Record:
    """Execute a program of our own operators here and now; what raises has no fitness."""
    names: dict[str, Callable[[], float]] = {}
    try:
        exec(artifact.text, names)
        fitness = -abs(float(names["answer"]()) - 0.739)
    except Exception:  # noqa: BLE001 - any candidate; counted as failed
        fitness = None
    return Record(Candidate(index, artifact), "evaluated", Evaluation(feasible=True), fitness)


def utilisation(folder: Path, seconds: float, count: int) -> list[Figure]:
    """Share of two workers kept busy by a CPU-bound evaluator."""
    task = problem(folder, SPIN.format(seconds=seconds), limits=Limits(seconds=60.0))
    operators = (Component("operator", "constants"),)
    plan = Plan(budget=Budget(evaluations=count), operators=operators)
    path = folder / "spin.journal"
    asyncio.run(start_run(task, plan, path, Runtime(workers=2)))
    with Journal.read(path) as journal:
        entries = list(journal.entries(0))
        first = next(iter(journal.entries()))
    busy = sum(e.record.evaluation.seconds for e in entries if e.record.evaluation)
    wall = entries[-1].seconds - first.seconds
    peers = "limit 2; peers: OpenEvolve 1.98, GEPA 0.99, ShinkaEvolve 0.85"
    name = f"evaluations open at once, {seconds:g}-s evaluator"
    return [Figure(name, busy / wall, "of 2", peers, ">= 1.9")]


def first_evaluation(folder: Path, runs: int) -> list[Figure]:
    """From the start of ``telic run`` to the scorer's first answer."""
    times: list[float] = []
    for run in range(runs):
        home = folder / f"first-{run}"
        home.mkdir()
        log = home / "log"
        (home / "problem.toml").write_text('entry = "solve"\n')
        (home / "seed.py").write_text(TRIVIAL)
        (home / "score.py").write_text(CLOCKED.format(path=str(log)))
        began = time.time()
        command = [sys.executable, "-m", "telic", "run", str(home), "--evaluations", "4"]
        subprocess.run(
            [*command, "-o", str(home / "x.journal"), "--quiet"], check=True, capture_output=True
        )
        times.append(float(log.read_text().split()[0]) - began)
    python = min(timed([sys.executable, "-c", "pass"]) for _ in range(runs))
    beside = f"bare interpreter {python:.3f}; peers: GEPA 0.09, OpenEvolve 0.7, ShinkaEvolve 2.4"
    return [Figure("process start to first evaluation", min(times), "s", beside, "< 0.4")]


def timed(command: list[str]) -> float:
    """Return the wall seconds of one command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def import_time(runs: int) -> list[Figure]:
    """``import telic`` beyond the interpreter's own start."""
    bare = min(timed([sys.executable, "-c", "pass"]) for _ in range(runs))
    whole = min(timed([sys.executable, "-c", "import telic"]) for _ in range(runs))
    beside = f"bare interpreter {1e3 * bare:.0f} ms"
    return [Figure("import telic", 1e3 * (whole - bare), "ms", beside, "<= 100")]


class Meter(Silent):
    """Notes CPU time and memory at given numbers of candidates."""

    def __init__(self, marks: list[int]) -> None:
        self.marks = marks
        self.cpu: dict[int, float] = {}
        self.rss: dict[int, float] = {}

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        """Read the meters when a mark is reached."""
        del record, is_best
        if progress.told in self.marks:
            self.cpu[progress.told] = time.process_time()
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.rss[progress.told] = pages * resource.getpagesize() / 2**20


def flatness(folder: Path, top: int) -> list[Figure]:
    """Driver cost and memory as the journal grows."""
    from telic import problems

    task = problems.load("symbolic-regression")
    marks = [top // 50, 2 * top // 50, top // 5, top - top // 50, top]
    meter = Meter(marks)
    operators = tuple(Component("operator", name) for name in SYMBOLIC)
    plan = Plan(budget=Budget(evaluations=10 * top), operators=operators)
    runtime = Runtime(
        workers=2, observer=meter, on_engine=lambda engine: stop_at(engine, meter, top)
    )
    asyncio.run(start_run(task, plan, folder / "flat.journal", runtime))
    early = (meter.cpu[marks[1]] - meter.cpu[marks[0]]) / (marks[1] - marks[0])
    late = (meter.cpu[marks[4]] - meter.cpu[marks[3]]) / (marks[4] - marks[3])
    with Journal.read(folder / "flat.journal") as journal:
        lengths = [len(record.candidate.artifact.text) for record in journal.records()]
    short = sum(lengths[marks[0] : marks[1]]) / (marks[1] - marks[0])
    long = sum(lengths[marks[3] : marks[4]]) / (marks[4] - marks[3])
    return [
        Figure(
            f"driver CPU per candidate near {top:,}",
            1e3 * late,
            "ms",
            f"near {marks[0]:,}: {1e3 * early:.2f} ms, ratio {late / early:.2f}",
            "flat",
        ),
        Figure(
            "  the same per 1,000 characters",
            1e6 * late / long,
            "ms",
            f"programs of {long:,.0f} characters; near {marks[0]:,}: {1e6 * early / short:.2f} ms, "
            f"{short:,.0f} characters",
            "flat",
        ),
        Figure(
            f"driver memory after {top:,} candidates",
            meter.rss[top],
            "MB",
            f"after {marks[0]:,}: {meter.rss[marks[0]]:.0f} MB, after {marks[2]:,}: "
            f"{meter.rss[marks[2]]:.0f} MB; peers: OpenEvolve 215 after 200",
            "flat",
        ),
    ]


def stop_at(engine: object, meter: Meter, top: int) -> None:
    """Make the engine stop after ``top`` candidates."""
    stop = getattr(engine, "stop")  # noqa: B009 - the engine is opaque to observers
    told = meter.told

    def then_stop(record: Record, progress: Progress, *, is_best: bool) -> None:
        told(record, progress, is_best=is_best)
        if progress.told == top:
            stop("enough")

    meter.told = then_stop


def journal_commits(folder: Path, count: int) -> list[Figure]:
    """Durable records a second, beside bare SQLite with the same settings."""
    import sqlite3

    task = problem(folder, TRIVIAL * 60)
    header = Header(run="bench", created="", telic="", seed=0, problem=task)
    evaluation = Evaluation(metrics={"score": 1.0}, feasible=True, samples=(1.0,))
    records = [
        Record(
            Candidate(n, task.seed.with_text(f"{task.seed.text}# {n}\n")),
            "evaluated",
            evaluation,
            1.0,
        )
        for n in range(count)
    ]
    with Journal.create(folder / "commits.journal", header) as journal:
        began = time.perf_counter()
        for record in records:
            journal.append(record, seconds=0.0)
        rate = count / (time.perf_counter() - began)
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)")
    data = task.seed.text.encode()
    began = time.perf_counter()
    for n in range(count):
        bare.execute("INSERT INTO rows VALUES (?, ?)", (n, data))
    limit = count / (time.perf_counter() - began)
    bare.close()
    return [Figure("journal commits", rate, "/s", f"bare SQLite, same safety {limit:,.0f}/s")]


def main() -> None:
    """Run all benchmarks and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    share = 10 if options.quick else 1
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="telic-bench-") as name:
        folder = Path(name)
        stages: list[Callable[[], list[Figure]]] = [
            lambda: import_time(5),
            lambda: first_evaluation(folder, 5),
            lambda: isolated_evaluations(folder, 4000 // share),
            lambda: whole_loop(folder, 4000 // share),
            lambda: utilisation(folder, 1.0 / share, 24),
            lambda: journal_commits(folder, 5000 // share),
            lambda: flatness(folder, 50_000 // share),
        ]
        if not options.json:
            print(f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores\n")
        for stage in stages:
            for figure in stage():
                figures.append(figure)
                if not options.json:
                    value = f"{figure.value:,.2f} {figure.unit}"
                    print(
                        f"{figure.name:48} {value:>18}  {figure.bar:8} {figure.beside}", flush=True
                    )
    if options.json:
        print(json.dumps({"figures": [asdict(figure) for figure in figures]}, indent=1))


if __name__ == "__main__":
    main()
