"""Processes of the lab: children that die with their parent, and ways into a lab and its machines.

A chain of such children ends with its first process, even where that is killed: each asks the kernel for SIGKILL when
its parent goes, and looks at a pipe for a parent that went before it could ask.
"""

import os
import select
import signal

from podlab import places, system

NAMESPACES = ("user", "mnt", "uts", "ipc", "net", "pid")


def tied_child(work):
    """in_child() whose child does not outlive this process."""
    alive, ours = os.pipe()

    def tied():
        os.close(ours)
        system.die_with_parent(signal.SIGKILL)
        if select.select([alive], [], [], 0)[0]:
            return 4
        return work()

    pid = system.in_child(tied)
    os.close(alive)
    return pid


def exit_code_of(status):
    """As a shell gives it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def wait_for(pid):
    """The exit code of a child. What ends a command in order is passed on to it: its own process is to say how it ends."""
    before = {number: signal.signal(number, lambda number, _: _send(pid, number))
              for number in (signal.SIGTERM, signal.SIGHUP)}
    # Of Ctrl-C the terminal tells the whole group.
    before[signal.SIGINT] = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return exit_code_of(os.waitpid(pid, 0)[1])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def join(pid):
    """Moves this process into all namespaces of another; its children are in the other's process namespace."""
    handles = []
    for name in NAMESPACES:
        theirs = f"/proc/{pid}/ns/{name}"
        if os.stat(theirs).st_ino != os.stat(f"/proc/self/ns/{name}").st_ino:
            handles.append(os.open(theirs, os.O_RDONLY | os.O_CLOEXEC))
    folder = os.getcwd()
    for handle in handles:
        system.set_namespace(handle)
        os.close(handle)
    try:
        os.chdir(folder)
    except OSError:
        os.chdir("/")


def inside(pid, work, child=tied_child):
    """Runs `work` in a process inside the namespaces of process `pid`; returns its exit code.

    nsenter would do, but stops itself for good where its child is stopped for a moment.
    """

    def at_the_door():
        try:
            join(pid)
        except FileNotFoundError:
            raise system.LabError("the machine went down this moment") from None
        if child is tied_child:
            system.die_with_parent(signal.SIGKILL)  # forgotten where joining changed this process's rights
        return wait_for(child(work))

    return wait_for(child(at_the_door))


def execute(command, environment):
    """Becomes the command; 127 where there is none."""
    try:
        os.execvpe(command[0], command, environment)
    except OSError as error:
        os.write(2, f"lab.py: {command[0]}: {error.strerror}\n".encode())
    return 127


def background(work):
    """A process of the lab that lives until it is ended or the lab is; returns its id."""
    told, tell = os.pipe()

    def detached():
        system.detach()
        return work()

    def middle():
        os.setsid()
        os.close(told)
        os.write(tell, str(system.in_child(detached)).encode())

    child = system.in_child(middle)
    os.close(tell)
    with os.fdopen(told) as pipe:
        pid = int(pipe.read())
    os.waitpid(child, 0)
    return pid


def labs():
    """The running labs that this process sees: identity → process of the keeper."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            name = places.read(f"/proc/{entry}/comm").strip()
            if name.startswith("lab:") and places.read(f"/proc/{entry}/root{places.IDENTITY}") == name[4:]:
                found[name[4:]] = int(entry)
        except OSError:
            continue
    return found
