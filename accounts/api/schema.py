"""What every operation has in common in the OpenAPI document: its refusals, all of one shape."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "A stable word: urn:youhuo:problem:out_of_stock"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "A row for each offending field or line.",
            "items": {"type": "object", "additionalProperties": True},
        },
    },
}
ALWAYS = {
    "400": "The request is not valid.",
    "401": "Nobody is signed in.",
    "403": "The role or the key does not allow it.",
    "404": "There is no such object, or it is not yours.",
    "406": "The answer is JSON.",
    "422": "A rule is broken, or the idempotency key belongs to another request.",
    "429": "Too many calls of this key or user within a minute, or too many wrong keys from this address.",
    "503": "Others are at work on the same rows, or the database is away. Try again in a moment.",
}
OF_WRITES = {
    "409": "The state of the stock or the object does not allow it, or the first call with this key is still at work.",
    "412": "It is no longer what you saw.",
    "415": "The body is JSON.",
    "428": "Say in If-Match which version you change.",
}
# These say when.
COME_AGAIN = {"429", "503"}
RETRY_AFTER = {"description": "Seconds after which to come again.", "schema": {"type": "integer"}}
METHODS = {"get", "post", "put", "patch", "delete"}


def describe_problems(result: dict[str, Any], **_facts: Any) -> dict[str, Any]:
    """A hook of drf-spectacular, after the document is made."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for method, operation in methods.items():
            if method in METHODS:
                refusals = ALWAYS if method == "get" else ALWAYS | OF_WRITES
                described = {status: _problem(status, text) for status, text in refusals.items()}
                operation["responses"] = described | operation["responses"]
    return result


def _problem(status: str, text: str) -> dict[str, Any]:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    described: dict[str, Any] = {"description": text, "content": {"application/problem+json": shape}}
    return described | ({"headers": {"Retry-After": RETRY_AFTER}} if status in COME_AGAIN else {})
