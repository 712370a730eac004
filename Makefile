# make setup   Node, packages and the build; every other target does that first by itself
# make demo    the whole story from inside Neovim, on a small project; AUTO=1 needs no terminal
# make test    every test; FILES="test/core test/cli" only those
# make check   format, lint, types, tidy, dead code, shell scripts, Lua, generated docs
# make format  writes what the check of the format asks for
# make fuzz    the seeded tests with N cases each (N=2000); SEED=… replays one, FILES=… chooses
# make guarantees writes doc/guarantees.md from the table of promises and the last test runs
# make soak    the long runs of test/soak, each for N minutes (N=10); SEED=… replays one
# make bench   the figures of the README; FILES="bench/append.ts" only those, FILES="bench/merges.ts REPOSITORY" replays its merges
# make pictures takes the pictures of the README anew, from the real thing
# make clean   removes what was built; `rm -r .tools node_modules` removes the rest

system_path := $(PATH)
export PATH := $(CURDIR)/.tools/bin:$(PATH)
# What tools keep for themselves stays in the checkout.
export XDG_DATA_HOME := $(CURDIR)/.build/data
N ?= 2000

.PHONY: setup build tools demo test check format fuzz soak bench guarantees pictures clean
.NOTPARALLEL:

setup: build

tools:
	@PATH="$(system_path)" sh scripts/setup.sh node packages

build: tools
	@node scripts/build.ts

demo: build
	@PATH="$(system_path)" sh scripts/setup.sh neovim
	@node dist/demo.js

test: build
	@PATH="$(system_path)" sh scripts/setup.sh neovim
	@node node_modules/vitest/vitest.mjs run $(FILES)

check: build
	@PATH="$(system_path)" sh scripts/setup.sh shellcheck
	@node scripts/check.ts

format: tools
	@node scripts/format.ts --write

fuzz: build
	@PATH="$(system_path)" sh scripts/setup.sh neovim
	@KAGE_RUNS=$(N) KAGE_WORLDS=$(N) $(if $(SEED),KAGE_SEED=$(SEED)) \
		node node_modules/vitest/vitest.mjs run $(or $(FILES),test/core test/simulation test/adapters/bridge \
		replay-property add-property settings-property line-ends-property)

soak: build
	@PATH="$(system_path)" sh scripts/setup.sh neovim
	@KAGE_TEST_SOAK_MINUTES=$(if $(filter file,$(origin N)),10,$(N)) $(if $(SEED),KAGE_SEED=$(SEED)) \
		node node_modules/vitest/vitest.mjs run $(or $(FILES),test/soak)

bench: build
	@node scripts/bench.ts $(FILES)

guarantees: tools
	@node scripts/guarantees.ts --write

pictures: build
	@PATH="$(system_path)" sh scripts/setup.sh neovim
	@node scripts/pictures.ts

clean:
	@rm -rf dist .build
