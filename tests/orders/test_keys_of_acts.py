"""One word about the key of an act, whichever act it is."""

import pytest

from accounts.errors import InvalidInput
from orders.services.keys import MAX_KEY, MAX_RECEIPT_KEY, check_key, require_key


@pytest.mark.parametrize(("check", "key"), [(check_key, ""), (check_key, "k" * MAX_KEY), (require_key, "k")])
def test_a_key_that_can_be_kept_passes(check, key):
    check(key)


def test_one_that_is_too_long_is_refused_with_the_most():
    for check, most in ((check_key, MAX_KEY), (require_key, MAX_RECEIPT_KEY)):
        with pytest.raises(InvalidInput, match=f"at most {most} characters"):
            check("k" * (most + 1), most=most)


def test_an_act_that_needs_one_is_refused_without():
    with pytest.raises(InvalidInput, match="Send a key"):
        require_key("")
