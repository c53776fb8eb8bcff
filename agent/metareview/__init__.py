"""The meta-review: what it is built from, how it is built, kept, checked and written out for the venues."""
