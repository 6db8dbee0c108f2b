#!/usr/bin/env bash
# Every test: types and borders, then unit, integration and end-to-end tests. A skipped test fails the run.
set -uo pipefail
cd "$(dirname "$0")/.."
say() { if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi; }
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
failed=0

say 'types, style and borders'
if npm run --silent typecheck && npm run --silent lint; then checks=passed; else checks=failed failed=1; fi

say 'unit, integration and end-to-end tests'
npx vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json" || failed=1

# The checks count as one test, a file that could not be run as one that failed.
node - "$results/vitest.json" "$checks" <<'JS' || failed=1
const { existsSync, readFileSync } = require('node:fs');
const [, , report, checks] = process.argv;
const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
const tests = files.flatMap(({ name, assertionResults }) => assertionResults.map(({ fullName, status }) => ({ name: `${name}: ${fullName}`, status })));
tests.push({ name: 'types, style and borders', status: checks });
for (const { name, status, assertionResults } of files) {
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) tests.push({ name: `${name} (could not be run)`, status });
}
if (files.length === 0) tests.push({ name: 'vitest (no report)', status: 'failed' });
const of = (wanted) => tests.filter(({ status }) => status === wanted);
const skipped = tests.length - of('passed').length - of('failed').length;
for (const { name, status } of tests) if (status !== 'passed') console.log(`${status === 'failed' ? 'failed' : 'not run, which counts as a failure'}: ${name}`);
console.log(`${of('passed').length} passed, ${of('failed').length + skipped} failed`);
process.exit(of('passed').length === tests.length ? 0 : 1);
JS
exit $failed
