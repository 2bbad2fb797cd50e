"""Tables of what is to be sent to people and programs outside."""

from outbox.models.endpoint import EndpointFormat, WebhookEndpoint
from outbox.models.message import Channel, DeliveryAttempt, Message, MessageState

__all__ = ["Channel", "DeliveryAttempt", "EndpointFormat", "Message", "MessageState", "WebhookEndpoint"]
