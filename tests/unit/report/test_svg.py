from __future__ import annotations

from markupsafe import escape

from keian.report.svg import day_ticks, fit, measure, nice_ceiling, tag, text, wrap


def test_text_and_attributes_are_escaped():
    made = tag("text", "<script>", class_='a"b', href="x&y")
    assert str(made) == '<text class="a&#34;b" href="x&amp;y">&lt;script&gt;</text>'
    assert escape(made) == made


def test_nested_elements_are_not_escaped_twice():
    inner = text(1, 2, "a < b")
    assert str(tag("g", inner)) == '<g><text x="1" y="2">a &lt; b</text></g>'


def test_lines_stay_inside_their_width():
    words = "Heavy rare earths (dysprosium, terbium) and light rare earths"
    for line in wrap(words, 140, 13):
        assert measure(line, 13) <= 140
    assert " ".join(wrap(words, 140, 13)) == words


def test_japanese_breaks_between_characters_but_starts_no_line_with_a_stop():
    words = "重希土類（ジスプロシウム、テルビウム等）の在庫は41日目に下限を割る。"
    made = wrap(words, 140, 13)
    assert "".join(made) == words
    assert all(line[0] not in "、。）" for line in made)
    assert any("41" in line for line in made), "a number is not torn apart"


def test_what_does_not_fit_ends_in_an_ellipsis():
    made = fit("one two three four five six seven", 60, most=1)
    assert len(made) == 1
    assert made[0].endswith("…")
    assert measure(made[0]) <= 60


def test_axes_end_on_round_numbers():
    assert nice_ceiling(159) == 200
    assert nice_ceiling(7.4) == 8
    assert day_ticks(120) == [0, 30, 60, 90, 120]
