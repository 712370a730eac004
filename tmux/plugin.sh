# shellcheck shell=sh disable=SC2034
# Read by kage.tmux and unload.sh: what tells the plugin's own things from the user's. All bindings are always
# read together, since what `list-keys` says of one key, one table or of notes differs between versions of tmux.

# The status segment, unless the user has set another one.
segment='#{?KAGE_SUMMARY,kage #{KAGE_SUMMARY} ,}'

# What the key after the prefix does.
enter='switch-client -T kage'

# The keys of the plugin in the table `kage`.
table_keys='d r n p 1 2 3 4 5 6 7 8 9 w b s x ? m'

# Prints what a key after the prefix does, and nothing when it is free; fails when it is no key. A table that is there
# for a moment tells how tmux itself writes that key.
command_after_prefix() {
  listed=$(tmux bind-key -T kage-probe "$1" list-keys ';' list-keys ';' unbind-key -a -T kage-probe 2>/dev/null) || return
  probe=$(printf '%s\n' "$listed" | bindings_of kage-probe)
  printf '%s\n' "$listed" | bindings_of prefix | while IFS= read -r each; do
    case $each in "${probe%% *} "*) printf '%s\n' "${each#* }" ;; esac
  done
}

# Prints the keys of the table `kage` that the plugin has bound (own), or that somebody else has (foreign).
keys_in_table() {
  tmux list-keys | bindings_of kage | while IFS= read -r each; do
    case $each in *@kage_*) whose=own ;; *) whose=foreign ;; esac
    case " $table_keys " in *" ${each%% *} "*) if [ "$whose" = "$1" ]; then printf '%s\n' "${each%% *}"; fi ;; esac
  done
}

# Of a table, `bind-key -r -T prefix K command` becomes `K command`.
bindings_of() {
  sed -n "s/^bind-key *\(-r \)\{0,1\} *-T *$1  *\([^ ]*\) */\2 /p"
}

# A text as tmux reads it from a file, whatever it is.
quoted() {
  printf '"%s"\n' "$(printf %s "$1" | sed 's/[\\"$~]/\\&/g')"
}
