"""Frames survive any cutting of the stream."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.evaluation.messages import EvaluateTask, Frames, decode_task, frame


@given(st.lists(st.text(max_size=50), max_size=5), st.integers(1, 40))
def test_frames_are_found_however_the_stream_is_cut(texts: list[str], step: int) -> None:
    tasks = [EvaluateTask(n, Artifact.of(text), (1, 2)) for n, text in enumerate(texts)]
    data = b"".join(frame(task) for task in tasks)
    frames = Frames()

    bodies = [
        body for at in range(0, len(data), step) for body in frames.feed(data[at : at + step])
    ]

    assert [decode_task(body) for body in bodies] == tasks
