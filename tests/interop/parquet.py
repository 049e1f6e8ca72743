"""Reads folders of Parquet back with pyarrow and compares types and rows with what the service exported.

usage: parquet.py FOLDER      as `cargo run -p tests --example parquet_tables -- FOLDER` left it
"""

import datetime
import json
import sys
from pathlib import Path

import pyarrow
import pyarrow.dataset

MOMENT = pyarrow.timestamp("us", tz="UTC")
TYPES = {
    "boolean": pyarrow.bool_(),
    "currency": pyarrow.float64(),
    "date": pyarrow.date32(),
    "datetime": MOMENT,
    "integer": pyarrow.int64(),
    "score": pyarrow.int64(),
}
# What every file has beside the columns of the export.
ADDED = [("exportStartedAt", MOMENT), ("exportMisfits", pyarrow.string())]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def stored(value, data_type):
    """A value of the service as Parquet stores it: days and microseconds are numbers."""
    if value is None or data_type not in ("date", "datetime"):
        return value
    if data_type == "date":
        return (datetime.date.fromisoformat(value) - EPOCH.date()).days
    moment = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def column(table, name):
    """The values of a column, days and microseconds as numbers."""
    values = table.column(name)
    if values.type == MOMENT:
        values = values.cast(pyarrow.int64())
    elif values.type == pyarrow.date32():
        values = values.cast(pyarrow.int32())
    return values.to_pylist()


def ordered(rows):
    return sorted(rows, key=lambda row: json.dumps(row))


def check(folder, expected):
    # What begins with a dot is no part of the table, by pyarrow's own rule.
    dataset = pyarrow.dataset.dataset(folder, format="parquet")
    header = expected["header"]
    types = [(name, TYPES.get(expected["types"][name], pyarrow.string())) for name in header]
    schema = [(field.name, field.type) for field in dataset.schema]
    assert schema == types + ADDED, f"{folder.name}: found {schema}, expected {types + ADDED}"
    for fragment in dataset.get_fragments():
        assert fragment.physical_schema.equals(dataset.schema), f"{fragment.path}: another schema"
    table = dataset.to_table()
    table.validate(full=True)
    found = ordered(zip(*(column(table, name) for name in header)))
    wanted = ordered(tuple(stored(value, expected["types"][name]) for name, value in zip(header, row)) for row in expected["rows"])
    assert len(found) == len(wanted), f"{folder.name}: found {len(found)} rows, expected {len(wanted)}"
    for row, other in zip(found, wanted):
        assert row == other, f"{folder.name}: found {row}, expected {other}"
    assert table.column("exportStartedAt").null_count == 0, f"{folder.name}: a row without the start of its job"
    assert table.column("exportMisfits").null_count == len(found), f"{folder.name}: values that do not fit"
    print(f"{folder.name}: {len(found)} rows in {len(dataset.files)} files, as exported")


def main():
    folder = Path(sys.argv[1])
    for name, expected in json.loads((folder / "expected.json").read_text()).items():
        assert expected["rows"], f"{name}: nothing was exported"
        check(folder / name, expected)
    print("PASS: pyarrow reads every folder as one table, as exported")


main()
