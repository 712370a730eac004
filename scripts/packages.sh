#!/bin/sh
# Installs the packages of package-lock.json. npm runs under the Node that was decided, because under an older one it
# resolves older majors. What was installed is remembered inside node_modules, so that half a run is no run.
set -eu
cd "$(dirname "$0")/.."

stamp=node_modules/.setup
npm_version=11.19.1
npm_sha512='ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g=='

wanted() {
  uname -sm
  cat package-lock.json .npmrc
}

# npm's own file: behind whatever stands for it on PATH, a link or a shim that can name its folder, or beside the Node.
npm_found() {
  at=$(node -p 'require("node:fs").realpathSync(process.argv[1])' "$(command -v npm)" 2>/dev/null) && new_enough && return
  at=$(npm root -g 2>/dev/null)/npm/bin/npm-cli.js && new_enough && return
  at=$(node -p 'require("node:path").resolve(process.execPath, "../../lib/node_modules/npm/bin/npm-cli.js")') && new_enough
}

new_enough() {
  [ "${at##*/}" = npm-cli.js ] && [ -f "$at" ] &&
    node -e 'process.exit(parseInt(require(process.argv[1]).version) >= 11 ? 0 : 1)' "${at%/bin/*}/package.json"
}

install() {
  node "$npm" "$@" ${settings:+"--globalconfig=$settings"} --include=dev --ignore-scripts --no-fund --no-audit --loglevel=error
}

wanted | cmp -s - "$stamp" && exit 0

# npm looks for the machine's settings (proxy, certificates, registry) beside the Node that runs it.
settings=$(npm config get globalconfig --loglevel=error 2>/dev/null) || settings=
PATH=$PWD/.tools/bin:$PATH
export PATH

if npm_found; then
  npm=$at
else
  npm=.tools/npm/bin/npm-cli.js
  [ -f "$npm" ] || sh scripts/package.sh npm "$npm_version" "$npm_sha512" .tools/npm
fi

printf 'setup: installing packages\n' >&2
if ! install ci 2>.tools/npm-ci.log; then
  lock=.tools/package-lock.$$
  cp package-lock.json "$lock"
  install install --no-save || {
    cat .tools/npm-ci.log >&2
    mv "$lock" package-lock.json
    printf 'setup: npm could not install the packages; look at what it said above and try again.\n' >&2
    exit 1
  }
  cmp -s "$lock" package-lock.json || cp "$lock" package-lock.json
  rm "$lock"
fi
rm -f .tools/npm-ci.log
wanted >"$stamp.$$"
mv "$stamp.$$" "$stamp"
