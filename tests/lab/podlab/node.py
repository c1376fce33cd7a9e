"""Machines of the lab: sets of namespaces, each held by one process that all others of the machine die with."""

import os
import signal

from podlab import places, system

LOCAL_SETTINGS = {
    "ipv6/conf/all/disable_ipv6": "1",
    "ipv6/conf/default/disable_ipv6": "1",
    # The network loses nothing by itself: a flow has at most half of this under way, and queues are deep (fabric.py).
    "ipv4/tcp_rmem": "4096 131072 1048576",
    "ipv4/tcp_wmem": "4096 131072 1048576",
    "ipv4/tcp_congestion_control": "reno",  # the only one that every kernel lets a new network namespace choose
    # What one launch learnt of a link must not help or harm the next.
    "ipv4/tcp_no_metrics_save": "1",
    "ipv4/tcp_slow_start_after_idle": "0",
}


def mount_own_system():
    """/proc and /sys of the namespaces that this process is in, control groups as they were."""
    system.mount("proc", "/proc", "proc", system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC)
    groups = "/sys/fs/cgroup"
    if not os.path.ismount(groups):
        system.mount("sysfs", "/sys", "sysfs")
        return
    aside = f"{places.STATE}/cgroup"
    system.mount(groups, aside, None, system.MS_BIND | system.MS_REC)
    system.mount("sysfs", "/sys", "sysfs")
    system.mount(aside, groups, None, system.MS_MOVE)


def settle(name):
    """Makes this process, the first of its namespaces, look like a machine of that name."""
    system.set_host_name(name)
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
    mount_own_system()
    system.mount_tmpfs("/dev/shm", 0o1777)
    system.mount_tmpfs(places.OWN, 0o1777)
    for setting, value in LOCAL_SETTINGS.items():
        path = f"/proc/sys/net/{setting}"
        if os.path.exists(path):
            places.write(path, value)
    system.call("ip", "link", "set", "lo", "up")


def reap_for_ever():
    while True:
        try:
            os.wait()
        except ChildProcessError:
            signal.pause()
        except InterruptedError:
            pass


def hold(name, flags, prepare):
    """Starts the process that holds a machine's new namespaces; returns its id once `prepare` has run in it."""
    told, tell = os.pipe()

    def first():
        system.set_process_name(name)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            prepare()
            os.write(tell, b"ready")
        except (system.LabError, OSError) as error:
            os.write(tell, f"{name}: {error}".encode()[:4000])
            return 4
        os.close(tell)
        reap_for_ever()

    def middle():
        os.setsid()
        system.detach(tell)
        try:
            system.unshare(flags, f"cannot make the namespaces of {name}")
        except system.LabError as error:
            os.write(tell, str(error).encode())
            return 4
        places.keep_pid(name, system.in_child(first))
        return 0

    child = system.in_child(middle)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        word = pipe.read()
    os.waitpid(child, 0)
    if word != b"ready":
        raise system.LabError(word.decode() or f"{name} did not come up")
    return places.pid_of(name)


def hold_node(name):
    everything = (system.NEW_NETWORK | system.NEW_MOUNT | system.NEW_UTS | system.NEW_IPC | system.NEW_PROCESS)
    return hold(name, everything, lambda: settle(name))
