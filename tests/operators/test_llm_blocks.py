import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact, respects_regions
from telic.operators.llm import EditError, apply_blocks, edited, read_blocks

PROGRAM = """def outside():
    return 1


# EVOLVE-BLOCK-START
def area(width, height):
    if width < 0:
        return 0
    return width * height


def rim(width, height):
    if width < 0:
        return 0
    return 2 * (width + height)
# EVOLVE-BLOCK-END
"""


def edit(search: str, replace: str, file: str = "") -> str:
    named = f"FILE: {file}\n" if file else ""
    return f"{named}<<<<<<< SEARCH\n{search}\n=======\n{replace}\n>>>>>>> REPLACE\n"


def applied(*edits: str, program: str = PROGRAM) -> str:
    return apply_blocks(Artifact.of(program), read_blocks("\n".join(edits))).text


def test_an_exact_edit_changes_just_its_lines() -> None:
    text = applied(edit("    return width * height", "    return width * height / 2"))

    assert text == PROGRAM.replace("width * height", "width * height / 2", 1)


def test_blanks_at_line_ends_do_not_matter() -> None:
    text = applied(
        edit("def area(width, height):  \n    if width < 0:\t", "def area(width, h):\n    if h:")
    )

    assert "def area(width, h):\n    if h:\n        return 0\n    return width * height" in text


def test_an_edit_at_another_indentation_follows_the_programs_own() -> None:
    text = applied(edit("return width * height", "size = width * height\nreturn size"))

    assert "    size = width * height\n    return size\n\n\ndef rim" in text


def test_an_edit_indented_too_far_is_moved_back() -> None:
    text = applied(edit("            return 2 * (width + height)", "            return 3 * width"))

    assert "\n    return 3 * width\n# EVOLVE" in text


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (edit("    if width < 0:\n        return 0", "    pass"), r"2 times \(line 7, line 13\)"),
        (edit("  if width < 0:\n      return 0", "    pass"), r"found 2 times"),
        (edit("    return 1", "    return 2"), "only outside the lines that may change"),
        (edit("    return width + height", "    pass"), r"not found; the nearest line is: return"),
        (edit("", "x"), "empty"),
        (edit("    return width * height", "    return width * height"), "change nothing"),
        ("no edit at all", "no SEARCH/REPLACE block"),
        ("<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "no line ======="),
        ("<<<<<<< SEARCH\na\n=======\nb\n", "not closed"),
        (edit("    return width * height", "x", "other.py"), "names the file other.py"),
    ],
)
def test_what_does_not_apply_says_why(reply: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        applied(reply)


def test_edits_of_the_same_lines_are_refused() -> None:
    first = edit("    return width * height", "    return 1")
    second = edit("        return 0\n    return width * height", "    return 2")

    with pytest.raises(EditError, match="blocks 1 and 2 change the same lines"):
        applied(first, second)


def test_edits_all_apply_to_the_text_as_it_was() -> None:
    text = applied(
        edit("def rim(width, height):", "def rim(a, b):"),
        edit("def area(width, height):", "def area(a, b):\n    # def rim(width, height):"),
    )

    assert "def rim(a, b):" in text
    assert "    # def rim(width, height):" in text


def test_an_edit_without_a_name_finds_the_one_file_that_has_its_lines() -> None:
    tree = Artifact((("main.rs", "fn a() {}\n"), ("lib.rs", "fn b() {}\n")))

    changed = apply_blocks(tree, read_blocks(edit("fn b() {}", "fn b() { a() }")))

    assert changed.files == (("main.rs", "fn a() {}\n"), ("lib.rs", "fn b() { a() }\n"))


def test_lines_that_two_files_have_need_a_name() -> None:
    tree = Artifact((("a.c", "int x;\n"), ("b.c", "int x;\n")))

    with pytest.raises(EditError, match=r"2 times \(a\.c line 1, b\.c line 1\)"):
        apply_blocks(tree, read_blocks(edit("int x;", "int y;")))

    named = apply_blocks(tree, read_blocks(edit("int x;", "int y;", "b.c")))
    assert named.files == (("a.c", "int x;\n"), ("b.c", "int y;\n"))


def test_markers_cannot_be_edited_away() -> None:
    reply = edit("# EVOLVE-BLOCK-END", "# done")

    with pytest.raises(EditError, match="outside"):
        edited(Artifact.of(PROGRAM), reply)


def test_markers_cannot_be_added() -> None:
    reply = edit(
        "    return width * height", "    return 1\n# EVOLVE-BLOCK-END\n# EVOLVE-BLOCK-START"
    )

    with pytest.raises(EditError, match="markers"):
        edited(Artifact.of(PROGRAM), reply)


def test_python_that_does_not_compile_is_sent_back_with_its_line() -> None:
    with pytest.raises(EditError, match="SyntaxError in line 9"):
        edited(Artifact.of(PROGRAM), edit("    return width * height", "    return ("))


def test_a_file_without_a_line_end_keeps_having_none() -> None:
    assert applied(edit("b", "c"), program="a\nb") == "a\nc"


def test_a_whole_file_replaces_what_may_change_and_nothing_else() -> None:
    reply = (
        "Better.\n```python\n"
        + PROGRAM.replace("return 1", "return 9").replace("2 * (width", "4 * (width")
        + "```\n"
    )

    child = edited(Artifact.of(PROGRAM), reply)

    assert child.text == PROGRAM.replace("2 * (width", "4 * (width")


def test_the_inside_of_the_only_region_may_come_alone() -> None:
    child = edited(Artifact.of(PROGRAM), "```\ndef area(w, h):\n    return w\n```")

    assert "# EVOLVE-BLOCK-START\ndef area(w, h):\n    return w\n# EVOLVE-BLOCK-END\n" in child.text
    assert child.text.startswith("def outside():\n    return 1\n")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("```\ndef outside():\n    return 2\n\ndef area(w, h):\n    return 1\n```", "as a whole"),
        ("```\n# EVOLVE-BLOCK-START\nx = 1\n```", "markers of the reply are wrong"),
        ("```\n" + PROGRAM + "```", "the same program"),
        ("just words", "no fenced block"),
        ("FILE: b.py\n```\nx = 1\n```", r"holds a file b\.py"),
    ],
)
def test_a_rewrite_that_cannot_stand_says_why(reply: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        edited(Artifact.of(PROGRAM), reply)


def test_several_files_are_told_apart_by_name() -> None:
    tree = Artifact((("a.js", "let a = 1\n"), ("b.js", "let b = 1\n")))

    child = edited(tree, "FILE: a.js\n```js\nlet a = 2\n```\nFILE: b.js\n```js\nlet b = 2\n```\n")

    assert child.files == (("a.js", "let a = 2\n"), ("b.js", "let b = 2\n"))


lines = st.lists(
    st.sampled_from(["a = 1", "    b = 2", "", "c(3)", "        d", "# EVOLVE-BLOCK-START x"[:8]]),
    min_size=1,
    max_size=12,
)


@given(program=lines, start=st.integers(0, 11), size=st.integers(1, 4), indent=st.integers(0, 3))
def test_an_edit_goes_to_its_lines_or_nowhere(
    program: list[str], start: int, size: int, indent: int
) -> None:
    text = "\n".join(program) + "\n"
    wanted = program[start : start + size]
    reply = edit("\n".join(" " * indent + line if line else line for line in wanted), "NEW = 0")

    try:
        child = apply_blocks(Artifact.of(text, "x.txt"), read_blocks(reply)).text.splitlines()
    except EditError:
        return

    changed = [" ".join(line.split()) for line in child]
    place = next(i for i, line in enumerate(changed) if line == "NEW = 0")
    removed = [" ".join(line.split()) for line in program[place : place + len(wanted)]]
    assert child[:place] == program[:place]
    assert removed == [" ".join(line.split()) for line in wanted]
    assert child[place + 1 :] == program[place + len(wanted) :]


@given(reply=st.text(alphabet="<>=# \nSEARCHREPLACEabx`1", max_size=200))
def test_whatever_a_reply_holds_the_frozen_text_stays(reply: str) -> None:
    parent = Artifact.of(PROGRAM)

    try:
        child = edited(parent, reply)
    except EditError:
        return

    assert respects_regions(parent, child)
