"""Names of events that the outbox itself makes."""

TEST_EVENT = "webhook.test"
