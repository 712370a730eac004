#!/bin/sh
# setup.sh STEP… runs scripts/STEP.sh in turn, one set-up at a time: each finds by itself whether there is work to do.
set -eu
cd "$(dirname "$0")/.."

lock=.tools/setup.lock
mkdir -p .tools

# A link is made whole or not at all and carries the process id of its owner.
until ln -s "$$" "$lock" 2>/dev/null; do
  owner=$(readlink "$lock" || true)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
    rm -f "$lock"
  else
    sleep 1
  fi
done
trap 'rm -f "$lock"' EXIT
trap 'exit 130' INT TERM HUP

# What an interrupted set-up was unpacking.
rm -rf .tools/*.new.*

# A home that cannot be written to must not stop npm.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  npm_config_cache=$PWD/.tools/npm-cache
  export npm_config_cache
fi

for step; do
  sh "scripts/$step.sh"
done
