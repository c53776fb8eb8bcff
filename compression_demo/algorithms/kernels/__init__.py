"""Compiled row kernels (Numba): greedy elimination and least squares on the kept columns.

`plain` is the one to read, debug and trust; it runs as ordinary Python under NUMBA_DISABLE_JIT=1, and in float32 or
float64. `vector` does the same in float32 with the vector instructions of the CPU. Both have the functions

    eliminate_rows(start, stop, weight, fixed, inverse, n, m, scale, zero, group_size, top, order, loss, codes,
                   multipliers)
    eliminate_blocks(start, stop, weight, inverse, block, order, loss)
    solve_rows(start, stop, kept, hessian, right, solved)

which work on rows start .. stop - 1, touch nothing else, release the interpreter lock, and so run in threads.
"""
