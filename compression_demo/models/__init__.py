"""Whole models: layers as matrices, their Hessians, plans, and compression layer by layer."""
