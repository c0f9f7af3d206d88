"""Tests of keian; the folders are explained in docs/conventions.md."""
