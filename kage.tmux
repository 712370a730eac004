#!/bin/sh
exec "$(CDPATH='' cd -P -- "$(dirname -- "$0")" && pwd)/tmux/kage.tmux"
