"""The query language as it is parsed; what it finds is in the contracts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_index import Question, QuestionError, parse_question
from video_index.question import MAX_LENGTH, MAX_TERMS, Term


def shown(term: Term) -> str:
    field = "" if term.field == "all" else f"{term.field}:"
    return f"{field}{' '.join(term.words)}{'*' if term.unfinished else ''}"


def groups(question: Question) -> list[list[str]]:
    return [[shown(term) for term in group] for group in question.wanted]


@pytest.mark.parametrize(
    ("text", "wanted", "excluded"),
    [
        ("a b", [["a"], ["b*"]], []),
        ('a "b c"', [["a"], ["b c"]], []),
        ("a -b", [["a"]], ["b"]),
        ("-a b", [["b*"]], ["a"]),
        ('-"a b"', [], ["a b"]),
        ("well-known", [["well known"]], []),
        ("a OR b c", [["a", "b"], ["c*"]], []),
        ("a | b || c", [["a", "b", "c*"]], []),
        ("a OR OR b", [["a", "b*"]], []),
        ("a OR", [["a"]], []),
        ("OR a", [["a*"]], []),
        ("a OR -b c", [["a"], ["c*"]], ["b"]),
        ("-a OR b", [["b*"]], ["a"]),
        ("ORCA or FOR", [["orca"], ["or"], ["for*"]], []),
        ("title:a", [["title:a*"]], []),
        ('Title:"a b" CHANNEL:c', [["title:a b"], ["channel:c*"]], []),
        ('-title:a -channel:"b c"', [], ["title:a", "channel:b c"]),
        ("title: a", [["title"], ["a*"]], []),
        ("subtitle:a b:c", [["subtitle a"], ["b c"]], []),
        ("title:!? a", [["a*"]], []),
        ("title:a-b", [["title:a b"]], []),
        ("title:a|channel:b", [["title:a", "channel:b*"]], []),
        ("title:title:a", [["title:title a"]], []),
        ("“a b” „c d”", [["a b"], ["c d"]], []),
    ],
)
def test_what_a_text_asks_for(text: str, wanted: list[list[str]], excluded: list[str]) -> None:
    question = parse_question(text)

    assert groups(question) == wanted
    assert [shown(term) for term in question.excluded] == excluded


@pytest.mark.parametrize("text", ["", " ", "OR", "|", "OR | OR", '""', "-", "title:", "...", 'title:""'])
def test_a_text_without_a_word_says_so_or_is_a_word(text: str) -> None:
    if text == "title:":
        assert groups(parse_question(text)) == [["title*"]]
    else:
        with pytest.raises(QuestionError, match="no word"):
            parse_question(text)


def test_stems_are_searched_and_words_are_kept() -> None:
    [[term]] = parse_question('"Running Shoes"').wanted

    assert (term.words, term.stems) == (("running", "shoes"), ("run", "shoe"))


_TEXT = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            "OR",
            "|",
            '"',
            "-",
            "title:",
            "channel:",
            "a",
            "b c",
            " ",
            "東京",
            "🔥",
            "(",
            ")",
            "\\",
            "|OR|",
            "é",
            "：",
            "or",
        ]
    ),
    max_size=30,
).map("".join)


@given(_TEXT)
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_question_or_a_named_error(text: str) -> None:
    try:
        question = parse_question(text)
    except QuestionError as error:
        assert str(error)
        return
    terms = [*question.terms, *question.excluded]
    assert 1 <= len(terms) <= MAX_TERMS
    assert all(term.words and len(term.words) == len(term.stems) for term in terms)
    assert all(group for group in question.wanted)
    assert sum(term.unfinished for term in terms) <= 1


def test_long_texts_are_refused() -> None:
    with pytest.raises(QuestionError, match=f"at most {MAX_LENGTH}"):
        parse_question("a" * (MAX_LENGTH + 1))
    with pytest.raises(QuestionError, match=f"at most {MAX_TERMS}"):
        parse_question("a|" * (MAX_TERMS + 1))
