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

say 'unit, integration and end-to-end tests'
npx vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json" || failed=1

node - "$results/vitest.json" <<'JS' || failed=1
const { readFileSync } = require('node:fs');
const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const skipped = total - passed - failed;
for (const file of testResults) for (const test of file.assertionResults) {
  if (test.status !== 'passed' && test.status !== 'failed') console.error(`not run: ${file.name}: ${test.fullName}`);
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && skipped === 0 && passed > 0 ? 0 : 1);
JS
exit $failed
