"""The rules of docs/house.md that a machine can check. A rule is a generator of complaints about one file."""

import os
import re

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)

ROOMS = ("base", "transports", "patterns", "results", "analysis", "bench")
MAY_INCLUDE = {
    "base": {"base"},
    "transports": {"base", "transports"},
    "patterns": {"base", "patterns"},
    "results": {"base", "results"},
    "analysis": {"base", "patterns", "results", "analysis"},
    "bench": set(ROOMS),
}

# Whose headers may stand where: a header's pattern and the only paths that may include it.
LIBRARIES = (
    ("HDF5", r"(hdf5(_hl)?|H5\w*)\.h", r"results/"),
    ("CLI11", r"CLI/.*", r"bench/options"),
    ("Google Benchmark", r"benchmark/.*", r"bench/"),
    ("libfabric", r"rdma/.*", r"transports/libfabric/"),
    ("UCX", r"uc[pstm]/.*", r"transports/ucx/"),
    ("MPI", r"mpi(-ext)?\.h", r"transports/mpi/|bench/fidelity/"),
    ("PMIx", r"pmix.*\.h", r"bench/rendezvous/"),
    ("GoogleTest", r"g(test|mock)/.*", r".*/test/|.*_test\.cpp|transports/conformance/|tests/"),
)

LARGEST_LINES = 500
# Words of work that is not finished, and of the place where it was done.
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\b(for now|not implemented yet|simplified version)\b", re.I)
LINK = re.compile(r"\]\((?!\w+://)([^)#\s]+)")
TRACKER = re.compile(r"\bissue\s+#?\d+\b", re.I)


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


def is_test(path):
    return "/test/" in path or path.startswith("tests/")


def room_of(path):
    room = path.split("/", 1)[0]
    return room if room in ROOMS and "/" in path else None


def who_includes_whom(path, text, _context):
    room = room_of(path)
    if not is_cpp(path) or room is None:
        return
    for included in INCLUDE.findall(text):
        other = room_of(included)
        if other is not None and other not in MAY_INCLUDE[room] and not is_test(path):
            yield f"{room} includes {included}; it may include only {', '.join(sorted(MAY_INCLUDE[room]))}"


def transports_keep_to_themselves(path, text, context):
    parts = path.split("/")
    if not is_cpp(path) or parts[0] != "transports" or len(parts) < 3:
        return
    for included in INCLUDE.findall(text):
        other = included.split("/")
        if other[0] == "transports" and len(other) > 2 and other[1] in context.transports - {parts[1]}:
            yield f"includes {included}: a transport knows no other transport"


def libraries_stay_home(path, text, _context):
    if not is_cpp(path):
        return
    for included in INCLUDE.findall(text):
        for library, header, home in LIBRARIES:
            if re.fullmatch(header, included) and not re.match(home, path):
                yield f"includes {included}: {library} stays in {home}"


def no_transport_names_in_shared_code(path, text, context):
    """A quoted name is how code would switch over transports; prose and examples are longer. What an option is
    where a person does not say is no switch."""
    parts = path.split("/")
    shared = parts[0] in ("bench", "patterns", "results", "analysis") or (
        parts[0] == "transports" and len(parts) == 2)
    if not is_cpp(path) or not shared or is_test(path) or path.startswith(("bench/fidelity/", "bench/options/")):
        return
    names = "|".join(sorted(context.transports))
    for match in re.finditer(rf'"({names})(:\w*)?"', COMMENT.sub("", text)):
        yield f"names a transport: {match.group(0)}"


def small_files(path, text, _context):
    lines = text.count("\n")
    if is_cpp(path) and lines > LARGEST_LINES:
        yield f"has {lines} lines; {LARGEST_LINES} are the most, and one idea a file"


def nothing_unfinished(path, text, _context):
    if path.startswith("tests/house/") or path in ("LICENSE",):
        return
    for pattern in (UNFINISHED, TRACKER):
        for match in pattern.finditer(text):
            yield f'says "{match.group(0)}"'


def no_path_of_this_machine(path, text, context):
    if context.root in text:
        yield f"names a path of this machine: {context.root}"


def links_lead_somewhere(path, text, context):
    if not path.endswith(".md"):
        return
    for target in LINK.findall(text):
        if not context.exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
            yield f"links to {target}, which is not there"


RULES = (
    who_includes_whom,
    transports_keep_to_themselves,
    libraries_stay_home,
    no_transport_names_in_shared_code,
    small_files,
    nothing_unfinished,
    no_path_of_this_machine,
    links_lead_somewhere,
)
