/**
 * fast-check as mutation testing sees it: few runs of one seed. Every mutant meets the same examples, so its fate is not the luck of
 * a draw, and a law costs milliseconds instead of seconds. What survives may still be caught by the long runs of `npm test`.
 */
const real = require('fast-check/unabridged');

const RUNS = 40;
const SEED = 20_251_117;

function assert(property, parameters = {}) {
  const numRuns = Math.min(parameters.numRuns ?? RUNS, RUNS);
  return real.assert(property, { ...parameters, numRuns, seed: SEED, endOnFailure: true });
}

module.exports = { ...real, assert, default: { ...real.default, assert }, __esModule: true };
