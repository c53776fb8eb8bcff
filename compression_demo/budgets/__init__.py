"""Budgeted compression: each layer at several levels, and the level that each of them gets."""
