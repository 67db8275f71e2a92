"""A sweep fanned out over Dask: shards run on workers, are merged as they come, and give the very bytes that one process gives.

    python3 bindings/python/examples/sweep_on_dask.py            two local worker processes
    python3 bindings/python/examples/sweep_on_dask.py ADDRESS    a scheduler that runs already (its workers need quorate installed)

Dask hands out the work, retries it and shows it; quorate's results don't depend on who ran what, when, or how often.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import gettempdir

import quorate

ROOT = Path(__file__).resolve().parents[3]
SHARDS = 8


def study() -> quorate.Study:
    charter = quorate.Charter.load(ROOT / "examples/charters/rfc.json")
    behaviour = {"members": [{"answers": {"exponential": "4 days"}, "takes part": "80%", "raises": "5%"}], "horizon": "90 days"}
    return quorate.Study(charter, "rfc", members=7, behaviour=behaviour, runs=800, seed=1,
                         sweep={"length": ["5 days", "10 days"], "/members/0/takes part": ["50%", "70%", "90%"]})


def run_shard(made: quorate.Study, shard: int) -> quorate.StudyResult:
    return made.run(shard=(shard, SHARDS))


def main() -> None:
    from distributed import Client, LocalCluster, as_completed

    made = study()
    cluster = None if len(sys.argv) > 1 else LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=gettempdir())
    with Client(sys.argv[1] if cluster is None else cluster) as client:
        parts = client.map(run_shard, [made] * SHARDS, range(1, SHARDS + 1))
        result: quorate.StudyResult | None = None
        for _, part in as_completed(parts, with_results=True):  # in whatever order they come
            result = part if result is None else result.merge(part)
        workers = len(client.scheduler_info()["workers"])
    if cluster is not None:
        cluster.close()
    assert result is not None and result.complete
    same = result.to_bytes() == made.run().to_bytes()
    print(f"{SHARDS} shards on {workers} workers, {result.runs_done} runs of {len(made.variants)} variants: "
          + ("the same bytes as in one process" if same else "NOT the bytes of one process"))
    print(result.to_numpy("accepted"))
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
