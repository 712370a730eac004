#!/bin/sh
# Puts shellcheck in place for the check of the scripts: the system's, else Debian's; without either the check says so.
set -eu
cd "$(dirname "$0")/.."

link=.tools/bin/shellcheck
command -v shellcheck >/dev/null && exit 0
sh scripts/debian.sh trixie .tools/shellcheck shellcheck shellcheck || exit 0
[ -x "$link" ] || ln -sf ../shellcheck/shellcheck "$link"
