# `make help` lists every command. Paths are quoted everywhere: the repository may lie in a folder with spaces.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
VENV_PYTHON := $(VENV)/bin/python
WHEELS ?=
GPU ?=
SITE ?=
DIR ?= wheels
ARGS ?=
LAB ?=
EXERCISE ?=
SET ?= lowest
# Processes that share the tests out: each may need 3 GB.
TEST_JOBS ?= 2
PYTEST = "$(VENV_PYTHON)" -m pytest -n $(TEST_JOBS) --dist loadfile --no-loadscope-reorder
export PYTHON

# Everything after this point that installs or fetches obeys WHEELS=DIR: no index, only that folder.
SET_UP = python=$$(sh tools/find_python.sh) && "$$python" tools/setup.py --venv "$(VENV)" --wheels "$(WHEELS)" --gpu "$(GPU)" --site "$(SITE)"
COURSE = COURSE_WHEELS="$(WHEELS)" "$(VENV_PYTHON)" -m course_utils

.DEFAULT_GOAL := help
.PHONY: help lab teach setup test test-all stale goldens test-jax versions doctor demo lab-check answers adversarial notebooks gallery site bench lint lock wheelhouse clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

lab: ## set everything up and open JupyterLab at work/START_HERE.md (ARGS=--no-browser to only serve; WHEELS=DIR without a network)
	@$(SET_UP)
	@exec env COURSE_WHEELS="$(WHEELS)" "$(VENV_PYTHON)" -m course_utils lab $(ARGS)

teach: ## set everything up and open JupyterLab at the repository, with nbgrader's panels for instructors
	@$(SET_UP)
	@exec env COURSE_WHEELS="$(WHEELS)" "$(VENV_PYTHON)" -m course_utils teach $(ARGS)

setup: ## everything `make lab` does except opening JupyterLab (GPU=1 adds what an NVIDIA GPU needs, Linux x86_64)
	@$(SET_UP)
	@$(COURSE) lab --prepare

# What these need in the environment on top of what students get.
test test-all site: SITE = 1

test: setup ## set everything up and run the tests, in ten minutes at most on two cores (ARGS goes to pytest, for example ARGS="-m network tests/models/test_weights.py")
	@$(PYTEST) $(ARGS)

test-all: setup ## all tests; those that `make test` leaves out go on file (hours; ARGS=--stale only what is missing or older than its code)
	@"$(VENV_PYTHON)" -m authoring.checking && $(PYTEST) -m "not network" --record-slow $(ARGS)

stale: setup ## print which results on file, of slow tests and of answers to the labs, are older than the code they cover
	@"$(VENV_PYTHON)" -m pytest --list-stale

goldens: setup ## regenerate the golden files (authoring/goldens/; ARGS="cells names" only these)
	@"$(VENV_PYTHON)" -m authoring.golden $(ARGS)

# In an environment of its own: `.venv` stays as the lock says, and no benchmark names a backend that it did not use.
test-jax: ## run all lessons on Keras's other backend, JAX, in an environment of their own (.venv-jax; takes minutes)
	@$(MAKE) --no-print-directory setup VENV="$(VENV)-jax"
	@PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 "$(VENV)-jax/bin/python" -m pip install --quiet $(if $(WHEELS),--no-index --find-links "$(WHEELS)") --no-build-isolation --editable ".[jax]"
	@"$(VENV)-jax/bin/python" -m pytest -m slow --record-slow tests/authoring/test_lessons.py::test_runs_on_jax_too $(ARGS)

# In environments of their own, as above.
versions: setup ## run lessons and worked labs with other versions of the packages (SET=lowest, colab or newest; ARGS=lab only those)
	@"$(VENV_PYTHON)" tools/versions.py "$(SET)" $(ARGS)

doctor: ## say what is right and wrong with this machine, and how to fix it
	@$(COURSE) doctor

demo: setup ## grade a sample class with nbgrader and print its gradebook
	@"$(VENV_PYTHON)" tools/demo.py $(ARGS)

lab-check: setup ## build a lab and try wrong and right answers to it (LAB=lab2, by default all; EXERCISE=build-extractor one; ARGS=--again)
	@"$(VENV_PYTHON)" -m authoring.checking $(LAB) $(EXERCISE) $(ARGS)

answers: setup ## try the answers to all labs whose results are old, and count who is caught (LAB=lab2 for one)
	@"$(VENV_PYTHON)" -m authoring.checking $(LAB)

adversarial: setup ## grade submissions that attack or break, and show that nothing and nobody else is affected
	@"$(VENV_PYTHON)" -m authoring.adversarial.run

notebooks: setup ## rebuild lessons/, solutions/ and labs/ from authoring/ (ARGS=lab2 or ARGS=lesson03 only one)
	@"$(VENV_PYTHON)" -m authoring.build $(ARGS)

gallery: setup ## run the lessons and draw what they end on into docs/lessons.md (ARGS=lesson02 only one)
	@"$(VENV_PYTHON)" tools/gallery.py $(ARGS)

site: setup ## build the web site from the committed sources into build/site/html, with executed lessons (ARGS=--quick runs no lesson)
	@"$(VENV_PYTHON)" site/build.py $(ARGS)

bench: setup ## measure what this machine has no result of in benchmarks/results/ (ARGS=--list names all, ARGS=recipes one, ARGS=--again to measure again)
	@"$(VENV_PYTHON)" benchmarks/bench.py $(ARGS)

lint: ## check the style of the code and of the notebooks' sources with ruff
	@$(SET_UP)
	@"$(VENV_PYTHON)" -m ruff check . && "$(VENV_PYTHON)" -m ruff format --check .

lock: ## rewrite the locks and environment.yml from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(SET_UP)
	@"$(VENV_PYTHON)" tools/lock.py $(ARGS)

wheelhouse: ## gather in DIR=… all that `make lab WHEELS=DIR` needs on a machine like this one without a network
	@$(SET_UP)
	@"$(VENV_PYTHON)" tools/wheelhouse.py "$(DIR)" $(ARGS)

clean: ## remove what was built (.venv and others, build folders, caches of tools, empty folders of code); work/ and downloaded weights stay
	@rm -rf "$(VENV)" "$(VENV)-jax" .venv-versions-* build dist *.egg-info grader/build grader/src/*.egg-info .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@for folder in authoring benchmarks course_utils grader tests tools; do \
		if [ -d "$$folder" ]; then find "$$folder" -depth -type d -empty -delete; fi; done
