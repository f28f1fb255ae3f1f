# SPDX-License-Identifier: GPL-2.0
# Targets for people. What the module consists of is in Kbuild.
#
# A kernel:  make KDIR=~/linux        build against (and, with check, boot) that tree
#            make LLVM=1              with clang
# A test:    make check TEST=name ROW=Z1 REPEAT=10 FAILFAST=1 KERNELS="6.1 6.12"

kdir := $(patsubst ~/%,$(HOME)/%,$(or $(KDIR),/lib/modules/$(shell uname -r)/build))

# The variables of make's command line, for a script that judges them; quoted for the shell.
given = $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v='$(subst ','\'',$(value $v))'))

all: module

module: ## build gfplab.ko for the running kernel, or for KDIR=
	@case '$(subst ','\'',$(CURDIR))' in *[[:space:]:]*) \
		echo "kbuild cannot build in $(CURDIR), a path with a blank or a colon: move the checkout," \
			"or take scripts/build with GFPLAB_CACHE=" >&2; exit 3 ;; esac
	$(MAKE) -C "$(kdir)" M=$(CURDIR) modules

modules_install: module ## the module for the running kernel, or for KDIR=, where kbuild puts it
	$(MAKE) -C "$(kdir)" M=$(CURDIR) modules_install

install: ## tools, manual pages, and the module's sources for DKMS: PREFIX=/usr/local, DESTDIR=
	@scripts/gfplab install $(given)

uninstall: ## remove what install put there
	@scripts/gfplab install --uninstall $(given)

clean: ## remove what a build left here (not .cache)
	[ ! -d "$(kdir)" ] || $(MAKE) -C "$(kdir)" M=$(CURDIR) clean
	$(MAKE) -C selftests clean

distclean: clean ## also forget downloaded kernels, builds and logs
	rm -rf .cache

demo: ## walk a dozen requests through the allocator, in a VM
	@scripts/gfplab demo $(given)

check: ## run the selftests in VMs on KERNELS (default 6.1 6.12) or on KDIR; QUICK=1
	@scripts/gfplab check $(given)

check-busted: ## faults put into the module must make the selftests fail
	@scripts/gfplab check-busted $(given)

check-faults: ## faults put into the page allocator must make the selftests fail
	@scripts/gfplab check-faults $(given)

check-mutants: ## the same for faults drawn by rule: SEED=, N=, RESUME=1
	@scripts/gfplab check-mutants $(given)

check-debug: ## the suite on a kernel with KASAN, lockdep, kmemleak, ...; it must see planted mistakes
	@scripts/gfplab check-debug $(given)

check-configs: ## the suite on kernels configured otherwise: without NUMA, SMP, ..., kCFI; RESUME=1
	@scripts/gfplab check-configs $(given)

check-kselftest: ## the suite as a part of the kernel's own kselftest; QUICK=1
	@scripts/gfplab check-kselftest $(given)

check-host: ## without unsafe=1 nobody is hurt, whatever is asked: N=20000 runs, QUICK=1
	@scripts/gfplab check-host $(given)

check-package: ## Debian packages: built, installed, loaded in a VM, purged; and the bundle
	@scripts/gfplab check-package $(given)

check-json: ## what commands print with --json is valid, and says what the module says
	@scripts/gfplab check-json $(given)

check-readme: ## the examples of README.md, in VMs
	@scripts/gfplab check-readme $(given)

matrix: ## the whole suite on all kernels, and one table; RESUME=1, SSHLOGINFILE=FILE
	@scripts/gfplab matrix $(given)

torture: ## a hostile user, and rmmod, SIGKILL, hotplug, OOM at any moment; QUICK=1, SEED=, N=
	@scripts/gfplab torture $(given)

check-explain: ## predictions held against random requests on machines of all kinds
	@scripts/gfplab check-explain $(given)

million: ## a million random requests, every byte verified, in a VM
	@scripts/gfplab million $(given)

coverage: ## lines and branches of the page allocator that the selftests reach
	@scripts/gfplab coverage $(given)

bench: ## what requests cost in instructions, and whether the budgets hold
	@scripts/gfplab bench $(given)

compare: ## what changed from kernel A= to kernel B=, in instructions and paths
	@scripts/gfplab compare $(given)

check-compare: ## compare sees twelve instructions in any function, and nothing where nothing changed; RESUME=1
	@scripts/gfplab check-compare $(given)

bundle: ## one file with the module for KERNELS=, for hosts where nothing may be built
	@scripts/gfplab bundle $(given)

vm: ## a shell in a VM with the module loaded
	@scripts/gfplab vm $(given)

lint: ## shellcheck, codespell, checkpatch, W=1, sparse, clang, coccicheck
	@scripts/gfplab lint $(given)

help: ## this list
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
		while IFS='|' read -r t w; do printf '%-18s %s\n' "$$t" "$$w"; done

.PHONY: $(shell sed -n 's/^\([a-z_-]*\):.*/\1/p' Makefile)
