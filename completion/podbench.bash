# Completion of podbench for bash. Nothing is listed here: commands, flags and choices are read from --help,
# names from `podbench list`, so that it is never out of step with the program that it completes.

# `_podbench_names PROGRAM WHAT [COLUMN]`: the names that `podbench list WHAT` gives.
_podbench_names() {
  "$1" list "$2" --format csv 2>/dev/null | tail -n +2 | cut -d, -f"${3:-1}" | sort -u
}

# What help says in braces, in the lines that match.
_podbench_choices() {
  sed -nE "s/$1.*\{([^}]*)\}.*/\2/p" | tr , '\n'
}

# `_podbench_words PROGRAM COMMAND PREVIOUS`: what may stand after PREVIOUS. Ends in 1 where only a file may.
_podbench_words() {
  local program=$1 command=$2 previous=$3
  case $previous in
    --transport) echo all && _podbench_names "$program" transports ;;
    --pattern) _podbench_names "$program" patterns ;;
    --algorithm) _podbench_names "$program" patterns 2 ;;
    --suite) _podbench_names "$program" suites ;;
    --workload) _podbench_names "$program" workloads ;;
    --*) "$program" "$command" --help 2>/dev/null | _podbench_choices "^ +(-.,)?$previous " ;;
    *) "$program" "$command" --help 2>/dev/null | sed '/^Options:/,$d' | _podbench_choices "^ +()[a-z]+ " ;;
  esac
}

_podbench_commands() {
  "$1" --help 2>/dev/null | sed -nE '/^Subcommands:/,/^$/s/^ +([a-z]+) .*/\1/p'
}

_podbench_flags() {
  "$@" --help 2>/dev/null | sed -nE 's/^ +(-.,)?(--[a-z-]+).*/\2/p'
}

_podbench() {
  # Words as a person sees them: bash would also break them at colons.
  local line=${COMP_LINE:0:COMP_POINT} words candidates
  read -ra words <<<"$line"
  local current=${line##* } before=$((${#words[@]} - 1))
  [ -z "$current" ] || before=$((before - 1))
  local program=${words[0]} previous=${words[before]}
  if [ "$before" = 0 ]; then
    candidates="--help --version $(_podbench_commands "$program")"
  elif [ "${current#-}" != "$current" ]; then
    candidates=$(_podbench_flags "$program" "${words[1]}")
  else
    candidates=$(_podbench_words "$program" "${words[1]}" "$previous")
  fi
  mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
  if [ "${#COMPREPLY[@]}" = 0 ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}")
  fi
}
complete -o filenames -F _podbench podbench
