from stack.columns import columns


def test_columns_are_as_wide_as_their_widest_cell_and_numbers_are_flush_right() -> None:
    assert columns(("name", "found"), [("tea", "7"), ("street food", "1,234")], numbers={1}) == [
        "name         found",
        "tea              7",
        "street food  1,234",
    ]


def test_characters_that_take_two_cells_count_as_two_and_marks_as_none() -> None:
    assert columns(("a", "b"), [("東京", "x"), ("e\u0301", "y")]) == ["a     b", "東京  x", "e\u0301     y"]


def test_what_is_very_long_is_cut() -> None:
    [_, row] = columns(("name", "n"), [("x" * 200, "1")])

    assert row == "x" * 39 + "…  1"
