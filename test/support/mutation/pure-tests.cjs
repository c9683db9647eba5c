/* global describe, __dirname */
/**
 * All pure tests that reach a `domain/` folder as one file, so that a mutant loads the modules once and not once a file. Small
 * files of examples come first: most mutants die there, and the first failure ends a mutant's run (see first-failure.mjs).
 */
const { readdirSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '../../domain');
const FOLDERS = [
  'accounting',
  'drawdown',
  'exposure',
  'integrity',
  'limits',
  'mutants',
  'pnl',
  'portfolio',
  'positions',
  'reconciliation',
];

/** Whether a file holds properties, which cost more than examples and say less about what broke. */
const holdsLaws = (file) => Number(/laws|incremental|properties|state\.spec/.test(file));
const sizeOf = (file) => statSync(join(root, file)).size;

const files = readdirSync(root, { recursive: true })
  .filter((file) => file.endsWith('.spec.ts') && FOLDERS.includes(file.split(/[\\/]/)[0]))
  .sort((a, b) => holdsLaws(a) - holdsLaws(b) || sizeOf(a) - sizeOf(b));

const { wantedTests } = globalThis;
const wanted = (file) => wantedTests === undefined || wantedTests.includes(`${file} `);

for (const file of files.filter(wanted))
  describe(file, () => {
    require(join(root, file));
  });
