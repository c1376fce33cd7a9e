"""`on MACHINE COMMAND...`, for use on the head of a lab: the command runs as a process of that machine.

Like a command over ssh, it may outlive the process that asked for it.
"""

import os
import sys

from podlab import places, processes, system

NOT_REACHED = 255  # as ssh says


def main():
    machine, command = sys.argv[1], sys.argv[2:]
    pid = places.pid_of(machine)
    if pid is None or not command:
        print(f'on: no command, or there is no machine "{machine}" to be seen from here', file=sys.stderr)
        return NOT_REACHED
    if pid == places.KEEPER:
        return processes.execute(command, os.environ)
    return processes.inside(pid, lambda: processes.execute(command, os.environ), child=system.in_child)


if __name__ == "__main__":
    sys.exit(main())
