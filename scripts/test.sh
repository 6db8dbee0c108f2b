#!/usr/bin/env bash
# Every test: types and borders, then unit, integration and end-to-end tests. A skipped test fails the run.
set -uo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failed=0

say 'types, style and borders'
npm run --silent typecheck && npm run --silent lint || failed=1

# One after another: each kind starts brokers or clusters of its own, and two kinds at once would only wait for each other.
for kind in unit integration e2e; do
  say "$kind tests"
  npx vitest run --project "$kind" --reporter=default --reporter=json --outputFile.json="$results/$kind.json" || failed=1
done

node - "$results" <<'JS' || failed=1
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const [directory] = process.argv.slice(2);
const kinds = readdirSync(directory).map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')));
const total = (field) => kinds.reduce((sum, kind) => sum + kind[field], 0);
const [passed, failed] = [total('numPassedTests'), total('numFailedTests')];
const skipped = total('numTotalTests') - passed - failed;
const tests = kinds.flatMap(({ testResults }) => testResults).flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ file: name, ...test })));
for (const { file, fullName, status } of tests) {
  if (status !== 'passed' && status !== 'failed') console.error(`not run: ${file}: ${fullName}`);
}
const missing = 3 - kinds.length;
if (missing > 0) console.error(`${missing} of the three kinds of tests gave no result`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && skipped === 0 && missing === 0 && passed > 0 ? 0 : 1);
JS
exit $failed
