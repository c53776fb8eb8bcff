"""The row kernels in float32 with the CPU's vector instructions; `plain` says what they compute, in readable form.

Four inner kernels are written as LLVM vector code through Numba's `@intrinsic`; all else is plain Numba. They share the
file with their callers, since Numba's cache looks at one file only. Slots (columns not dropped yet) are stored in
chunks of CHUNK; the factor rows lie chunk by chunk, PANEL rows of CHUNK slots each, so that a step handles a chunk in
registers, and a tile of the triangle streams through two chunks of the factor that fit into the first-level cache. The
triangle lies in strips of TILE_COLS columns, row by row: a tile is then one piece of memory, and a column is read
without a page for each entry.

Costs are kept comparable by penalties instead of states: 0 for a free column, GONE for one that is gone (no cost
reaches it), FIRST for one that goes before all others.
"""

from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic as as_intrinsic


def _find_lanes() -> int:
    """Float32 lanes of this CPU's widest vectors."""
    features = llvm.get_host_cpu_features()
    return 16 if features.get("avx512f") else 8 if features.get("avx") else 4


LANES = _find_lanes()
# The instruction that packs chosen lanes; older code generators abort the process on it.
PACKS = LANES == 16 and llvm.llvm_version_info[0] >= 20
CHUNK = 64
VECTORS = CHUNK // LANES
PANEL = 64
TILE_ROWS = 8 if LANES == 16 else 4
TILE_VECTORS = 2
TILE_COLS = TILE_VECTORS * LANES
SPARE = 2 * CHUNK
"""Room behind arrays of slots for whole vectors that reach past the last slot."""
FREE, GONE, FIRST = np.float32(0), np.float32(3e38), np.float32(-1e30)
NEVER = np.float32(3.2e38)
"""Above all costs, those of columns that are gone included."""
# As in `plain`; not imported, since Numba's cache would not see them change there. A test holds them equal.
HALF_STEP, ROUNDING = 0.50005, 5e-7
NOT_FINITE = "a cost is not a finite number"

intrinsic: Any = as_intrinsic  # callers leave out the first parameter, which Numba fills in
compiled = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})

F32, I32, I64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
VECTOR, INTEGERS = ir.VectorType(F32, LANES), ir.VectorType(I32, LANES)
ZEROS = ir.Constant(VECTOR, [0.0] * LANES)
FLOATS = types.Array(types.float32, 1, "C")
INTS = types.Array(types.int32, 1, "C")


class _Code:
    """The vector instructions that the kernels below are written in."""

    def __init__(self, context, builder, signature, arguments):
        self.context, self.builder = context, builder
        self.kinds, self.values = signature.args, arguments

    def pointer(self, argument, offset):
        """The address of element `offset` of the array that is the argument's number `argument`."""
        array = self.context.make_array(self.kinds[argument])(self.context, self.builder, self.values[argument])
        return self.builder.gep(array.data, [offset])

    def at(self, pointer, offset):
        return self.builder.gep(pointer, [offset if isinstance(offset, ir.Value) else I64(offset)])

    def load(self, pointer, kind=VECTOR):
        return self.builder.load(self.builder.bitcast(pointer, kind.as_pointer()), align=4)

    def store(self, value, pointer):
        self.builder.store(value, self.builder.bitcast(pointer, value.type.as_pointer()), align=4)

    def spread(self, scalar, kind=VECTOR):
        """A vector with `scalar` in all lanes."""
        one = self.builder.insert_element(ir.Constant(kind, ir.Undefined), scalar, I32(0))
        lanes = ir.Constant(ir.VectorType(I32, LANES), [0] * LANES)
        return self.builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), lanes)

    def call(self, name, *values):
        kind = ir.FunctionType(values[0].type, [value.type for value in values])
        suffix = f"v{LANES}f32" if values[0].type == VECTOR else "f32"
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.{suffix}")
        return self.builder.call(function, values)

    def reduce(self, name, vector):
        """The lanes' least (fmin, smin) or largest (fmax); none is NaN."""
        kind, flags = (I32, ()) if vector.type == INTEGERS else (F32, ("nnan",))
        suffix = f"v{LANES}{'f' if kind == F32 else 'i'}32"
        kind = ir.FunctionType(kind, [vector.type])
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.vector.reduce.{name}.{suffix}")
        return self.builder.call(function, [vector], fastmath=flags)

    def sum(self, vector):
        """The sum of all lanes."""
        kind = ir.FunctionType(F32, [F32, VECTOR])
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.vector.reduce.fadd.v{LANES}f32")
        return self.builder.call(function, [F32(0), vector], fastmath=("reassoc",))

    def multiply_add(self, a, b, c):
        return self.call("fma", a, b, c)

    def minimum(self, a, b):
        return self.builder.select(self.builder.fcmp_ordered("<", a, b), a, b)

    def maximum(self, a, b):
        return self.builder.select(self.builder.fcmp_ordered(">", a, b), a, b)

    def registers(self, count, value=ZEROS):
        """Variables that the code generator keeps in vector registers."""
        cells = [cgutils.alloca_once(self.builder, VECTOR) for _ in range(count)]
        for cell in cells:
            self.builder.store(value, cell)
        return cells

    def nothing(self):
        return self.context.get_dummy_value()


def _emit_update(code, vectors):
    """A tile of TILE_ROWS x vectors * LANES entries of the triangle, less the products of the factor's rows."""
    builder, values = code.builder, code.values
    start = code.pointer(0, values[1])
    rows, cols = code.pointer(3, values[4]), code.pointer(3, values[5])
    lines = [code.at(start, builder.mul(values[2], I64(r))) for r in range(TILE_ROWS)]
    sums = [code.registers(vectors) for _ in range(TILE_ROWS)]
    with cgutils.for_range(builder, values[6]) as loop:
        step = builder.mul(loop.index, I64(CHUNK))
        row, col = code.at(rows, step), code.at(cols, step)
        factors = [code.load(code.at(col, v * LANES)) for v in range(vectors)]
        for r in range(TILE_ROWS):
            scalar = code.spread(builder.load(code.at(row, r)))
            for v in range(vectors):
                builder.store(code.multiply_add(scalar, factors[v], builder.load(sums[r][v])), sums[r][v])
    for r in range(TILE_ROWS):
        for v in range(vectors):
            place = code.at(lines[r], v * LANES)
            code.store(builder.fsub(code.load(place), builder.load(sums[r][v])), place)
    return code.nothing()


_UPDATE = (FLOATS, types.intp, types.intp, FLOATS, types.intp, types.intp, types.intp)


@intrinsic
def _update_tile(typingctx, triangle, offset, stride, factor, of_rows, of_cols, steps):
    """triangle[TILE_ROWS x TILE_COLS at offset] -= the sum over steps of factor[of_rows] (x) factor[of_cols]."""
    return types.void(*_UPDATE), lambda *given: _emit_update(_Code(*given), TILE_VECTORS)


@intrinsic
def _update_narrow(typingctx, triangle, offset, stride, factor, of_rows, of_cols, steps):
    """The same for the first LANES columns of a tile only."""
    return types.void(*_UPDATE), lambda *given: _emit_update(_Code(*given), 1)


@intrinsic
def _copy(typingctx, target, to, source, start):
    """target[to : to + TILE_COLS] = source[start : start + TILE_COLS]."""

    def generate(context, builder, signature, arguments):
        code = _Code(context, builder, signature, arguments)
        to, start = code.pointer(0, arguments[1]), code.pointer(2, arguments[3])
        for v in range(TILE_VECTORS):
            code.store(code.load(code.at(start, v * LANES)), code.at(to, v * LANES))
        return code.nothing()

    return types.void(FLOATS, types.intp, FLOATS, types.intp), generate


@intrinsic
def _factor_rows(typingctx, triangle, offset, stride, vectors, coefficients, roots, first):
    """LANES rows of a Cholesky factor, in place of those of the matrix, from their diagonal on, `vectors` vectors each.

    `roots` from `first` on is filled with one over the diagonal; `coefficients` (LANES * LANES) is overwritten.
    """

    def generate(context, builder, signature, arguments):
        code = _Code(context, builder, signature, arguments)
        start = code.pointer(0, arguments[1])
        lines = [code.at(start, builder.mul(arguments[2], I64(r))) for r in range(LANES)]
        negated, roots = code.pointer(4, I64(0)), code.pointer(5, arguments[6])
        rows = [code.load(line) for line in lines]
        for t in range(LANES):
            root = code.call("sqrt", builder.extract_element(rows[t], I32(t)))
            root = builder.fdiv(F32(1), root)
            builder.store(root, code.at(roots, t))
            row = builder.fmul(rows[t], code.spread(root))
            code.store(row, lines[t])
            code.store(builder.fneg(row), code.at(negated, t * LANES))
            for r in range(t + 1, LANES):
                scalar = code.spread(builder.fneg(builder.extract_element(row, I32(r))))
                rows[r] = code.multiply_add(scalar, row, rows[r])
        with cgutils.for_range_slice(builder, I64(1), arguments[3], I64(1)) as (k, _):
            place = builder.mul(k, I64(LANES))
            rows = [code.load(code.at(line, place)) for line in lines]
            for t in range(LANES):
                row = builder.fmul(rows[t], code.spread(builder.load(code.at(roots, t))))
                code.store(row, code.at(lines[t], place))
                for r in range(t + 1, LANES):
                    scalar = code.spread(builder.load(code.at(negated, t * LANES + r)))
                    rows[r] = code.multiply_add(scalar, row, rows[r])
        return code.nothing()

    return types.void(FLOATS, types.intp, types.intp, types.intp, FLOATS, FLOATS, types.intp), generate


@intrinsic
def _multiply_rows(typingctx, triangle, offset, stride, vectors, vector, first, products):
    """products[:LANES] = LANES rows of the triangle times `vector` from `first` on, over `vectors` vectors."""

    def generate(context, builder, signature, arguments):
        code = _Code(context, builder, signature, arguments)
        start, known = code.pointer(0, arguments[1]), code.pointer(4, arguments[5])
        lines = [code.at(start, builder.mul(arguments[2], I64(r))) for r in range(LANES)]
        sums = code.registers(LANES)
        with cgutils.for_range(builder, arguments[3]) as loop:
            place = builder.mul(loop.index, I64(LANES))
            factors = code.load(code.at(known, place))
            for line, cell in zip(lines, sums, strict=True):
                builder.store(code.multiply_add(code.load(code.at(line, place)), factors, builder.load(cell)), cell)
        for r, cell in enumerate(sums):
            builder.store(code.sum(builder.load(cell)), code.pointer(6, I64(r)))
        return code.nothing()

    return types.void(FLOATS, types.intp, types.intp, types.intp, FLOATS, types.intp, FLOATS), generate


@intrinsic
def _pack(typingctx, target, to, source, start, chosen):
    """Store the lanes of source[start : start + LANES] whose bit is set in `chosen`, side by side from target[to] on.

    A whole vector is stored: what lies behind the chosen lanes is overwritten with anything.
    """

    def generate(context, builder, signature, arguments):
        code = _Code(context, builder, signature, arguments)
        bits = builder.trunc(arguments[4], ir.IntType(LANES))
        mask = builder.bitcast(bits, ir.VectorType(ir.IntType(1), LANES))
        kind = ir.FunctionType(VECTOR, [VECTOR, mask.type, VECTOR])
        name = f"llvm.experimental.vector.compress.v{LANES}f32"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        loaded = code.load(code.pointer(2, arguments[3]))
        packed = builder.call(function, [loaded, mask, ir.Constant(VECTOR, ir.Undefined)])
        code.store(packed, code.pointer(0, arguments[1]))
        return code.nothing()

    return types.void(FLOATS, types.intp, FLOATS, types.intp, types.int64), generate


def _emit_step(code, scoring):
    """One step on one chunk: pivot column -> factor row; weights, variances, and the lanes' best candidates.

    `scoring`: "none" (candidates are looked for elsewhere), "zero" (targets are zero) or "grid".
    """
    builder, values = code.builder, code.values
    first, steps = values[1], values[5]
    column, coefficients = code.pointer(0, first), code.pointer(4, I64(0))
    factor = code.pointer(2, values[3])
    weight, variance = code.pointer(6, first), code.pointer(7, first)
    root, change = code.spread(values[8]), code.spread(builder.fneg(values[9]))
    # Two sums for each vector, so that additions need not wait for one another.
    even, odd = code.registers(VECTORS), code.registers(VECTORS)

    def add(step, sums):
        scalar = code.spread(builder.load(code.at(coefficients, step)))
        row = code.at(factor, builder.mul(step, I64(CHUNK)))
        for v in range(VECTORS):
            product = code.multiply_add(scalar, code.load(code.at(row, v * LANES)), builder.load(sums[v]))
            builder.store(product, sums[v])

    with cgutils.for_range(builder, builder.lshr(steps, I64(1))) as loop:
        step = builder.shl(loop.index, I64(1))
        add(step, even)
        add(builder.add(step, I64(1)), odd)
    with builder.if_then(builder.trunc(steps, ir.IntType(1))):
        add(builder.sub(steps, I64(1)), even)
    row = code.at(factor, builder.mul(steps, I64(CHUNK)))
    if scoring != "none":
        penalty, best, slot = code.pointer(10, first), code.pointer(11, I64(0)), code.pointer(12, I64(0))
        best_cost, best_slot = code.load(best), code.load(slot, INTEGERS)
        base = code.spread(builder.trunc(first, I32), INTEGERS)
    if scoring == "grid":
        scale, zero, top = code.pointer(13, first), code.pointer(14, first), code.spread(values[15])
        far, far_slot = code.pointer(16, I64(0)), code.pointer(17, I64(0))
        farthest, farthest_slot = code.load(far), code.load(far_slot, INTEGERS)
    for v in range(VECTORS):
        place = v * LANES
        products = builder.fadd(builder.load(even[v]), builder.load(odd[v]))
        new = builder.fmul(builder.fsub(code.load(code.at(column, place)), products), root)
        code.store(new, code.at(row, place))
        code.store(new, code.at(column, place))
        left = code.multiply_add(builder.fneg(new), new, code.load(code.at(variance, place)))
        code.store(left, code.at(variance, place))
        moved = code.multiply_add(new, change, code.load(code.at(weight, place)))
        code.store(moved, code.at(weight, place))
        if scoring == "none":
            continue
        error, penalties = moved, code.load(code.at(penalty, place))
        slots = builder.add(base, ir.Constant(INTEGERS, [place + lane for lane in range(LANES)]))
        if scoring == "grid":
            s, z = code.load(code.at(scale, place)), code.load(code.at(zero, place))
            rounded = builder.fadd(code.call("roundeven", builder.fdiv(moved, s)), z)
            rounded = code.maximum(code.minimum(rounded, top), ZEROS)
            error = builder.fsub(moved, builder.fmul(s, builder.fsub(rounded, z)))
            size = code.call("fabs", error)
            room = builder.fmul(code.call("fabs", moved), code.spread(ir.Constant(F32, ROUNDING)))
            outside = builder.fsub(builder.fsub(size, builder.fmul(s, code.spread(ir.Constant(F32, HALF_STEP)))), room)
            size = builder.fsub(builder.select(builder.fcmp_ordered(">", outside, ZEROS), size, ZEROS), penalties)
            farther = builder.fcmp_ordered(">", size, farthest)
            farthest = builder.select(farther, size, farthest)
            farthest_slot = builder.select(farther, slots, farthest_slot)
        cost = builder.fadd(builder.fdiv(builder.fmul(error, error), left), penalties)
        cheaper = builder.fcmp_ordered("<", cost, best_cost)
        best_cost = builder.select(cheaper, cost, best_cost)
        best_slot = builder.select(cheaper, slots, best_slot)
    if scoring != "none":
        code.store(best_cost, best)
        code.store(best_slot, slot)
    if scoring == "grid":
        code.store(farthest, far)
        code.store(farthest_slot, far_slot)
    return code.nothing()


# column, first slot, factor, offset of the chunk's factor, coefficients, steps, weight, variance, root, change
_STEP = (FLOATS, types.intp, FLOATS, types.intp, FLOATS, types.intp, FLOATS, FLOATS) + 2 * (types.float32,)
# penalty, best cost and slot of each lane
_SCORED = (*_STEP, FLOATS, FLOATS, INTS)
# scale, zero, top code, size and slot of each lane's farthest outlier
_ROUNDED = (*_SCORED, FLOATS, FLOATS, types.float32, FLOATS, INTS)


@intrinsic
def _step(typingctx, column, first, factor, offset, coefficients, steps, weight, variance, root, change):
    return types.void(*_STEP), lambda *given: _emit_step(_Code(*given), "none")


@intrinsic
def _step_to_zero(
    typingctx, column, first, factor, offset, coefficients, steps, weight, variance, root, change, penalty, cost,
    slot,
):  # fmt: skip
    return types.void(*_SCORED), lambda *given: _emit_step(_Code(*given), "zero")


@intrinsic
def _step_to_grid(
    typingctx, column, first, factor, offset, coefficients, steps, weight, variance, root, change, penalty, cost,
    slot, scale, zero, top, size, far_slot,
):  # fmt: skip
    return types.void(*_ROUNDED), lambda *given: _emit_step(_Code(*given), "grid")


def _emit_first(code, largest):
    """The slot of the lane with the best value, the lowest of equals; the value becomes that of the first lane."""
    builder, place = code.builder, code.pointer(0, I64(0))
    values, slots = code.load(place), code.load(code.pointer(1, I64(0)), INTEGERS)
    best = code.reduce("fmax" if largest else "fmin", values)
    rest = ir.Constant(INTEGERS, [2**31 - 1] * LANES)
    found = code.reduce("smin", builder.select(builder.fcmp_ordered("==", values, code.spread(best)), slots, rest))
    builder.store(best, place)
    return builder.sext(found, I64)


@intrinsic
def _first_least(typingctx, values, slots):
    return types.int64(FLOATS, INTS), lambda *given: _emit_first(_Code(*given), False)


@intrinsic
def _first_most(typingctx, values, slots):
    return types.int64(FLOATS, INTS), lambda *given: _emit_first(_Code(*given), True)


@compiled
def _floats(count):
    """`count` zeros that begin with a line of the caches, so that no vector lies across two."""
    room = np.zeros(count + 64 // 4, np.float32)
    return room[-room.ctypes.data % 64 // 4 :][:count]


@compiled
def _round(value, scale, zero, top):
    """The nearest code, halves to even."""
    code = np.float32(np.rint(value / scale)) + zero
    return min(max(code, np.float32(0)), top)


@compiled
def _read_column(p, slots, source, at, stride, triangle, room, compacted, column):
    """column[:slots] = column p of the inverse before the steps pending, with zeros up to a whole chunk."""
    if compacted:
        for c in range(p // TILE_COLS + 1):
            _copy(column, c * TILE_COLS, triangle, (c * room + p) * TILE_COLS)
        base = p // TILE_COLS * room * TILE_COLS + p % TILE_COLS
        for q in range(p + 1, slots):
            column[q] = triangle[base + q * TILE_COLS]
    else:
        for q in range(slots):
            column[q] = source[at + p * stride + q]
    for q in range(slots, _whole(slots)):
        column[q] = 0


@compiled
def _whole(slots):
    """`slots` rounded up to whole chunks."""
    return (slots + CHUNK - 1) // CHUNK * CHUNK


@compiled
def _read_coefficients(p, pending, rows, factor, coefficients):
    """The entries of slot p in the factor rows pending, `rows` of them in each chunk."""
    place = (p // CHUNK) * rows * CHUNK + p % CHUNK
    for t in range(pending):
        coefficients[t] = factor[place + t * CHUNK]


@compiled
def _choose(penalty, slots, kept, bits, counts):
    """Fill `kept` with the slots not gone, and their bits and counts vector by vector; returns how many they are."""
    count = 0
    for v in range((slots + LANES - 1) // LANES):
        chosen = before = np.int64(0)
        for lane in range(min(LANES, slots - v * LANES)):
            if penalty[v * LANES + lane] < GONE:
                chosen |= np.int64(1) << lane
                kept[count] = v * LANES + lane
                count += 1
                before += 1
        bits[v], counts[v] = chosen, before
    return count


@compiled
def _move(array, count, kept, slots, spare):
    """array[:count] = array[kept[:count]], `spare` behind that up to the old number of slots and a whole vector."""
    for i in range(count):
        array[i] = array[kept[i]]
    for i in range(count, _whole(slots)):
        array[i] = spare


@compiled
def _compact(
    slots, pending, rows, source, at, stride, triangle, room, compacted, factor, kept, count, bits, counts, line
):  # fmt: skip
    """Drop all slots but `kept` from triangle and factor, and apply the steps pending."""
    vectors = (slots + LANES - 1) // LANES
    for t in range(pending):
        filled = 0
        if PACKS:
            for v in range(vectors):
                q = v * LANES
                _pack(line, filled, factor, (q // CHUNK) * rows * CHUNK + t * CHUNK + q % CHUNK, bits[v])
                filled += counts[v]
        else:
            for i in range(count):
                q = kept[i]
                line[i] = factor[(q // CHUNK) * rows * CHUNK + t * CHUNK + q % CHUNK]
        for q in range(count, _whole(count)):
            line[q] = 0
        for c in range(_whole(count) // CHUNK):
            for part in range(0, CHUNK, TILE_COLS):
                _copy(factor, c * rows * CHUNK + t * CHUNK + part, line, c * CHUNK + part)
    for i in range(count):
        # Ascending, so that nothing is overwritten before it is read: i <= kept[i].
        q, filled = kept[i], 0
        if PACKS:
            for v in range(q // LANES + 1):
                place = v * LANES
                if compacted:
                    place = (place // TILE_COLS * room + q) * TILE_COLS + place % TILE_COLS
                    _pack(line, filled, triangle, place, bits[v])
                else:
                    _pack(line, filled, source, at + q * stride + place, bits[v])
                filled += counts[v]
        elif compacted:
            for j in range(i + 1):
                line[j] = triangle[(kept[j] // TILE_COLS * room + q) * TILE_COLS + kept[j] % TILE_COLS]
        else:
            for j in range(i + 1):
                line[j] = source[at + q * stride + kept[j]]
        for c in range(i // TILE_COLS + 1):
            _copy(triangle, (c * room + i) * TILE_COLS, line, c * TILE_COLS)
    for col in range(0, count, TILE_COLS):
        strip, of_cols = col // TILE_COLS * room * TILE_COLS, col // CHUNK * rows * CHUNK + col % CHUNK
        for row in range(col, count, TILE_ROWS):
            of_rows = row // CHUNK * rows * CHUNK + row % CHUNK
            if row < col + LANES:  # the other columns lie above the diagonal
                _update_narrow(triangle, strip + row * TILE_COLS, TILE_COLS, factor, of_rows, of_cols, pending)
            else:
                _update_tile(triangle, strip + row * TILE_COLS, TILE_COLS, factor, of_rows, of_cols, pending)


@compiled
def _make_triangle(cols):
    """Room for the lower triangle of what the first round of dropping can leave: (triangle, rows of a strip)."""
    room = max(0, cols - PANEL) + TILE_ROWS
    strips = (room + TILE_COLS - 1) // TILE_COLS
    return _floats(strips * room * TILE_COLS + SPARE), room


@compiled
def eliminate_rows(
    start, stop, weight, fixed, inverse, n, m, scale, zero, group_size, top, order, loss, codes, multipliers
):  # fmt: skip
    """Move the columns of each row to their targets, the cheapest first: see `plain.eliminate_rows`."""
    rows, cols = weight.shape
    stride = inverse.shape[2]
    flat = inverse.reshape(-1)
    room = _whole(cols) + SPARE
    moved, variance = _floats(room), _floats(room)
    penalty, line, pivot = _floats(room), _floats(room), _floats(room)
    scales, zeros = _floats(room), _floats(room)
    column, kept = np.empty(room, np.int64), np.empty(room, np.int64)
    bits, counts = np.empty(room // LANES + 1, np.int64), np.empty(room // LANES + 1, np.int64)
    triangle, strip = _make_triangle(cols)
    # For the multipliers all panels are kept, each with the slots that its columns are in when it is done, and what
    # each step had to subtract; else one panel is overwritten again and again.
    solving = len(multipliers) > 0
    panels, size = (order.shape[1] + PANEL - 1) // PANEL if solving else 1, _whole(cols) * PANEL
    history, lefts = _floats(panels * size + CHUNK), np.zeros(panels, np.int64)
    names = np.empty((panels, room), np.int64)
    inner, shares, roots = _floats(panels * PANEL * PANEL), _floats(panels * PANEL), _floats(panels * PANEL)
    coefficients = _floats(PANEL)
    cost, slot = _floats(LANES), np.empty(LANES, np.int32)
    far, far_slot = _floats(LANES), np.empty(LANES, np.int32)
    taken = np.zeros(max(1, cols // m) if m else 1, np.int64)
    half = np.float32(HALF_STEP)
    for r in range(start, stop):
        at = r // (rows // len(inverse)) * cols * stride
        for q in range(cols, _whole(cols)):
            moved[q], variance[q], penalty[q], scales[q], zeros[q] = 0, 1, GONE, 1, 0
        best, p, farthest, outlier = NEVER, np.int64(0), np.float32(0), np.int64(-1)
        for q in range(cols):
            moved[q], variance[q] = weight[r, q], flat[at + q * stride + q]
            penalty[q] = FIRST if fixed[r, q] else FREE
            column[q] = q
            error = moved[q]
            if top >= 0:
                scales[q], zeros[q] = scale[r, q // group_size], zero[r, q // group_size]
                error -= scales[q] * (_round(moved[q], scales[q], zeros[q], top) - zeros[q])
                room = np.float32(ROUNDING) * abs(moved[q])
                if abs(error) - half * scales[q] - room > 0 and abs(error) - penalty[q] > farthest:
                    farthest, outlier = abs(error) - penalty[q], q
            if error * error / variance[q] + penalty[q] < best:
                best, p = error * error / variance[q] + penalty[q], q
        taken[:] = 0
        slots, pending, compacted, step, panel = cols, 0, False, 0, 0
        factor = history[: size + CHUNK]
        while True:
            if top >= 0 and best >= 0 and farthest > 0:
                p = outlier
            if not best < GONE:
                raise ArithmeticError(NOT_FINITE)
            c, error = column[p], moved[p]
            if top >= 0:
                code = _round(error, scales[p], zeros[p], top)
                codes[r, c] = np.int32(code)
                error -= scales[p] * (code - zeros[p])
            member = c // m if m else 0
            taken[member] += 1
            if m == 0 or taken[member] <= n:
                order[r, step] = c
                loss[r, step] = error * error / variance[p]
                step += 1
            _read_coefficients(p, pending, PANEL, factor, coefficients)
            root = np.float32(1) / np.sqrt(variance[p])
            if solving:
                place = step - 1
                shares[place], roots[place] = error * root, root
                inner[place * PANEL : place * PANEL + pending] = coefficients[:pending]
            if step == order.shape[1]:
                break
            penalty[p] = GONE
            if m and taken[member] == n:
                for q in range(max(0, p - m + 1), min(slots, p + m)):
                    if column[q] // m == member and penalty[q] == FREE:
                        penalty[q] = GONE
            _read_column(p, slots, flat, at, stride, triangle, strip, compacted, pivot)
            cost[:] = NEVER
            slot[:] = 0
            if top >= 0:
                far[:] = 0
                far_slot[:] = 0
                for k in range(_whole(slots) // CHUNK):
                    _step_to_grid(
                        pivot, k * CHUNK, factor, k * PANEL * CHUNK, coefficients, pending, moved, variance, root,
                        error * root, penalty, cost, slot, scales, zeros, top, far, far_slot,
                    )  # fmt: skip
                outlier = _first_most(far, far_slot)
                farthest = far[0]
            else:
                for k in range(_whole(slots) // CHUNK):
                    _step_to_zero(
                        pivot, k * CHUNK, factor, k * PANEL * CHUNK, coefficients, pending, moved, variance, root,
                        error * root, penalty, cost, slot,
                    )  # fmt: skip
            p = _first_least(cost, slot)
            best = cost[0]
            pending += 1
            if pending == PANEL:
                count = _choose(penalty, slots, kept, bits, counts)
                # The next slot, and the outlier if there is one, under their new numbers.
                p = np.searchsorted(kept[:count], p)
                outlier = np.searchsorted(kept[:count], outlier)
                _compact(
                    slots, pending, PANEL, flat, at, stride, triangle, strip, compacted, factor, kept, count, bits,
                    counts, line,
                )  # fmt: skip
                _move(moved, count, kept, slots, np.float32(0))
                _move(variance, count, kept, slots, np.float32(1))
                _move(penalty, count, kept, slots, GONE)
                if top >= 0:
                    _move(scales, count, kept, slots, np.float32(1))
                    _move(zeros, count, kept, slots, np.float32(0))
                for i in range(count):
                    column[i] = column[kept[i]]
                slots, pending, compacted = count, 0, True
                if solving:
                    names[panel, :count], lefts[panel] = column[:count], count
                    panel += 1
                    factor = history[panel * size : (panel + 1) * size + CHUNK]
        if solving:
            _find_multipliers(order[r], history, size, names, lefts, inner, shares, roots, line, multipliers[r])


@compiled
def _find_multipliers(order, history, size, names, lefts, inner, shares, roots, known, multipliers):
    """Solve L^T z = y for the columns that went, a panel of steps at a time, the last first; z into `multipliers`.

    names, lefts: the columns that were left after each panel, and how many. inner: (steps, PANEL), the entries of L in
    the panel's steps before. `known`, a vector of slots, is overwritten.
    """
    multipliers[:] = 0
    sums, products = _floats(PANEL), _floats(LANES)
    for panel in range(len(lefts) - 1, -1, -1):
        first, count = panel * PANEL, lefts[panel]
        for q in range(count):
            known[q] = multipliers[names[panel, q]]
        known[count : _whole(count)] = 0
        sums[:] = 0
        for k in range(_whole(count) // CHUNK):
            for t in range(0, PANEL, LANES):
                place = panel * size + (k * PANEL + t) * CHUNK
                _multiply_rows(history, place, CHUNK, VECTORS, known, k * CHUNK, products)
                for lane in range(LANES):
                    sums[t + lane] += products[lane]
        for step in range(min(first + PANEL, len(order)) - 1, first - 1, -1):
            value = (shares[step] - sums[step - first]) * roots[step]
            multipliers[order[step]] = value
            for t in range(step - first):
                sums[t] += inner[step * PANEL + t] * value


@compiled
def solve_rows(start, stop, kept, hessian, right, solved):
    """Solve H_KK x = b_K for each row, K the columns that the row keeps: see `plain.solve_rows`.

    The upper triangle of H_KK is factorised in place, LANES rows at a time, b its last column. It ends with ones on the
    diagonal, up to whole vectors. Tiles may reach past the end of a row, into what is left of the diagonal in the next.
    """
    rows, cols = kept.shape
    stride = hessian.shape[2]
    flat = hessian.reshape(-1)
    most = 0
    for r in range(start, stop):
        most = max(most, np.count_nonzero(kept[r]))
    size = (most + LANES - 1) // LANES * LANES
    triangle = _floats(size * _pitch(size) + SPARE)
    factor = _floats((_whole(size) + SPARE) * PANEL)
    coefficients, products = _floats(LANES * LANES), _floats(LANES)
    roots, value = _floats(size), _floats(size)
    chosen = np.empty(size, np.int64)
    bits, before = np.empty(cols // LANES + 1, np.int64), np.empty(cols // LANES + 1, np.int64)
    for r in range(start, stop):
        count = 0
        for v in range((cols + LANES - 1) // LANES):
            before[v], bits[v] = count, 0
            for lane in range(min(LANES, cols - v * LANES)):
                c = v * LANES + lane
                if kept[r, c]:
                    bits[v] |= np.int64(1) << lane
                    chosen[count] = c
                    count += 1
        size = (count + LANES - 1) // LANES * LANES
        pitch = _pitch(size)
        at = r // (rows // len(hessian)) * cols * stride
        for i in range(count):
            row = at + chosen[i] * stride
            if PACKS:
                for v in range(chosen[i] // LANES, (cols + LANES - 1) // LANES):
                    _pack(triangle, i * pitch + before[v], flat, row + v * LANES, bits[v])
            else:
                for j in range(i, count):
                    triangle[i * pitch + j] = flat[row + chosen[j]]
            triangle[i * pitch + count : (i + 1) * pitch] = 0
            triangle[i * pitch + size] = right[r, chosen[i]]
        for i in range(count, size):
            triangle[i * pitch : (i + 1) * pitch] = 0
            triangle[i * pitch + i] = 1
        _factorise(size, pitch, triangle, factor, coefficients, roots)
        _go_back(size, pitch, triangle, roots, products, value)
        solved[r, :] = 0
        for i in range(count):
            solved[r, chosen[i]] = value[i]


@compiled
def _pitch(size):
    """Entries from one row of the triangle to the next: an odd number of vectors, so that columns spread in caches."""
    return (size // LANES + 1 | 1) * LANES


@compiled
def _factorise(size, pitch, triangle, factor, coefficients, roots):
    """Put the Cholesky factor L^T in place of the upper triangle, L^-1 b in place of b; `factor` holds one panel of it."""
    end = size + LANES  # b and what fills its vector
    for first in range(0, size, PANEL):
        last = min(first + PANEL, size)
        for p in range(first, last, LANES):
            if p > first:
                for row in range(p, p + LANES, TILE_ROWS):
                    for col in range(p // TILE_COLS * TILE_COLS, end, TILE_COLS):
                        _update(row, col, end, pitch, triangle, factor, p - first)
            _factor_rows(triangle, p * pitch + p, pitch, (end - p) // LANES, coefficients, roots, p)
            for t in range(p, p + LANES):
                for c in range(p // TILE_COLS * TILE_COLS, end, TILE_COLS):
                    place = c // CHUNK * PANEL * CHUNK + (t - first) * CHUNK + c % CHUNK
                    _copy(factor, place, triangle, t * pitch + c)
        for col in range(last, end, TILE_COLS):
            for row in range(last, min(col + TILE_COLS, size), TILE_ROWS):
                _update(row, col, end, pitch, triangle, factor, last - first)


@compiled
def _update(row, col, end, pitch, triangle, factor, steps):
    """Apply the first `steps` rows of the panel `factor` to a tile of the triangle, to its columns before `end`."""
    of_rows = row // CHUNK * PANEL * CHUNK + row % CHUNK
    of_cols = col // CHUNK * PANEL * CHUNK + col % CHUNK
    if col + LANES < end:
        _update_tile(triangle, row * pitch + col, pitch, factor, of_rows, of_cols, steps)
    else:
        _update_narrow(triangle, row * pitch + col, pitch, factor, of_rows, of_cols, steps)


@compiled
def _go_back(size, pitch, triangle, roots, products, value):
    """value[:size] = L^-T y, y the column behind L^T in the triangle."""
    for p in range(size - LANES, -1, -LANES):
        place = p * pitch + p
        _multiply_rows(triangle, place + LANES, pitch, (size - p) // LANES - 1, value, p + LANES, products)
        for i in range(LANES - 1, -1, -1):
            rest = triangle[(p + i) * pitch + size] - products[i]
            value[p + i] = rest * roots[p + i]
            for j in range(i):
                products[j] += triangle[place + j * pitch + i] * value[p + i]


def eliminate_blocks(start, stop, weight, inverse, block, order, loss):
    """Remove blocks of `block` consecutive columns of each row, the cheapest first: see `plain.eliminate_blocks`.

    Inside, columns lie member by member (the first of all blocks, then the second of all, ...), so that what is done
    to each block runs along vectors.
    """
    cols = weight.shape[1]
    member_first = np.arange(cols).reshape(-1, block).T.ravel()
    own_inverse = np.zeros_like(inverse)
    for place, column in enumerate(member_first):
        own_inverse[:, place, :cols] = inverse[:, column, member_first]
    groups = np.arange(start, stop) // (len(weight) // len(inverse))
    own_weight = weight[start:stop, member_first]
    _eliminate_members(own_weight, own_inverse, groups, block, order[start:stop], loss[start:stop])


@compiled
def _eliminate_members(weight, inverse, groups, block, order, loss):
    """`eliminate_blocks` on columns that lie member by member; `groups` (rows,) names each row's inverse."""
    rows, cols = weight.shape
    stride = inverse.shape[2]
    flat = inverse.reshape(-1)
    room = _whole(cols) + SPARE
    steps = PANEL + block  # rows of the factor: blocks are not torn apart
    moved, variance = _floats(room), _floats(room)
    penalty, line, pivot = _floats(room), _floats(room), _floats(room)
    kept = np.empty(room, np.int64)
    bits, counts = np.empty(room // LANES + 1, np.int64), np.empty(room // LANES + 1, np.int64)
    triangle, strip = _make_triangle(cols)
    factor = _floats(_whole(cols) * steps + CHUNK)
    coefficients = _floats(steps)
    blocks = cols // block
    name = np.empty(blocks, np.int64)
    own = np.empty((block * block, blocks), np.float32)  # what is left of G_BB: entry (i, j) of all blocks a row
    root, solved = np.empty((block * block, blocks), np.float32), np.empty((block, blocks), np.float32)
    cost = _floats(blocks)
    for r in range(rows):
        at = groups[r] * cols * stride
        for q in range(cols):
            moved[q], variance[q], penalty[q] = weight[r, q], flat[at + q * stride + q], FREE
        for q in range(cols, _whole(cols)):
            moved[q], variance[q], penalty[q] = 0, 1, GONE
        for b in range(blocks):
            name[b] = b
            for i in range(block):
                for j in range(i + 1):
                    own[i * block + j, b] = flat[at + (i * blocks + b) * stride + j * blocks + b]
        size, slots, pending, compacted = blocks, cols, 0, False
        for step in range(blocks):
            _cost_blocks(size, block, moved, own, root, solved, cost)
            chosen, best = 0, NEVER
            for b in range(size):
                if penalty[b] < GONE and cost[b] < best:
                    chosen, best = b, cost[b]
            if not best < GONE:
                raise ArithmeticError(NOT_FINITE)
            order[r, step] = name[chosen]
            loss[r, step] = best
            if step == blocks - 1:
                break
            for member in range(block):
                p = member * size + chosen
                penalty[p] = GONE
                _read_column(p, slots, flat, at, stride, triangle, strip, compacted, pivot)
                _read_coefficients(p, pending, steps, factor, coefficients)
                scale = np.float32(1) / np.sqrt(variance[p])
                change = moved[p] * scale
                for k in range(_whole(slots) // CHUNK):
                    _step(
                        pivot, k * CHUNK, factor, k * steps * CHUNK, coefficients, pending, moved, variance, scale,
                        change,
                    )  # fmt: skip
                for i in range(block):
                    for j in range(i + 1):
                        first, second = i * size, j * size
                        for b in range(size):
                            own[i * block + j, b] -= pivot[first + b] * pivot[second + b]
                pending += 1
            if pending >= PANEL:
                count = _choose(penalty, slots, kept, bits, counts)
                _compact(
                    slots, pending, steps, flat, at, stride, triangle, strip, compacted, factor, kept, count, bits,
                    counts, line,
                )  # fmt: skip
                size = count // block
                for b in range(size):
                    name[b] = name[kept[b]]
                    for entry in range(block * block):
                        own[entry, b] = own[entry, kept[b]]
                _move(moved, count, kept, slots, np.float32(0))
                _move(variance, count, kept, slots, np.float32(1))
                _move(penalty, count, kept, slots, GONE)
                slots, pending, compacted = count, 0, True


@compiled
def _cost_blocks(size, block, moved, own, root, solved, cost):
    """cost[:size] = |C^-1 w_B|^2 with C C^T = G_BB, for all blocks side by side.

    `root` (block * block, blocks) is filled with C, a row for each entry, and `solved` (block, blocks) with C^-1 w_B.
    """
    for b in range(size):
        cost[b] = 0
    for i in range(block):
        for b in range(size):
            solved[i, b] = moved[i * size + b]
        for j in range(i + 1):
            entry = i * block + j
            for b in range(size):
                root[entry, b] = own[entry, b]
            for k in range(j):
                for b in range(size):
                    root[entry, b] -= root[i * block + k, b] * root[j * block + k, b]
            if j < i:
                for b in range(size):
                    root[entry, b] /= root[j * block + j, b]
                    solved[i, b] -= root[entry, b] * solved[j, b]
        for b in range(size):
            root[i * block + i, b] = np.sqrt(root[i * block + i, b])
            solved[i, b] /= root[i * block + i, b]
            cost[b] += solved[i, b] * solved[i, b]
