"""The pod.toml that declares what a shape builds (docs/pod.md)."""

from podlab.shape import format_rate


def names(stem, numbers):
    """ "n[1-4]", or "n1" for one."""
    first, last = min(numbers), max(numbers)
    return f"{stem}{first}" if first == last else f"{stem}[{first}-{last}]"


def links_of(lower, upper, rate):
    return f'\n[[links]]\nfrom = "{lower}"\nto = "{upper}"\nrate = "{format_rate(rate)}"\n'


def text_of(shape):
    text = f'name = "{shape.name}"\n'
    if shape.spines > 1:
        text += "# All that goes to one node takes the same spine.\nspreading = \"flows\"\n"
    text += f'\n[[nodes]]\nnames = "{names("n", range(1, shape.nodes + 1))}"\n'
    text += f'\n[[switches]]\nnames = "{names("leaf", range(1, shape.leaves + 1))}"\ntier = 1\n'
    if shape.spines:
        text += f'\n[[switches]]\nnames = "{names("spine", range(1, shape.spines + 1))}"\ntier = 2\n'
    for leaf in shape.leaf_names:
        numbers = [shape.number(node) + 1 for node in shape.leaf_nodes(leaf)]
        text += links_of(names("n", numbers), leaf, shape.node_rate)
    for spine in shape.spine_names:
        text += links_of(names("leaf", range(1, shape.leaves + 1)), spine, shape.uplink_rate)
    return text
