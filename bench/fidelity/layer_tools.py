"""The layers' own measuring tools: each function runs one once and gives its figure.

Latencies are half a round trip in microseconds, bandwidths decimal GB/s. Server and client, or the two MPI
ranks, each get a core of their own, as podbench's ranks do.
"""

import os
import re
import socket
import subprocess
import time

LIMIT_S = 120


class ToolFailed(Exception):
    """What a tool said when it did not give a figure."""


def cores():
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


def run(command, environment=None):
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, timeout=LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise ToolFailed(f"exit {done.returncode}: {done.stdout.strip()[-200:]} ({' '.join(command)})")
    return done.stdout


def run_pair(server, client, environment):
    """A server, and a client that is tried again until the server listens."""
    first, second = cores()
    serving = subprocess.Popen(on_core(first, server), env={**os.environ, **environment},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for attempt in range(20):
            time.sleep(0.25)
            try:
                said = run(on_core(second, client), environment)
                serving.wait(LIMIT_S)
                return said
            except ToolFailed:
                if attempt == 19 or serving.poll() is not None:
                    raise
    finally:
        serving.kill()
        serving.wait()


def ucx_perftest(transports, test, size, iterations, window=None):
    """Median latency of tag_lat, overall bandwidth of tag_bw (which it prints in units of 2^20)."""
    environment = {"UCX_TLS": transports, "UCX_WARN_UNUSED_ENV_VARS": "n"}
    if transports == "tcp":
        environment["UCX_NET_DEVICES"] = "lo"
    port = free_port()
    client = ["ucx_perftest", "-p", port, "127.0.0.1", "-f", "-t", test, "-s", str(size), "-n",
              str(iterations), "-w", str(max(iterations // 10, 10))]
    if window is not None:
        client += ["-O", str(window)]
    said = run_pair(["ucx_perftest", "-p", port], client, environment)
    rows = [line.split() for line in said.splitlines() if re.match(r"^\s*\d+\s+[\d.]+\s", line)]
    if not rows:
        raise ToolFailed("ucx_perftest: no result in: " + said[-300:])
    last = rows[-1]
    return float(last[1]) if test == "tag_lat" else float(last[5]) * 2**20 / 1e9


def fi_pingpong(provider, size, iterations):
    """Mean latency of tagged messages over reliable datagrams."""
    port = free_port()
    common = ["fi_pingpong", "-p", provider, "-e", "rdm", "-m", "tagged", "-I", str(iterations), "-S", str(size)]
    said = run_pair(common + ["-B", port], common + ["-P", port, "127.0.0.1"], {"FI_TCP_IFACE": "lo"})
    rows = [line.split() for line in said.splitlines() if re.match(r"^\d", line)]
    if not rows or len(rows[-1]) < 8:
        raise ToolFailed("fi_pingpong: no result in: " + said[-300:])
    # The same figure twice, as a rate and as a time, each with two decimals: take the one with more digits.
    megabytes_per_second, microseconds = float(rows[-1][5]), float(rows[-1][6])
    return microseconds if microseconds > megabytes_per_second else size / megabytes_per_second


def mpi_loop(program, library, pattern, size, samples, operations):
    launcher = {
        "openmpi": ["mpirun.openmpi", "--oversubscribe", "--bind-to", "core", "-n", "2"],
        "mpich": ["mpiexec.mpich", "-bind-to", "core", "-n", "2"],
    }[library]
    environment = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    said = run([*launcher, program, pattern, str(size), str(samples), str(operations)], environment)
    wanted = r"median_ns=([\d.]+)" if pattern == "latency" else r"gbps=([\d.]+)"
    found = re.search(wanted, said)
    if found is None:
        raise ToolFailed("mpi_loop: no result in: " + said[-300:])
    return float(found[1]) / 1e3 if pattern == "latency" else float(found[1])


def memcpy_rate(program, size, samples):
    said = run(on_core(cores()[0], [program, str(size), str(samples)]))
    return float(re.search(r"gbps=([\d.]+)", said)[1])
