"""What a number was made with: source hashes, library versions, the machine."""

import hashlib
import os
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
ENGINE_SOURCES = (
    *sorted((PACKAGE / "algorithms").rglob("*.py")),
    *(PACKAGE / "models" / f"{name}.py" for name in ("calibration", "calls", "layers", "steps", "token_masks")),
    PACKAGE / "engine.py",
)
ENGINE_LIBRARIES = ("torch", "numpy", "numba")


def hash_sources(files: Iterable[Path], libraries: Iterable[str] = ()) -> str:
    """SHA-256 (hex, 16 digits) over the names and text of source files, in any order, and library versions.

    Library versions belong to it because another torch trains another net from the same seed.
    """
    digest = hashlib.sha256()
    for name, text in sorted((file.name, file.read_bytes()) for file in files):
        digest.update(f"{name}\0".encode() + text + b"\0")
    for library in libraries:
        digest.update(f"{library}=={library_version(library)}\0".encode())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def engine_hash() -> str:
    """The hash of everything between a testbed's trial and its metrics: algorithms, layers, engine, torch, numpy."""
    return hash_sources(ENGINE_SOURCES, ENGINE_LIBRARIES)


@lru_cache(maxsize=1)
def package_hash() -> str:
    """The hash of all Python files of this package."""
    return hash_sources(PACKAGE.rglob("*.py"))


def library_version(name: str) -> str:
    """The installed version of a distribution, without importing it; "none" where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def describe(more: Iterable[str] = ()) -> dict[str, Any]:
    """Versions, source hashes and machine, as stored with every result; `more` names further distributions."""
    libraries = ("torch", "numpy", "numba", "scipy", "safetensors", *more)
    return {
        "versions": {"python": platform.python_version()} | {name: library_version(name) for name in libraries},
        "source_hash": {"package": package_hash(), "engine": engine_hash()},
        "machine": describe_machine(),
    }


def describe_machine() -> dict[str, Any]:
    """The machine that this process runs on: "system", "cpu", "cores"."""
    return {"system": platform.system(), "cpu": _cpu_name(), "cores": available_cores()}


@lru_cache(maxsize=1)
def machine_id() -> str:
    """What stands for this machine where something is true of it alone (hex, 16 digits): its name and processor."""
    text = f"{platform.system()}\0{platform.node()}\0{_cpu_name()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
