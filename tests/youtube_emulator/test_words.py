import pytest

from youtube_emulator.words import needle, search_text, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rock'n'Roll & Blues", ("rock", "n", "roll", "blues")),
        ("ÉTÉ à l'Œuvre", ("ete", "a", "l", "oeuvre")),
        ("Straße ﬁn ①２", ("strasse", "fin", "12")),
        ("Łódź Ёлка", ("lodz", "елка")),
        ("日本料理 cooking", ("日", "本", "料", "理", "cooking")),
        ("キッチン", ("キ", "ッ", "チ", "ン")),
        ("क्रिकेट चर्चा", ("क्रिकेट", "चर्चा")),
        ("케이팝 3탄", ("케이팝", "3탄")),
        ("مُحَمَّد", ("محمد",)),
        ("so good 🔥!!", ("so", "good", "🔥")),
        ("—…!", ()),
    ],
)
def test_words_are_folded_runs_of_letters_and_digits(text: str, expected: tuple[str, ...]):
    assert words(text) == expected


def test_a_phrase_is_not_found_over_the_border_of_two_fields():
    text = search_text((("live", "coding"), ("rust", "cooking")))

    assert needle(("live", "coding")) in text
    assert needle(("rust",)) in text
    assert needle(("coding", "rust")) not in text
