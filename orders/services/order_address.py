"""Where an order's page is, for mails and chats; a worker writes them, who has no request to ask."""

from django.conf import settings

ORDER_PATH = "/orders/{id}/"


def order_address(order_id: int) -> str:
    return settings.SITE_URL + ORDER_PATH.format(id=order_id)
