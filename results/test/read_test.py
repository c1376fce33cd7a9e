"""Reads a run file with h5py and pandas alone. Usage: read_test.py WRITER"""

import pathlib
import subprocess
import sys
import tempfile

import h5py
import pandas


def text_column(group, name):
    return group[name + "_labels"].asstr()[:][group[name][:]]


with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "run.h5"
    subprocess.run([sys.argv[1], path], check=True)
    with h5py.File(path, "r") as run:
        assert run.attrs["schema"] == "podbench", run.attrs["schema"]
        assert run.attrs["seed"] == 2**64 - 1
        assert run["config"].asstr()[()].startswith("[suite]")

        frame = pandas.DataFrame(
            {"transport": text_column(run["cases"], "transport"), "bytes": run["cases/bytes"][:],
             "p50": run["summary/p50"][:]})
        assert list(frame.transport) == ["shm", "libfabric:tcp", "shm"], frame
        assert list(frame.p50) == [1024.0, 2048.0, 3072.0], frame
        assert frame.set_index("bytes").p50[2048] == 2048.0

        p50 = run["summary/p50"]
        assert (p50.attrs["units"], p50.attrs["better"]) == ("ns", "lower")
        assert p50.dims[0][0].name == "/case", "the axis is no dimension scale"

        offset, count = run["samples/offset"][1, 1], run["samples/count"][1, 1]
        samples = run["samples/t"][offset:offset + count]
        assert count == 20000 and samples.dtype == "uint64"
        assert (samples[0], samples[-1]) == (2010, 2010 + 19999), samples
        assert run["samples/t"].compression == "gzip" and run["samples/t"].fletcher32

        nodes = {node.attrs["node"]: node for node in run["env"].values()}
        assert nodes["node/a"]["attributes"].attrs["env.UCX_TLS"] == "posix,self"

        telemetry = run["telemetry"]
        names = list(text_column(telemetry, "name"))
        one = names.index("nic.eth0.rx_bytes")
        offset, count = telemetry["offset"][one], telemetry["count"][one]
        times = pandas.to_datetime(telemetry["t"][offset:offset + count], utc=True)
        assert str(times[0]) == "2026-01-02 03:04:05.000000001+00:00", times
        assert list(telemetry["value"][offset:offset + count]) == [2.0**53, 2.0**53 + 2]
        assert text_column(telemetry, "kind")[one] == "counter" and text_column(telemetry, "unit")[one] == "B"
        assert run["launches/started_ns"][1, 0] == 1767323046000000001
print("h5py and pandas read it")
