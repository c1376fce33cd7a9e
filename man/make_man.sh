#!/bin/sh
# The manual page out of the program's own help: make_man.sh PROGRAM >podbench.1
#
# A section a command, so that the page has every flag that the program has and no other.
set -eu
program=$1
version=$("$program" --version | cut -d' ' -f2)

# Text for the formatter: a backslash, a leading dot or quote would be its own language.
plain() { sed -e 's/\\/\\e/g' -e "s/^\([.']\)/\\\\\&\1/" -e 's/-/\\-/g'; }

# Help without its first line, which stands above; kept as it is set.
verbatim() {
  printf '.nf\n'
  plain
  printf '.fi\n'
}

printf '.TH PODBENCH 1 "" "podbench %s" "podbench"\n' "$version"
printf '.SH NAME\npodbench \\- '
"$program" --help | sed -n '1s/^podbench: //p' | plain
printf '.SH SYNOPSIS\n.B podbench\n.I COMMAND\n[\\fIOPTIONS\\fR]\n'
printf '.SH OVERVIEW\n'
"$program" --help | tail -n +2 | verbatim
for command in $("$program" --help | sed -nE '/^Subcommands:/,/^$/s/^ +([a-z]+) .*/\1/p'); do
  printf '.SH "podbench %s"\n' "$command"
  "$program" "$command" --help | verbatim
done
cat <<'TROFF'
.SH ENVIRONMENT
.TP
.B PODBENCH_TRANSPORT_PATH
Folders with more transports, colons between; searched first.
.TP
.B PODBENCH_NODE
The name of this node.
.TP
.B PODBENCH_ADDRESS
The numeric address by which other nodes reach this one.
.SH FILES
.TP
.I results/runs/NAME.h5
A run: every sample, and the machine that it was taken on.
.TP
.I results/runs/NAME.spool
The finished cases of a run that was interrupted; see
.BR "podbench recover" .
TROFF
