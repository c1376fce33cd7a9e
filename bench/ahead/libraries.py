"""The MPI libraries that podbench is held against: how each is started, and with which settings.

A setting is a name, environment and launcher arguments. Which is quickest depends on the size and the machine,
so all of them are tried and each size keeps its library's best one.
"""

import os
import re
import subprocess

LIMIT_S = 300
LINE = re.compile(r"^(\w+) bytes=(\d+) samples=\d+ operations=\d+ p10_ns=[\d.]+ median_ns=([\d.]+)$", re.M)


class ToolFailed(Exception):
    """What a program said when it did not give a figure."""


def run(command, environment=None, limit_s=LIMIT_S):
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, timeout=limit_s,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-300:]
        raise ToolFailed(f"exit {done.returncode}: {said} ({' '.join(command)})")
    return done.stdout


def openmpi(arguments, ranks, crowded):
    binding = ["--oversubscribe", "--bind-to", "none"] if crowded else ["--bind-to", "core"]
    waiting = ["--mca", "mpi_yield_when_idle", "1"] if crowded else []
    return ["mpirun.openmpi", *binding, *waiting, *arguments, "-n", str(ranks)]


def mpich(arguments, ranks, crowded):
    return ["mpiexec.mpich", *([] if crowded else ["-bind-to", "core"]), *arguments, "-n", str(ranks)]


def mca(*pairs):
    return [word for name, value in pairs for word in ("--mca", name, value)]


ROOT_MAY_RUN = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}

# Debian's Open MPI leaves UCX to InfiniBand unless it is told otherwise.
PML_UCX = mca(("pml", "ucx"), ("pml_ucx_tls", "any"), ("pml_ucx_devices", "any"))

OPENMPI_OVER_SHM = {
    "as it comes": ([], {}),
    "no single copy": (mca(("btl_vader_single_copy_mechanism", "none")), {}),
    "cma": (mca(("btl_vader_single_copy_mechanism", "cma")), {}),
    "cma from 4 KiB": (mca(("btl_vader_single_copy_mechanism", "cma"), ("btl_vader_eager_limit", "4096"),
                           ("btl_vader_max_inline_send", "1024")), {}),
    "coll sm": (mca(("coll_sm_priority", "95")), {}),
    "coll han": (mca(("coll_han_priority", "95")), {}),
    "tuned: recursive doubling": (mca(("coll_tuned_use_dynamic_rules", "1"),
                                      ("coll_tuned_allreduce_algorithm", "3")), {}),
    "tuned: rabenseifner": (mca(("coll_tuned_use_dynamic_rules", "1"),
                                ("coll_tuned_allreduce_algorithm", "6")), {}),
    "pml ucx": (PML_UCX, {"UCX_TLS": "posix,cma,self"}),
}
MPICH_OVER_SHM = {
    "as it comes": ([], {}),
    "posix": ([], {"UCX_TLS": "posix,self"}),
    "posix, cma": ([], {"UCX_TLS": "posix,cma,self"}),
    "release_gather": ([], {"MPIR_CVAR_ALLREDUCE_POSIX_INTRA_ALGORITHM": "release_gather"}),
    "recursive doubling": ([], {"MPIR_CVAR_ALLREDUCE_INTRA_ALGORITHM": "recursive_doubling",
                                "MPIR_CVAR_DEVICE_COLLECTIVES": "none", "UCX_TLS": "posix,self"}),
    "reduce_scatter_allgather": ([], {"MPIR_CVAR_ALLREDUCE_INTRA_ALGORITHM": "reduce_scatter_allgather",
                                      "MPIR_CVAR_DEVICE_COLLECTIVES": "none", "UCX_TLS": "posix,cma,self"}),
}
# Open MPI over the layer that podbench uses, for podbench's transport of that name.
OPENMPI_OVER = {
    "ucx:posix": {"pml ucx": (PML_UCX, {"UCX_TLS": "posix,self"})},
    "ucx:tcp": {"pml ucx": (PML_UCX, {"UCX_TLS": "tcp,self", "UCX_NET_DEVICES": "lo"})},
    "libfabric:tcp": {"mtl ofi": (mca(("pml", "cm"), ("mtl", "ofi"), ("mtl_ofi_provider_include", "tcp;ofi_rxm")),
                                  {"FI_TCP_IFACE": "lo"})},
    "libfabric:shm": {"mtl ofi": (mca(("pml", "cm"), ("mtl", "ofi"), ("mtl_ofi_provider_include", "shm")), {})},
    "tcp": {"btl tcp": (mca(("btl", "tcp,self"), ("btl_tcp_if_include", "lo")), {})},
}


class Library:
    def __init__(self, name, program, launcher, settings, environment=None):
        self.name, self.program, self.launcher = name, program, launcher
        self.settings, self.environment = settings, environment or {}

    def measure(self, setting, pattern, sizes, ranks, seconds, crowded):
        """Median microseconds an operation, by size."""
        arguments, environment = self.settings[setting]
        command = self.launcher(arguments, ranks, crowded)
        said = run([*command, self.program, pattern, str(seconds), *map(str, sizes)],
                   {**self.environment, **environment}, LIMIT_S + 20 * seconds * len(sizes))
        found = {int(size): float(ns) / 1e3 for _, size, ns in LINE.findall(said)}
        missing = [size for size in sizes if size not in found]
        if missing:
            raise ToolFailed(f"{self.name} ({setting}) gave no figure for {missing}: {said[-200:]}")
        return found


def libraries(build, transport):
    """Those that were built and can run over the transport."""
    found = []
    open_program, mpich_program = (build / "bin" / f"mpi_collective_{name}" for name in ("openmpi", "mpich"))
    settings = OPENMPI_OVER_SHM if transport == "shm" else OPENMPI_OVER.get(transport, {})
    if open_program.exists() and settings:
        found.append(Library("Open MPI", str(open_program), openmpi, settings, ROOT_MAY_RUN))
    if mpich_program.exists() and transport == "shm":
        found.append(Library("MPICH", str(mpich_program), mpich, MPICH_OVER_SHM))
    return found
