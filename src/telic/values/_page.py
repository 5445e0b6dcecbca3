"""What every page and table of a report has in common: one style, no script, nothing loaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from telic.errors import StorageError

__all__ = ["html_table", "page", "table", "write_files"]

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2126;--soft:#66707a;--line:#d9dee3;--own:#2563a8;
--null:#b0782a;--p0:#2f7d4f;--p1:#c9a227;--p2:#b4532a;--p3:#7a4b9c;--p4:#8a2b3c;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#98a2ac;--line:#3a4148;--own:#7db3f0;
--null:#e0b070;--p0:#6fc48f;--p1:#e3c65c;--p2:#e58e66;--p3:#b98ddb;--p4:#e0798b;--paper:#14181b}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:800px;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}svg{max-width:100%;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg .tick{fill:var(--soft)}
.grid{stroke:var(--line)}.reference{stroke:var(--soft);stroke-dasharray:3 3}
.mark{stroke:var(--null);stroke-width:2}circle.own{fill:var(--own)}circle.null{fill:var(--null)}
.whisker.own{stroke:var(--own);stroke-width:2}.whisker.null{stroke:var(--null);stroke-width:2}
.part0{fill:var(--p0)}.part1{fill:var(--p1)}.part2{fill:var(--p2)}.part3{fill:var(--p3)}
.part4{fill:var(--p4)}.note{border-left:3px solid var(--null);padding-left:.8rem}
.soft{color:var(--soft)}table{border-collapse:collapse;font-size:.9rem}
td,th{padding:.15rem .6rem .15rem 0;text-align:left;border-bottom:1px solid var(--line)}
.edge{stroke:var(--own);fill:none}.head{fill:var(--own)}.node{fill:var(--paper);stroke:var(--ink)}
"""


def page(title: str, sections: Iterable[str]) -> str:
    """Return a whole page; sections are markup, the title is text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{''.join(sections)}</body></html>\n"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def html_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a table of a page; cells are text."""
    titles = "".join(f"<th>{escape(title)}</th>" for title in header)
    lines = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><tr>{titles}</tr>{body}</table>"


def write_files(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write files into a folder, made where it does not exist, and return their paths.

    Raises:
        StorageError: if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror or error}") from error
    return tuple(folder / name for name in files)
