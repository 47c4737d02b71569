PYTHON ?= python3
# GPU=1 installs the CUDA build of FAISS instead of the CPU one
ACCEL  := $(if $(GPU),gpu,cpu)
BIN    := .venv/bin
# one conflict is on purpose: rapidocr-onnxruntime, installed without a second OpenCV, asks for it
PIP     = $(BIN)/python -m pip --disable-pip-version-check install -q --no-warn-conflicts -c constraints.txt
HOST   ?= 127.0.0.1
PORT   ?= 8000
DATA   ?= ../shared/data
export LIBRARY

.PHONY: help setup run test check bench clean
.DEFAULT_GOAL := help

help:  ## list what make can do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "videobert-search needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python setup.cfg constraints.txt
	@echo "Installing videobert-search into .venv ..."
	$(PIP) -e '.[$(ACCEL),demo,screen,speech]'
	$(PIP) --no-deps rapidocr-onnxruntime
	@touch $@

.venv/.dev: .venv/.run
	$(PIP) -e '.[$(ACCEL),demo,screen,speech,dev]'
	@touch $@

setup: .venv/.dev  ## make .venv with everything, developer tools included

run: .venv/.run  ## index LIBRARY=<folder of videos> (without it: a demo) and serve it on http://127.0.0.1:8000
ifdef LIBRARY
	@case "$$LIBRARY" in "~/"*) LIBRARY="$$HOME/$${LIBRARY#??}";; esac; \
	$(BIN)/videobert index "$$LIBRARY" || [ $$? -eq 1 ]  # some files may have failed: they are listed
	$(BIN)/videobert serve --host $(HOST) --port $(PORT)
else
	$(BIN)/videobert demo .demo/videos
	$(BIN)/videobert index --library .demo/library .demo/videos
	$(BIN)/videobert serve --library .demo/library --host $(HOST) --port $(PORT)
endif

test: .venv/.dev  ## run the tests
	$(BIN)/python -m pytest

check: .venv/.dev  ## ruff, mypy and import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/.bench: .venv/.dev
	$(PIP) -e '.[$(ACCEL),demo,screen,speech,dev,bench]'
	@touch $@

bench: .venv/.bench  ## measure quality, indexing speed and latency on DATA, one table
	$(BIN)/python -m benchmarks --data "$(DATA)"

clean:  ## remove .venv and the demo
	rm -rf .venv .demo
