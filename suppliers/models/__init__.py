"""Tables of those who deliver, on what terms, and how long they really take."""

from suppliers.models.lead_time import ObservedLeadTime
from suppliers.models.price import SupplierPrice
from suppliers.models.supplier import Supplier, SupplierClosure
from suppliers.models.terms import SupplierTerms

__all__ = ["ObservedLeadTime", "Supplier", "SupplierClosure", "SupplierPrice", "SupplierTerms"]
