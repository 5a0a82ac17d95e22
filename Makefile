# A thin front; the build is Meson's. `make run` and `make test` are ./run and ./check.
BUILD ?= build

.PHONY: build run test bench fuzz lint coverage-of-requirements clean
build:
	@./tools/packages build
	@./tools/configure $(BUILD)
	@ninja -C $(BUILD)
run:
	@./run
test:
	@./check
bench: build
	@./test/bench/run
fuzz:
	@./tools/packages test
	@./test/fuzz/run $(FUZZ_SECONDS)
lint: build
	@$(BUILD)/tools/lint
coverage-of-requirements:
	@./test/coverage
clean:
	rm -rf $(BUILD)
