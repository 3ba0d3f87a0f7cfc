# The portal on one machine. Needs Python 3.11 or newer and make; everything else comes into .venv and var/.
# make run [PORT=8000] [DEMO=0]   the whole portal, until Ctrl-C
# make test                       all checks and tests
# make thorough                   the long tables of faults and invented inputs, every row of them
# make benchmark                  how fast the directory is with 5,000 groups, and the dashboard with 2,000,000 contributions
# make install | lint | format | check | clean

PORT ?= 8000
DEMO ?= 1
export PORT DEMO

PY := .venv/bin/python
FIND_PYTHON = for name in $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
	command -v $$name >/dev/null 2>&1 || continue; \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	echo $$name; break; done

.PHONY: run test thorough install lint format check benchmark clean

run: .venv/.installed-local
	@exec $(PY) -m portal.local run

test: .venv/.installed-test
	@exec $(PY) -m portal.local.checks all

thorough: .venv/.installed-test
	@exec $(PY) -m portal.local.checks thorough

lint: .venv/.installed-test
	@exec $(PY) -m portal.local.checks lint

check: .venv/.installed-test
	@exec $(PY) -m portal.local.checks settings

benchmark: .venv/.installed-test
	@exec $(PY) -m portal.local.checks benchmark

format: .venv/.installed-test
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format . && $(PY) -m djlint --reformat --quiet templates

install: .venv/.installed-local

clean:
	rm -rf .venv var/static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Installed again only when the pinned set has changed; an interrupted installation leaves no stamp.
.venv/.installed-%: requirements/%.txt
	@$(PY) -c '' 2>/dev/null || { \
		python=$$($(FIND_PYTHON)); \
		test -n "$$python" || { echo "The portal needs Python 3.11 or newer; none was found. Name one with PYTHON=/path/to/python." >&2; exit 1; }; \
		echo "Making .venv with $$($$python --version)"; \
		$$python -m venv --clear .venv || { echo "$$python has no venv module: install it (Debian: apt-get install python3-venv)." >&2; rm -rf .venv; exit 1; }; \
	}
	@echo "Installing $<"
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement $< \
		|| { echo "The installation of $< failed; what pip said stands above." >&2; exit 1; }
	@touch $@
