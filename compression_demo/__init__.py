"""From an experiment to a verdict: calibrate, compress, evaluate, judge. Knows no prose and no papers.

The walk: `validation.validate` -> `costs.estimate` -> `runs.RunStore.submit` -> `executor` (a process of its own) ->
`worker` (one process per core) -> `engine.run_seed` -> `judge.judge`.
"""
