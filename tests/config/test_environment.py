"""Values of the environment are read, and a bad one is refused with a sentence that names it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Environment, database_settings, email_settings, read_env_file


def env(**values):
    return Environment(values)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (lambda e: e.flag("DEMO", default=True), "DEMO"),
        (lambda e: e.integer("PORT", default=8000, minimum=1, maximum=65535), "PORT"),
        (lambda e: e.url("DATABASE_URL", schemes={"postgres"}), "DATABASE_URL"),
        (lambda e: e.url("REDIS_URL", schemes={"redis"}), "REDIS_URL"),
        (lambda e: e.required("SECRET_KEY", "make one."), "SECRET_KEY"),
    ],
)
def test_a_bad_value_is_named(read, name):
    bad = {"DEMO": "perhaps", "PORT": "99999", "DATABASE_URL": "mysql://x/y", "REDIS_URL": "redis://h:0/1"}
    with pytest.raises(ImproperlyConfigured, match=name):
        read(env(**bad))


def test_good_values():
    found = env(DEMO="1", PORT="8080", ALLOWED_HOSTS="a.example, b.example")
    assert found.flag("DEMO", default=False) is True
    assert found.integer("PORT", default=1, minimum=1, maximum=65535) == 8080
    assert found.words("ALLOWED_HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    "typed", ["https://Shop.example:8443", "https://shop.example:8443/", "HTTPS://shop.example:8443"]
)
def test_the_address_of_the_site_is_an_origin_as_browsers_send_it(typed):
    assert env(SITE_URL=typed).origin("SITE_URL", "http://127.0.0.1") == "https://shop.example:8443"


@pytest.mark.parametrize("typed", ["shop.example", "ftp://shop.example", "https://", "https://shop.example/youhuo"])
def test_an_address_of_the_site_that_is_none_is_refused(typed):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        env(SITE_URL=typed).origin("SITE_URL", "http://127.0.0.1")


def test_a_currency_is_three_letters_however_they_are_typed():
    assert env(DEFAULT_CURRENCY="eur").currency("DEFAULT_CURRENCY", "USD") == "EUR"
    for typed in ("€", "EURO", "12A"):
        with pytest.raises(ImproperlyConfigured, match="DEFAULT_CURRENCY"):
            env(DEFAULT_CURRENCY=typed).currency("DEFAULT_CURRENCY", "USD")


def test_a_database_address_with_a_socket_folder():
    parts = env(DATABASE_URL="postgres://me@/shop?host=/run/pg").url("DATABASE_URL", schemes={"postgres"})
    found = database_settings(parts)
    assert (found["HOST"], found["NAME"], found["USER"]) == ("/run/pg", "shop", "me")


def test_a_database_address_without_a_name_is_refused():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL names no database"):
        database_settings(env(DATABASE_URL="postgres://host").url("DATABASE_URL", schemes={"postgres"}))


def test_an_email_address_with_encryption():
    parts = env(EMAIL_URL="smtp+tls://me:p%40ss@mail.example").url("EMAIL_URL", schemes={"smtp+tls"})
    found = email_settings(parts)
    assert (found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"], found["EMAIL_USE_TLS"]) == (587, "p@ss", True)


def test_the_file_is_read_and_a_broken_line_is_named(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# note\n\nPORT=8080\nSECRET_KEY='x y'\n")
    assert read_env_file(file) == {"PORT": "8080", "SECRET_KEY": "x y"}
    file.write_text("PORT=8080\nrubbish\n")
    with pytest.raises(ImproperlyConfigured, match="line 2"):
        read_env_file(file)
