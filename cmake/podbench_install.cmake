# Install and export: written by the owner of tests/package.
