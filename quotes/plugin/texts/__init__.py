"""Texts cut into paragraphs, parts of pages, and pieces to be marked."""
