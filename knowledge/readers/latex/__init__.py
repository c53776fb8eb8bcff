"""LaTeX sources. `sources` joins the files into one text without comments, `mending` repairs what is broken, `macros` are expanded,
`body`, `floats`, `tables`, `references` and `text` turn it into sections and points, and `reader` writes the document."""
