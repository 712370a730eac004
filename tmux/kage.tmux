#!/bin/sh
# Loads the plugin: one key after the prefix, the table `kage` behind it, and the status segment. Nothing of the
# user's is changed. The keys read only what the daemon wrote into tmux: they work without it and start no process.

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd) || exit 1
# shellcheck source=tmux/plugin.sh
. "$root/tmux/plugin.sh"

main() {
  ask || exit 1
  new_enough "$version" || complain "tmux $version is older than 3.2"
  foreign=" $(keys_in_table foreign | tr '\n' ' ')"
  bindings | tmux set-option -g @kage_directory "$root/" ';' source-file -
  [ -z "$complaint" ] || complain "$complaint"
}

# One call for all: unset and empty are different answers.
ask() {
  answer=$(tmux display-message -p '#{version}' ';' display-message -p '#{@kage-key}' ';' \
    display-message -p '#{@kage_key}' ';' show-options -gq @kage-key ';' show-options -gq @kage-status) || return
  {
    read -r version
    IFS= read -r key
    IFS= read -r old
  } <<END
$answer
END
  case $answer in *"
@kage-key"*) ;; *) key=K ;; esac
  case $answer in *"
@kage-status"*) segment='' ;; esac
  complaint='' binding=''
  if [ -z "$key" ]; then return; fi
  if ! binding=$(command_after_prefix "$key"); then
    complaint="tmux has no key $key: correct @kage-key" key=''
  elif [ -n "$binding" ] && [ "$binding" != "$enter" ]; then
    complaint="prefix $key is bound already: set @kage-key to another key, or unbind it" key=''
  elif [ -n "$binding" ] && [ "$old" != "$key" ]; then
    key=''
  fi
}

new_enough() {
  number=${1#next-}
  minor=${number#*.}
  minor=${minor%%[!0-9]*}
  case ${number%%.*} in
    3) [ "${minor:-0}" -ge 2 ] ;;
    [4-9] | [1-9][0-9]) true ;;
    *) false ;;
  esac
}

complain() {
  tmux display-message "kage: $1" 2>/dev/null
  exit 0
}

# What tmux reads: each command on a line of its own.
bindings() {
  if [ -n "$segment" ]; then printf '%s\n' "set-option -g @kage-status '$segment'"; fi
  printf '%s\n' "set-option -g @kage_status '#{E:@kage-status}'"
  if [ -n "$old" ] && [ "$old" != "$key" ] && [ "$(command_after_prefix "$old")" = "$enter" ]; then
    printf '%s\n' "unbind-key -T prefix $(quoted "$old")"
  fi
  if [ -n "$key" ]; then
    printf '%s\n' "bind-key -T prefix -N 'kage: agents' $(quoted "$key") $enter"
    printf '%s\n' "set-option -g @kage_key $(quoted "$key")"
  fi
  items=''
  bind d 'dashboard' "$(view dash)"
  bind r "review of this agent's run, else of the last one" "$(view review)"
  group
  item a 'all agents' "choose-tree -Z -f '#{!=:#{@kage_agent},}' -F '$label'"
  jump n 'next agent' '#{?@kage_next,#{@kage_next},#{@kage_1}}'
  jump p 'previous agent' "#{?@kage_prev,#{@kage_prev},$last}"
  for number in 1 2 3 4 5 6 7 8 9; do jump "$number" "agent $number" "#{@kage_$number}"; done
  jump w 'the next agent that waits for you' '#{@kage_waiting}'
  jump b 'back to where you came from' '#{KAGE_BACK}' pane
  group
  bind s 'send a text to all agents' "display-popup -E -w 80% -h 7 '$send'"
  bind x "interrupt this pane's agent" "if-shell -F '#{@kage_agent}' '$interrupt' \"display-message 'kage: no agent in this pane'\""
  group
  bind '?' 'these keys' "if-shell -F '#{&&:#{e|>=|:#{client_width},68},#{e|>=|:#{client_height},23}}' '$popup' '$short'"
  bind m 'menu, also with all agents to choose from' "if-shell -F '#{&&:#{e|>=|:#{client_width},60},#{e|>=|:#{client_height},17}}' { display-menu -T ' kage ' -x C -y C$items } '$short'"
}

# A popup with Neovim in the repository of this pane's run, else in this pane's directory. Only the pane's id is put into
# the command: a directory is expanded by the popup itself, so that no name is ever read as a command.
view() {
  printf '%s' "run-shell -C 'display-popup -E -w 90% -h 90% -d \"##{?@kage_repository,##{@kage_repository},##{pane_current_path}}\""
  printf '%s\n' " sh -c \"exec \\\"\\\$(tmux show-option -gqv @kage_directory)tmux/popup.sh\\\" $1 #{pane_id}\"'"
}

# Goes to the pane that a format names: the first step fetches its id, the second looks whether that pane is still there
# and remembers where one of the user's own panes was left.
jump() {
  gone="that ${4:-agent} is gone" none="no ${4:-agent} to go to"
  go="if-shell -F -t \"#{KAGE_TARGET}\" \"##{==:##{pane_id},#{KAGE_TARGET}}\" \"$leave switch-client -Z -t #{KAGE_TARGET}\" \"display-message \\\"kage: #{?KAGE_TARGET,$gone,$none}\\\"\""
  bind "$1" "$2" "run-shell -C 'set-environment -gh KAGE_TARGET \"#{?#{m/r:^%[0-9]+\$,$3},$3,}\"' ; run-shell -C '$go'"
}

# A binding of the user's stays; the menu has what is behind it all the same.
bind() {
  item "$1" "$2" "$3"
  case $foreign in *" $1 "*) return ;; esac
  printf '%s\n' "bind-key -T kage -N \"kage: $2\" '$1' { $3 }"
}

# A line of the menu, which expands formats once when it opens.
item() {
  case $1 in [1-9]) return ;; esac
  items="$items \"$2\" $1 \"$(printf %s "$3" | sed 's/#/##/g; s/[\\"$~]/\\&/g')\""
}

group() {
  items="$items ''"
}

# The pane before the first: the ring is written per pane, so it is looked for among all.
last='#{s/^(%[0-9]+).*/\1/:#{S:#{W:#{P:#{?#{==:#{pane_id},#{@kage_1}},#{@kage_prev},}}}}}'
leave='#{?@kage_agent,,set-environment -gh KAGE_BACK #{pane_id} ;}'
label='#{?pane_format,#{@kage_agent} #{@kage_state},#{?window_format,#{window_name}#{?#{==:#{window_panes},1}, #{@kage_agent} #{@kage_state},},}}'
# A shell reads what is typed: tmux would put it into a command.
send='exec "$(tmux show-option -gqv @kage_directory)tmux/send-all.sh"'
interrupt='if-shell -F "#{pane_dead}" "display-message \"kage: this agent has ended\"" "if-shell -F \"#{pane_in_mode}\" \"copy-mode -q\" ; send-keys C-c"'
popup='display-popup -E -w 68 -h 23 "exec \"$(tmux show-option -gqv @kage_directory)tmux/help.sh\""'
short='display-message "kage: d dashboard, r review, n p 1-9 w go to an agent, b back, s send to all, x interrupt"'

main
