"""What other programs read: JSON, CSV, Atom."""
