"""What the lab asks of Linux and Python's library does not have: namespaces, mounts, death with the parent.

All calls are of this process. LabError: one line, exit code 4.
"""

import ctypes
import os
import shutil
import subprocess
import traceback

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 2, 4, 8, 1 << 12, 1 << 13, 1 << 14, 1 << 18
NEW_MOUNT, NEW_UTS, NEW_IPC = 0x20000, 0x4000000, 0x8000000
NEW_USER, NEW_PROCESS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15

_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """The lab cannot be built or used here."""


def _checked(result, doing):
    if result != 0:
        raise LabError(f"{doing}: {os.strerror(ctypes.get_errno())}")


def unshare(flags, doing):
    _checked(_libc.unshare(flags), doing)


def set_namespace(handle):
    _checked(_libc.setns(handle, 0), "cannot enter a namespace")


def mount(source, target, kind, flags=0, data=""):
    arguments = (part.encode() if part else None for part in (source, target, kind))
    _checked(_libc.mount(*arguments, ctypes.c_ulong(flags), data.encode()), f"cannot mount {kind or source} on {target}")


def mount_tmpfs(target, mode=0o755):
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"mode={mode:o}")


def set_host_name(name):
    encoded = name.encode()
    _checked(_libc.sethostname(encoded, len(encoded)), "cannot set the host name")


def die_with_parent(signal):
    """Race-free only where the parent makes sure itself that it still lives, as with a pipe."""
    _libc.prctl(PR_SET_PDEATHSIG, signal)


def set_process_name(name):
    _libc.prctl(PR_SET_NAME, name.encode())


def command_path(name):
    """Root's programs are often not on a user's PATH."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")


def require_commands(*names, packages):
    missing = [name for name in names if not command_path(name)]
    if missing:
        raise LabError(f"{' and '.join(missing)} missing; install Debian's {packages}")


def call(*command, told=None):
    """Runs a command to its end; LabError with its last words where it fails."""
    path = command_path(command[0])
    if not path:
        raise LabError(f"{command[0]} is missing")
    done = subprocess.run([path, *command[1:]], input=told, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise LabError(f"`{' '.join(command)}`: {' '.join(words[-3:])}")
    return done.stdout


def enter(pid, *command):
    """A command line for `call` that sets something up on the machine that a process holds.

    The command is no process of that machine, whose faults would stop it.
    """
    return ("nsenter", "--target", str(pid), "--mount", "--uts", "--ipc", "--net", "--", *command)


def enter_network(pid, *command):
    return ("nsenter", "--target", str(pid), "--net", "--", *command)


def in_child(work):
    """Runs `work` in a forked child and returns the child's id; the child ends with work's value as its exit code."""
    pid = os.fork()
    if pid:
        return pid
    code = 4
    try:
        code = work() or 0
    except LabError as error:
        os.write(2, f"lab.py: {error}\n".encode())
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def detach(*kept):
    """Lets go of all descriptors but those `kept`: somebody may wait for an inherited one to close."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                pass  # the one that listed them
