"""Pods of network namespaces on one machine; lab.py is their command line, docs/lab.md their guide."""
