"""Labels the events of a file with the SQL that `export sql` wrote: `python3 audit_events.py FOLDER EVENTS [duckdb]`.

Prints a line for each event that is not ok: its number, from 1, and its label. The last line is how many there were.
"""

import json
import sqlite3
import sys

FOLDER, EVENTS, *ENGINE = sys.argv[1:]


def rows(columns):
    with open(EVENTS, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            event = json.loads(line)
            facts = event.get("facts", {})
            shares = event.get("budgets", {})
            row = []
            for name in columns:
                if name == "request_id":
                    value = str(number)
                elif name == "use_case":
                    value = event.get("use_case") or event.get("endpoint_tag")
                elif name == "failed_on":
                    value = event.get("trigger")
                elif name == "provider":
                    value = event.get("gen_ai.provider.name")
                elif name == "output_tokens":
                    value = event.get("gen_ai.usage.output_tokens")
                elif name == "budget_remaining":
                    value = event.get("budget.remaining")
                elif name.startswith("budget_"):
                    value = shares.get(name[len("budget_") : -len("_remaining")].replace("_", "-"))
                    if value is None:
                        value = shares.get(name[len("budget_") : -len("_remaining")])
                elif name.startswith("fact_"):
                    value = facts.get(name[len("fact_") :].replace("_", "-"), facts.get(name[len("fact_") :]))
                else:
                    value = event.get(name)
                if name.startswith("budget") and isinstance(value, str):
                    value = float(value.rstrip("%"))
                row.append(value)
            yield row


def read(name):
    with open(f"{FOLDER}/{name}", encoding="utf-8") as file:
        return file.read()


def columns():
    names = [line.split()[0] for line in read("events.sql").splitlines() if line.startswith("  ")]
    return names


def sqlite():
    database = sqlite3.connect(":memory:")
    for name in ("tables.sql", "events.sql", "view.sql"):
        database.executescript(read(name))
    names = columns()
    marks = ", ".join("?" * len(names))
    database.executemany(f"INSERT INTO govctl_events VALUES ({marks})", rows(names))
    for relation, keys in INDEXES.items():
        database.execute(f"CREATE INDEX {relation}_by ON {relation} ({keys})")
    database.execute("ANALYZE")
    return database.execute(QUERY), database.execute("SELECT COUNT(*) FROM govctl_audit")


INDEXES = {
    "govctl_use_cases": "name",
    "govctl_cells": "cell",
    "govctl_steps": "grid, axis, axis_value",
    "govctl_bands": "grid, axis",
    "govctl_places": "decision, failed_on, model",
    "govctl_regions": "decision, failed_on, model, region",
}

QUERY = "SELECT CAST(request_id AS INTEGER) AS number, label FROM govctl_audit WHERE label <> 'ok' ORDER BY number"


def duckdb():
    import csv
    import tempfile

    import duckdb as engine

    database = engine.connect()
    for name in ("tables.sql", "events.sql", "view.sql"):
        database.execute(read(name))
    names = columns()
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows(names))
        file.flush()
        database.execute(f"COPY govctl_events FROM '{file.name}' (HEADER false, NULLSTR '')")
    found = database.execute(QUERY).fetchall()
    return found, database.execute("SELECT COUNT(*) FROM govctl_audit").fetchall()


found, count = (duckdb if ENGINE else sqlite)()
for number, label in found:
    print(number, label)
print(list(count)[0][0])
