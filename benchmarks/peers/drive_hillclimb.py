"""Run plain greedy hill climbing: breed from the best, accept what is better. No frills.

``python drive_hillclimb.py SETTINGS.json``. The request is as short as it can be and the model
is asked over a plain connection that stays open.
"""

from __future__ import annotations

import http.client
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from evaluator import Evaluator


class Chat:
    """A connection to the model."""

    def __init__(self, url: str, model: str) -> None:
        parts = urlsplit(url)
        self._path = f"{parts.path}/chat/completions"
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        self._model = model

    def __call__(self, prompt: object) -> str:
        """Return the reply to a prompt: a text or a list of messages."""
        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
        body = json.dumps({"model": self._model, "messages": messages}).encode()
        headers = {"content-type": "application/json"}
        self._connection.request("POST", self._path, body, headers)
        answer = json.loads(self._connection.getresponse().read())
        return answer["choices"][0]["message"]["content"]


def code_of(reply: str) -> str:
    """Return the program of a reply."""
    return reply.split("```python\n", 1)[1].split("```", 1)[0]


def main() -> None:
    """Climb."""
    given = json.loads(Path(sys.argv[1]).read_text())
    evaluate = Evaluator(given["task"], given["log"])
    ask = Chat(given["url"], given["model"])
    best, best_score = evaluate.task.seed, evaluate(evaluate.task.seed).score
    assert best_score is not None
    for _ in range(given["calls"]):
        child = code_of(ask(f"Improve this program.\n```python\n{best}\n```"))
        score = evaluate(child).score
        if score is not None and score > best_score:
            best, best_score = child, score


if __name__ == "__main__":
    main()
