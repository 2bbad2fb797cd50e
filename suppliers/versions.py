"""Rows of suppliers that people and programs edit."""

from accounts.versions import Versioned
from suppliers.locks import lock_closure, lock_supplier, lock_terms

SUPPLIER = Versioned("suppliers_supplier", lock=lock_supplier)
TERMS = Versioned("suppliers_supplierterms", lock=lock_terms)
CLOSURE = Versioned("suppliers_supplierclosure", lock=lock_closure)
