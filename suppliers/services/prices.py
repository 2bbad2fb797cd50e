"""The history of prices: a row each time that terms ask for another one."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

# The last price of each of these terms is compared with what they say now; what is the same adds nothing.
_NOTE = """
INSERT INTO suppliers_supplierprice (terms_id, price, currency, since)
SELECT terms.id, terms.price, supplier.currency, %(now)s
  FROM suppliers_supplierterms terms
  JOIN suppliers_supplier supplier ON supplier.id = terms.supplier_id
  LEFT JOIN LATERAL (
       SELECT price, currency FROM suppliers_supplierprice
        WHERE terms_id = terms.id ORDER BY since DESC, id DESC LIMIT 1
  ) AS last ON true
 WHERE terms.id = ANY(%(terms)s)
   AND (terms.price, supplier.currency) IS DISTINCT FROM (last.price, last.currency)
"""


def note_prices(*, terms_ids: Collection[int], now: datetime) -> int:
    """Remembers what these terms ask from now on, where it is not what they asked before; call it in the transaction
    that wrote them. One statement; returns how many prices are new."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"terms": list(terms_ids), "now": now})
        return int(cursor.rowcount)
