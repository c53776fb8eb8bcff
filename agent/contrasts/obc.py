"""Contrasts of Optimal Brain Compression (ksVGCOlOEba) beyond its methods against their baselines."""

from agent.contrasts.contrast import Contrast

CONTRASTS: tuple[Contrast, ...] = ()
