.PHONY: demo newcomer storm test fuzz worlds leaks upgrades skew leadership matrix publish notice image deb install uninstall bench reference format clean

demo: ## Containers with addresses from ipamd on this machine, on a bridge and on net-ptp, and the page; KEEP=1 keeps that up. STORE=redis|kubernetes: of two nodes that share it.
	@$(if $(STORE),eng/demo-nodes.sh $(STORE),eng/demo.sh)

newcomer: $(if $(KUBERNETES),publish) ## What README.md tells a new user of a plain host, line by line, in namespaces of its own; says how long the first address took. KUBERNETES=1: what docs/install-kubernetes.md tells.
	@$(if $(KUBERNETES),eng/newcomer-kubernetes.sh,eng/newcomer.sh)

storm: ## Eight nodes on one store (STORE=redis, kubernetes or sqlite) that fail in turn for SECONDS, while pools change, some are full, and metrics are read; SEED repeats one. FAULTS=loss,clock: the store loses data and clocks are set, too. From 900 SECONDS on ipamd must not grow.
	@eng/storm.sh $(or $(STORE),redis) $(or $(SECONDS),60) $(SEED)

test: ## Every test, on the published binaries where a user would use those.
	@eng/test.sh

fuzz: ## Odd inputs for everything that reads one, for FUZZ_SECONDS (600); FUZZ_SEED repeats one.
	@eng/fuzz.sh $(or $(FUZZ_SECONDS),600)

worlds: ## Reconciliation in worlds at random for SECONDS (600) or WORLDS of each kind, judged by an oracle that knows who lives; SEED is the first, or repeats one.
	@eng/worlds.sh "$(or $(SECONDS),$(if $(WORLDS)$(SEED),,600))" "$(WORLDS)" "$(SEED)"

leaks: ## Of LEASES (5000) of three nodes on one store (STORE=redis, kubernetes or sqlite) a fifth lose their owner; root, for namespaces.
	@eng/leaks.sh $(or $(STORE),redis) $(or $(LEASES),5000)

upgrades: ## Ten upgrades of plugin and ipamd and ten ways back under CALLS (10000) ADDs, 50 a second (STORE=sqlite, redis or kubernetes); WAY=socket, restart or pod, otherwise each in turn. BEFORE=COMMIT is the one to upgrade from.
	@eng/upgrades.sh $(or $(STORE),sqlite) $(or $(CALLS),10000) $(or $(WAY),all) $(BEFORE)

skew: ## The plugin of the commit before (or of BEFORE=COMMIT) with this ipamd, and the other way round; root, for namespaces.
	@eng/skew.sh $(BEFORE)

leadership: ## On each store three processes stand for election, for ROUNDS (50): in each the leader is killed, paused, cut off or stopped.
	@eng/leadership.sh $(or $(ROUNDS),50)

matrix: ## The store contract on every version of Redis, Valkey and Kubernetes that is supported, in containers.
	@eng/matrix.sh

publish: ## What users install, into artifacts/. ARCH=arm64 (or x64): for another machine, into artifacts/linux-arm64.
	@eng/publish.sh

notice: ## Which packages are in what was published, and their licences: artifacts/NOTICE.
	@eng/notice.sh

image: publish notice ## A container image of what was published, by podman or docker; IMAGE names it, ARCH the machine that it is for.
	@deploy/image/build.sh $(IMAGE)

deb: publish notice ## A Debian package of what was published: artifacts/ipamsuite_VERSION_ARCHITECTURE.deb.
	@deploy/deb/build.sh

install: publish ## On this host: programs, plugins and unit. 'deploy/systemd/install.sh --rollback' goes back.
	@deploy/systemd/install.sh

uninstall: ## Takes away what 'make install' installed. Leases and options stay.
	@deploy/systemd/uninstall.sh

bench: ## ipam beside host-local and net-ptp beside ptp, in one run.
	@bench/run.sh

reference: ## docs/ipamctl-reference.md, from the commands.
	@dotnet run --project src/Ipam.Cli -c Release -- manual reference > docs/ipamctl-reference.md.new
	@mv docs/ipamctl-reference.md.new docs/ipamctl-reference.md

format: ## Brings the sources into the house's form.
	@dotnet format IpamSuite.sln

clean:
	@rm -rf artifacts src/*/bin src/*/obj tests/*/bin tests/*/obj bench/*/bin bench/*/obj
