# make demo    installs what is missing, builds, pre-trains a small model and evaluates it
# make test    installs what is missing, builds, and runs the tests
# The rest is for those who change the code; see CONTRIBUTING.md.

SWIFT ?= swift
VBENCH := .build/release/vbench

# Tests that need real data find it here; without it they are skipped by name.
ifndef VBENCH_DATA
ifneq ($(wildcard ../shared/data/.),)
export VBENCH_DATA := $(abspath ../shared/data)
endif
endif

# The tests of code that threads or pointers can go wrong in.
SANITIZED := ^(Parallelism|Kernels|Tensors|Autograd|Layers|Imaging|Models|Training|Pretraining)Tests\.

.PHONY: demo build test dependencies lint format tsan asan parity bench clean

demo: build
	$(VBENCH) demo

build: dependencies
	$(SWIFT) build -c release --product vbench

# No test looks into a module by "@testable", so the tests share one build with the program.
test: dependencies
	$(SWIFT) test -c release --disable-xctest --disable-testable-imports

dependencies:
	@.ci/dependencies

lint:
	.ci/check-format
	.ci/check-sizes
	.ci/check-imports
	.ci/check-safety

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests
	find Sources Tests -type f \( -name '*.c' -o -name '*.h' -o -name '*.inc' \) -print0 \
	  | xargs -0 --no-run-if-empty clang-format -i

# Without randomised addresses, which this sanitizer's shadow memory may collide with.
tsan: dependencies
	setarch --addr-no-randomize $(SWIFT) test -c release --disable-xctest --sanitize=thread \
	  --scratch-path .build-tsan --filter '$(SANITIZED)'

# Leaks are not looked for: the Swift runtime keeps metadata until the process ends. In optimised builds
# with this sanitizer no tensor counts as uniquely held: all are copied before they are written, and
# the test of just that is left out.
asan: dependencies
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test -c release --disable-xctest --sanitize=address \
	  --scratch-path .build-asan --filter '$(SANITIZED)' --skip TensorTests/uniquelyHeld

# Full-size models against PyTorch, and a probe of real photographs against scikit-learn. PyTorch goes
# into .build/torch-venv, some gigabytes from PyPI.
parity: build
	python3 Tests/parity/full_size.py --vbench $(VBENCH)
	@if [ -n "$(VBENCH_DATA)" ]; then \
	  .build/torch-venv/bin/python Tests/parity/probe_auc.py --vbench $(VBENCH); \
	else echo "probe_auc.py is skipped: VBENCH_DATA is not set"; fi

# Against Python's libraries on this machine; each script makes the Python environment it needs.
bench: build
	@for script in benchmarks/*.py; do echo "== $$script"; python3 "$$script" || exit 1; done

clean:
	rm -rf .build .build-tsan .build-asan
