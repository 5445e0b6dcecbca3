"""A new problem runs at once, and a failed attempt leaves nothing behind."""

from __future__ import annotations

import errno
import importlib.util
import re
from pathlib import Path

import pytest

from telic.errors import ProblemError, StorageError, UsageError
from telic.formats import load, scaffold
from telic.problem import NoveltyPlan


def test_a_new_problem_loads_and_its_seed_has_a_score(tmp_path: Path):
    folder = scaffold("demo", tmp_path)

    problem = load(folder)
    namespace: dict[str, object] = {}
    exec(problem.seed.text, namespace)
    output = namespace[problem.entry]()  # type: ignore[operator]
    spec = importlib.util.spec_from_file_location("scorer", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    score = scorer.score(output, scorer.cases()[0])
    assert problem.name == "demo"
    assert score.feasible
    assert 0.2 < score.metrics["score"] < 0.21
    assert not scorer.score(output[:-1], scorer.cases()[0]).feasible


def test_nothing_else_is_left_in_the_folder(tmp_path: Path):
    scaffold("demo", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_an_existing_folder_is_never_overwritten(tmp_path: Path):
    (tmp_path / "demo").mkdir()

    with pytest.raises(StorageError, match="exists already"):
        scaffold("demo", tmp_path)

    assert list((tmp_path / "demo").iterdir()) == []


def test_a_place_that_cannot_hold_a_folder_is_a_storage_error(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="cannot be written"):
        scaffold("demo", tmp_path / "file")


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch):
    write = Path.write_text

    def full(self: Path, *args, **kwargs):
        if self.name == "score.py":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full)

    with pytest.raises(StorageError, match="No space left on device"):
        scaffold("demo", tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", 'a"b', "a\nb"])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path: Path, name: str):
    with pytest.raises(UsageError, match="plain name of a folder"):
        scaffold(name, tmp_path)


def test_what_is_commented_out_holds_when_it_is_not(tmp_path: Path):
    folder = scaffold("demo", tmp_path)
    declaration = folder / "problem.toml"
    lines = declaration.read_text(encoding="utf-8").splitlines()
    lines = [re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines]
    declaration.write_text("\n".join(lines), encoding="utf-8")

    problem = load(folder)

    assert problem.novelty == NoveltyPlan()
    assert problem.best_known is not None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("similarty = 0.9", r"unknown key 'similarty' in \[novelty\]; did you mean 'similarity'"),
        ("similarity = 2", r"similarity must be above 0 and at most 1; got 2"),
        ("latest = 'all'", r"key 'novelty.latest'"),
        ("scope = 'everyone'", r"key 'novelty.scope'"),
    ],
)
def test_a_wrong_novelty_gets_one_clear_sentence(tmp_path: Path, line: str, sentence: str):
    folder = scaffold("demo", tmp_path)
    with (folder / "problem.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[novelty]\n{line}\n")

    with pytest.raises(ProblemError, match=sentence):
        load(folder)


def test_a_misspelt_table_is_told_from_a_known_one(tmp_path: Path):
    folder = scaffold("demo", tmp_path)
    with (folder / "problem.toml").open("a", encoding="utf-8") as file:
        file.write("\n[novelti]\n")

    with pytest.raises(ProblemError, match="did you mean 'novelty'"):
        load(folder)
