"""Mails and chats lead to the page of the order, wherever the app is told to be found."""

from django.urls import reverse

from orders.services.order_address import order_address


def test_it_is_the_address_of_the_page(settings):
    settings.SITE_URL = "https://shop.example.test"
    assert order_address(7) == "https://shop.example.test" + reverse("orders:purchase_order", args=[7])
