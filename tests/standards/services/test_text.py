import pytest

from standards.services.text import plain_text, safe_html


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("one\r\ntwo", "one<br>two"),
        ("<p>one</p>", "<p>one</p>"),
        ("x<sup>2</sup> &times; 3", "x<sup>2</sup> × 3"),
        ("5 &times; 3", "5 × 3"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<script>alert(1)</script>Add", "Add"),
        ('<p onclick="x()" style="color:red" class="a">Add</p>', "<p>Add</p>"),
        ('<a href="javascript:x()">Add</a>', "Add"),
        ('<img src="x" onerror="y()">Add', "Add"),
        ("Solve $x = {-b \\pm \\sqrt{b^2-4ac} \\over 2a}$", "Solve $x = {-b \\pm \\sqrt{b^2-4ac} \\over 2a}$"),
        ("if $a<b$ then", "if $a&lt;b$ then"),
        ("1 <2 and 3> 2", "1 &lt;2 and 3&gt; 2"),
    ],
)
def test_safe_html_keeps_text_and_drops_what_can_do_harm(source, shown):
    assert safe_html(source) == shown


def test_plain_text_is_one_line_without_markup():
    assert plain_text("<p>Add &amp; subtract</p>\r\n<ul><li>x &lt; y</li></ul>") == "Add & subtract x < y"
    assert plain_text("Tell $a<b$ apart") == "Tell $a<b$ apart"
