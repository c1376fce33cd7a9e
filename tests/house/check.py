"""Holds every file of the tree against the rules of the house: check.py SOURCE_DIR.

Prints one line a complaint and exits 1 where there is any.
"""

import os
import sys
from dataclasses import dataclass

from rules import RULES

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache", "runs"}
TEXT_ENDINGS = (".cpp", ".hpp", ".c", ".h", ".py", ".sh", ".cmake", ".md", ".txt", ".json", ".toml", ".in",
                ".js", ".css", ".html", "run", "LICENSE")


@dataclass
class Context:
    root: str
    transports: set

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))


def files_of(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            if name.endswith(TEXT_ENDINGS):
                yield os.path.relpath(os.path.join(folder, name), root)


def transports_of(root):
    """A folder of transports/ is a transport where it makes a plug-in."""
    found = set()
    for name in os.listdir(os.path.join(root, "transports")):
        build = os.path.join(root, "transports", name, "CMakeLists.txt")
        if os.path.exists(build) and "podbench_transport(" in open(build, encoding="utf-8").read():
            found.add(name)
    return found


def complaints(root):
    context = Context(root, transports_of(root))
    for path in files_of(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        for rule in RULES:
            for complaint in rule(path, text, context):
                yield f"{path}: {complaint}"


def main():
    found = list(complaints(os.path.abspath(sys.argv[1])))
    print("\n".join(found) or "the house is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
