"""Threads of OpenReview. `export` finds the notes in a file, `notes` reads them, `threads` tells who wrote what to whom, `fields`
what the fields mean, and `reader` writes the documents."""
