"""What a screen reader walks by: landmarks of the frame, and headings of the columns of tables."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse


def test_the_menu_of_wide_screens_stands_in_a_landmark_with_the_brand(staff):
    page = staff.get(reverse("dashboards:home")).content.decode()
    side = re.search(r'<header class="side">.*?</header>', page, re.DOTALL)
    assert side is not None
    assert 'class="brand"' in side.group()


def test_no_column_of_a_table_is_without_a_heading():
    empty = re.compile(r"<th\b[^>]*>\s*</th>")
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [str(path) for path in templates if empty.search(path.read_text())] == []
