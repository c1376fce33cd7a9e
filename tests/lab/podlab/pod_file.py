"""The pod.toml that declares what a shape builds (docs/pod.md)."""


def text_of(shape):
    return ""
