"""Papers as PDF. `reader` starts a `process` of its own for each file; in it `page` reads characters and what is painted,
`visibility` tells what a person sees, `lines`, `columns` and `margins` find the reading order, `blocks`, `headings`, `tables`, `rows` and
`figures` what the blocks are, and `paper` writes the document."""
