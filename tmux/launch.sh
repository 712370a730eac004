#!/bin/sh
# launch.sh SPOOL: runs one agent in its pane and stays until it has written down how that ended.
#
# Two processes of this file share the pane's process group with the program. The leader is the terminal's session
# leader: only it is told when the pane or the server goes; it dies of that, and the kernel then hangs up the whole
# group. The keeper below it outlives the hang-up, waits for the program and writes `exit`. Everything is waited for
# in the foreground: a background program would have INT and QUIT ignored and nothing to read.
#
# SPOOL is the directory that only Kage writes to; the agent has another, and does not know this one. Even so each file is
# made anew: nothing is written into, or through, what lies there already.

kage_spool=$1

main() {
  trap : INT QUIT TERM
  (keep)
  exit
}

keep() {
  cut='' second=''
  trap : INT QUIT
  trap 'cut=HUP' HUP
  trap 'cut=TERM' TERM
  # What the launch file says; a program's own variables cannot have these names.
  kage_agent=${kage_spool##*/} kage_tmux=tmux kage_gate="" kage_directory=/ kage_special="" kage_opening=""
  # 0.1.0 wrote version 1 without its number.
  kage_format=1
  [ -r "$kage_spool/launch" ] || {
    [ ! -e "$kage_spool/claim" ] || come_second
    give_up 126 "$kage_spool/launch cannot be read"
  }
  # shellcheck source=/dev/null
  . "$kage_spool/launch"
  [ "$kage_format" = 1 ] || give_up 126 "its launch file has version $kage_format, this launcher knows 1"
  pass_gate || {
    superseded || give_up 129 'its gate never opened'
    exit 129
  }
  # Whoever comes second to the same spool must not start the agent again, nor write over its files.
  (set -C && : >"$kage_spool/claim") 2>/dev/null || second=yes
  # It may hold keys, and nobody reads it any more.
  command -p rm -f -- "$kage_spool/launch"
  [ -z "$second" ] || come_second
  # Nothing else was written by a launcher before the claim.
  for planted in started exit reason; do clear_way "$planted"; done
  [ -z "$cut" ] || give_up "$((128 + $(number "$cut")))" "$cut came before it began"
  (kage_argv begin)
  finish $? ''
}

come_second() {
  say 'was started before'
  exit 125
}

# Its client ends with success, too, when the server goes, and then even runs what is behind the gate: only a session
# that is still there proves that somebody opened it.
pass_gate() {
  server=${TMUX%,*}
  # shellcheck disable=SC2016
  case $("$kage_tmux" -S "${server%,*}" wait-for "$kage_gate" ';' display-message -p 'open #{session_id}' 2>/dev/null) in
    'open $'*) return 0 ;;
    *) return 1 ;;
  esac
}

# Another pane was opened in place of this one, and perhaps began already: the reports are that one's.
superseded() {
  # shellcheck source=/dev/null
  [ "$(. "$kage_spool/launch" 2>/dev/null && printf %s "$kage_opening")" != "$kage_opening" ]
}

# In the process that becomes the program.
begin() {
  cd -P -- "$kage_directory" 2>/dev/null || refuse 126 "its directory $kage_directory cannot be entered"
  kage_identity=$(identify) || refuse 126 'it cannot be told from other processes'
  unset PATH TMUX PWD OLDPWD SHLVL _
  kage_environment
  case $1 in
    */*)
      [ -f "$1" ] || refuse 127 "$1: not found"
      [ -x "$1" ] || refuse 126 "$1: not executable"
      ;;
    *) command -v -- "$1" >/dev/null || refuse 127 "$1: not found on PATH" ;;
  esac
  record started "$kage_identity" || refuse 126 "$kage_spool cannot be written"
  # Shells that keep a variable `_` would pass it on; names that a shell treats specially go round it, too.
  if [ -n "$kage_special" ] || [ -n "${_+set}" ]; then kage_exec "$@"; else exec "$@"; fi
}

# The parent of the substitution is the process that becomes the program.
identify() {
  if [ -r /proc/self/stat ]; then
    read -r own </proc/self/stat
    # shellcheck disable=SC2086
    set -- ${own##*) }
    read -r own <"/proc/$2/stat"
    read -r boot </proc/sys/kernel/random/boot_id
    pid=${own%% *}
    # shellcheck disable=SC2086
    set -- ${own##*) }
    fields "$pid" "${20}" "$2" "$3" "$boot"
  else
    # shellcheck disable=SC2016
    pid=$(exec /bin/sh -c 'echo "$PPID"')
    pid=$(ps -o ppid= -p "$pid") && pid=$((pid))
    fields "$pid" "$(LC_ALL=C ps -o lstart= -p "$pid")" "$(($(ps -o ppid= -p "$pid")))" \
      "$(($(ps -o pgid= -p "$pid")))" "$(sysctl -n kern.bootsessionuuid)"
  fi
}

fields() {
  printf 'pid=%s\nstart=%s\nlauncher=%s\ngroup=%s\nboot=%s\n' "$@"
}

refuse() {
  say "did not begin: $2"
  record reason "$2"
  exit "$1"
}

give_up() {
  say "did not begin: $2"
  finish "$1" "$2"
}

# From here on no signal may cut off what writes the report.
finish() {
  trap '' HUP INT QUIT TERM
  signal=
  # Once the program has started, whatever gives a reason why it did not is not the launcher's.
  if [ -f "$kage_spool/reason" ] && [ ! -e "$kage_spool/started" ]; then
    IFS= read -r reason <"$kage_spool/reason"
  else
    reason=$2
    [ -n "$2" ] || name_signal "$1"
    say "ended: ${signal:+signal $signal, }exit $1"
  fi
  record exit "$(printf 'status=%s\nsignal=%s\nat=%s\nreason=%s' "$1" "$signal" "$(command -p date +%s)" "$reason")"
  exit "$1"
}

name_signal() {
  [ "$1" -gt 128 ] && [ "$1" -lt 160 ] && signal=$(kill -l "$(($1 - 128))" 2>/dev/null)
}

number() {
  case $1 in HUP) echo 1 ;; *) echo 15 ;; esac
}

# Readers see a whole file or none.
record() {
  clear_way "$1.new"
  clear_way "$1"
  (set -C && printf '%s\n' "$2" >"$kage_spool/$1.new") 2>/dev/null &&
    command -p mv -f -- "$kage_spool/$1.new" "$kage_spool/$1"
}

# A directory is moved aside: `mv` would put the file into it.
clear_way() {
  [ -e "$kage_spool/$1" ] || [ -L "$kage_spool/$1" ] || return 0
  [ ! -d "$kage_spool/$1" ] || command -p mv -f -- "$kage_spool/$1" "$kage_spool/$1.planted.$$"
  command -p rm -f -- "$kage_spool/$1"
}

# Whatever the program left behind of colours and screens, this line can be read.
say() {
  printf '\033[?1049l\033[0m\r\n── kage: %s %s\r\n' "$kage_agent" "$1" 2>/dev/null
}

case $#,$1 in
  1,/*)
    # Starts again with an empty environment; what the agent may have is in the launch file.
    exec /usr/bin/env -i PATH="$PATH" TMUX="$TMUX" TERM="$TERM" /bin/sh "$0" "$1" bare
    ;;
  2,/*) main ;;
  *)
    echo 'usage: launch.sh SPOOL (an absolute path)' >&2
    exit 2
    ;;
esac
