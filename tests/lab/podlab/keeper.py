"""The keeper: the first process of a lab's process namespace. When it ends, in whatever way, the kernel ends all that
runs in the lab; with the last process go the namespaces, and with them interfaces, mounts and temporary files.
"""

import os
import signal

from podlab import fabric, node, places, processes, services, system
from podlab.shape import HEAD

NAMESPACES = system.NEW_MOUNT | system.NEW_UTS | system.NEW_IPC | system.NEW_PROCESS | system.NEW_NETWORK
GRACE_S = 10  # from SIGTERM until a command of `with` is ended


def check_machine():
    system.require_commands("ip", "tc", "bridge", packages="iproute2")
    system.require_commands("nsenter", packages="util-linux")
    system.require_commands("iptables", packages="iptables")


def new_namespaces():
    """Of this process's children. A plain user gets a user namespace in which he is root, where the system has them."""
    user, group = os.getuid(), os.getgid()
    if user == 0:
        return system.unshare(NAMESPACES, "this lab needs root with CAP_SYS_ADMIN")
    system.unshare(NAMESPACES | system.NEW_USER, "a lab needs root or user namespaces")
    places.write("/proc/self/setgroups", "deny")
    places.write("/proc/self/uid_map", f"0 {user} 1")
    places.write("/proc/self/gid_map", f"0 {group} 1")
    return None


def prepare(shape, identity):
    system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
    system.mount_tmpfs("/run")
    for folder in (places.STATE, places.OWN, places.PROGRAMS, places.FAULTS, places.PIDS, places.SSH,
                   f"{places.STATE}/cgroup", "/run/lock", "/run/sshd"):
        os.mkdir(folder)
    node.settle(HEAD)
    names = (HEAD, *shape.node_names)
    places.write(places.HOSTS, "127.0.0.1 localhost\n" + "".join(f"{shape.address(name)} {name}\n" for name in names))
    system.mount(places.HOSTS, "/etc/hosts", None, system.MS_BIND)
    places.keep_shape(shape)
    places.write(places.IDENTITY, identity)


def build(shape, identity, wanted):
    system.set_process_name(f"lab:{identity}")
    prepare(shape, identity)
    fabric.build(shape)
    fabric.plug_in(shape, HEAD)
    for name in shape.node_names:
        fabric.boot(shape, name)
    services.start(shape, wanted)


def serve(command):
    """Runs the command on the head and ends with it, as init does: orphans are waited for, too."""
    child = system.in_child(lambda: processes.execute(command, places.environment(os.environ)))

    def ask_to_end(*_):
        os.kill(child, signal.SIGTERM)
        signal.alarm(GRACE_S)

    signal.signal(signal.SIGTERM, ask_to_end)
    signal.signal(signal.SIGHUP, ask_to_end)
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGALRM, lambda *_: os._exit(128 + signal.SIGTERM))
    while True:
        pid, status = os.wait()
        if pid == child:
            return processes.exit_code_of(status)


def with_lab(shape, identity, wanted, command):
    """Builds a lab for the length of one command; returns the command's exit code."""

    def keeper():
        # The first process of a namespace hears only what it has a handler for.
        signal.signal(signal.SIGTERM, lambda *_: os._exit(128 + signal.SIGTERM))
        build(shape, identity, wanted)
        return serve(command)

    def outside():
        new_namespaces()
        system.die_with_parent(signal.SIGKILL)  # forgotten where new namespaces changed this process's rights
        return processes.wait_for(processes.tied_child(keeper))

    return processes.wait_for(processes.tied_child(outside))


def leave_lab(shape, identity, wanted):
    """Builds a lab that stays until it is taken down."""
    told, tell = os.pipe()

    def keeper():
        os.close(told)
        build(shape, identity, wanted)
        os.write(tell, b"ready")
        system.detach()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        node.reap_for_ever()

    def outside():
        os.setsid()
        new_namespaces()
        system.in_child(keeper)
        return 0

    child = system.in_child(outside)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        word = pipe.read()
    code = processes.exit_code_of(os.waitpid(child, 0)[1])
    return 0 if word == b"ready" and code == 0 else 4
