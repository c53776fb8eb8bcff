"""LaTeX sources. `sources` joins the files into one text without comments, `mending` repairs what is broken, `macros` are expanded,
`parsing` makes nodes of it, `body`, `floats`, `tables`, `references`, `numbering` and `text` sections and points, and `reader` writes the document."""
