# streams-on-mesos: `make help` lists the targets. Every target sets up what it needs by itself.

# How the scheduler is to be scaled: what `make updateScheduler` asks for. Edit here, or say it: make updateScheduler NUM_OF_NODE=1
NUM_OF_NODE ?= 5
CPU_OF_NODE ?= 0.2
MEM_OF_NODE ?= 32
# Seconds that updateScheduler waits until as many nodes live as are wanted.
TIMEOUT ?= 120

# The app definitions that startScheduler submits to Marathon.
MARATHON_APPS ?= marathon/local
AGENTS ?= 3

.DEFAULT_GOAL := help
comma := ,
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

environment := node --enable-source-maps packages/local-environment/dist/main.mjs
cli := node --enable-source-maps packages/cli/dist/main.mjs
# Addresses of the environment that startMesos started; what is set already (make startScheduler MARATHON_URL=…) wins.
# $(1): variables of which one must be set where nothing runs here.
addresses = found="$$($(environment) env --need $(1))" && eval "$$found"

export NUM_OF_NODE CPU_OF_NODE MEM_OF_NODE TIMEOUT

.PHONY: help env setup demo test conformance startMesos startScheduler updateScheduler status stopScheduler stopMesos buildDocker pushDocker e2e bench lint clean

help: ## list the targets
	@grep -hE '^[a-zA-Z0-9]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN { FS = ":.*## " } { printf "  %-16s %s\n", $$1, $$2 }'

setup: ## install what is missing (RabbitMQ, ZooKeeper, npm packages) and build
	@bash scripts/setup.sh

demo: setup ## the main job from nothing, checked at each step; KEEP=1 leaves it running
	@exec $(environment) demo $(if $(filter-out 0 no false,$(KEEP)),--keep)

test: setup ## run every test
	@bash scripts/test.sh

conformance: setup ## hold MESOS_MASTER=host:port, or else a new local cluster, against what Mesos does; ONLY=text for some cases, MESOS_STANDBYS='host:port …', FAULTS_URL=…, CONFORMANCE_OPTIONS=…
	@exec $(if $(MESOS_MASTER),,$(environment) zookeeper -- )node --enable-source-maps packages/local-cluster/dist/main.mjs conformance \
	$(if $(MESOS_MASTER),--master '$(MESOS_MASTER)' $(foreach standby,$(MESOS_STANDBYS),--standby '$(standby)'),--zookeeper '{}') $(if $(ONLY),--only '$(ONLY)') $(if $(FAULTS_URL),--faults-url '$(FAULTS_URL)') $(CONFORMANCE_OPTIONS)

startMesos: setup ## start ZooKeeper, RabbitMQ, a Mesos master with AGENTS agents, and Marathon
	@exec $(environment) start --agents '$(AGENTS)'

startScheduler: setup ## submit the services to Marathon (MARATHON_URL) and wait until they are healthy
	@$(call addresses,MARATHON_URL) && $(cli) marathon submit $(wildcard $(MARATHON_APPS)/*.json)

updateScheduler: setup ## scale to NUM_OF_NODE nodes of CPU_OF_NODE cpus and MEM_OF_NODE MB, and wait until they live
	@$(call addresses,ZOOKEEPER$(comma)ALLOCATION_URL) && $(cli) config set --num-of-node "$$NUM_OF_NODE" --cpu-of-node "$$CPU_OF_NODE" --mem-of-node "$$MEM_OF_NODE" --wait --timeout "$$TIMEOUT"

env: ## the addresses, as shell assignments for eval
	@bash scripts/setup.sh >&2 && $(environment) env

status: setup ## what runs: the environment, the apps, the services, the nodes
	@$(environment) status && found="$$($(environment) env)" && eval "$$found" && \
	{ [ -z "$${ZOOKEEPER:-$${ALLOCATION_URL:-$$MARATHON_URL}}" ] || $(cli) status; }

stopScheduler: setup ## end the services; their nodes go on until they are scaled down, or stopMesos
	@found="$$($(environment) env)" && eval "$$found" && if [ -n "$$MARATHON_URL" ]; \
	then $(cli) marathon stop $(wildcard $(MARATHON_APPS)/*.json); else echo '    nothing runs here, so no services either'; fi

stopMesos: setup ## stop what startMesos started, with all tasks
	@exec $(environment) stop

buildDocker: ## build the services' images
	@bash scripts/docker.sh build

pushDocker: ## push the services' images to the registry
	@bash scripts/docker.sh push

e2e: setup ## end-to-end tests; MESOS_MASTER=… [MARATHON_URL=…] runs them against a Mesos that is there
	@npx vitest run --project e2e --reporter=verbose

bench: setup ## figures, a JSON line each; NAME=list names them
	@node --enable-source-maps bench/dist/main.mjs $(NAME)

lint: setup ## types, style and borders
	@npm run --silent generate && npm run --silent typecheck && npm run --silent lint

clean: ## stop what runs, and remove its data and the build
	@[ ! -e .run ] || $(MAKE) stopMesos
	@rm -rf "$$(readlink -f .run)" .run dist */dist packages/*/dist node_modules
