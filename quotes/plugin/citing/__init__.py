"""Quotes as people and programs cite them."""
