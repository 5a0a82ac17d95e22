#!/usr/bin/env python3
"""P4: the counter recomputes a household whose year was corrected six times.

    test/bench/recompute.py BUILD [--engine sqlite|postgres] [--households N] [--rounds N]

Six incomes are entered and corrected at the counter for every household, a seventh is entered; then the page that
recomputes the year and shows what would change is asked for, one after another. Prints one JSON line.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from bench_page import Browser, Cluster, Form, found, serve

HEADS = """select h.household_no || '/' || p.person_no from decision d join household h on h.household_id = d.household_id
    join person p on p.person_id = d.debtor_id
    where d.fiscal_year = 2026 and d.known_to is null and d.outcome = 1 and d.total_yen between 100000 and 400000
      and exists (select 1 from insured_period i where i.person_id = d.debtor_id and i.known_to is null and i.valid_to is null)
    order by d.decision_no limit %d"""


def post(b, page, action, fields):
    status, text = b.ask("GET", page)
    assert status == 200, (page, status)
    given = {k: v for k, v in Form(text).fields.items() if k in ("_csrf", "_once", "_read_at")} | fields
    status, text = b.ask("POST", action, given)
    assert status == 200, (action, status, text[text.find("<main"):][:500])


def earn(b, person, yen):
    page = f"/levy/income/{person}"
    post(b, page, page, {"income_year": "2025", "source": "override", "route": "counter", "reason": "bench", "business_income": str(yen)})


def correct(b, household):
    page = f"/levy/correct/{household}/2026"
    post(b, page, page, {"issue_date": "2026-07-01", "reason": "bench"})


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    p.add_argument("--households", type=int, default=20)
    p.add_argument("--rounds", type=int, default=25)
    args = p.parse_args()
    program = os.path.join(args.build, "hokenka")
    with Cluster(args.engine) as cluster, tempfile.TemporaryDirectory(prefix="hokenka-bench-") as folder:
        city = os.path.join(folder, "city")
        subprocess.run([program, "demo", "--city", city, "--people", "20000", "--seed", "1", "--levy", *cluster.options], check=True, stdout=subprocess.DEVNULL)
        server, port = serve(program, city, folder)
        try:
            b = Browser(port)
            b.sign_in("clerk")
            heads = [h.split("/") for h in found(city, cluster, HEADS % args.households)]
            for household, person in heads:
                for n in range(6):
                    earn(b, person, 2000000 + 500000 * n)
                    correct(b, household)
                earn(b, person, 1000000)
            took = []
            for _ in range(args.rounds):
                for household, _ in heads:
                    began = time.monotonic()
                    status, _ = b.ask("GET", f"/levy/correct/{household}/2026")
                    took.append((time.monotonic() - began) * 1000)
                    if status != 200:
                        sys.exit(f"{household}: {status}")
            took.sort()
            print(json.dumps({"bench": "recompute", "figure": "P4", "engine": args.engine, "households": len(heads), "requests": len(took),
                              "p50_ms": round(took[len(took) // 2], 2), "p99_ms": round(took[len(took) * 99 // 100], 2), "max_ms": round(took[-1], 2)}))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
