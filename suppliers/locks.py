"""The locks of suppliers in one place; no stock level is among them."""

from suppliers.models import Supplier, SupplierClosure, SupplierTerms


def lock_supplier(supplier_id: int) -> Supplier:
    """Call it inside a transaction. Raises Supplier.DoesNotExist."""
    return Supplier.objects.select_for_update().get(pk=supplier_id)


def lock_terms(terms_id: int) -> SupplierTerms:
    """Call it inside a transaction. Raises SupplierTerms.DoesNotExist."""
    return SupplierTerms.objects.select_for_update().get(pk=terms_id)


def lock_closure(closure_id: int) -> SupplierClosure:
    """Call it inside a transaction. Raises SupplierClosure.DoesNotExist."""
    return SupplierClosure.objects.select_for_update().get(pk=closure_id)
