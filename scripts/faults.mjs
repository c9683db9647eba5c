import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

function asked(options) {
  try {
    return parseArgs(options);
  } catch (error) {
    say(error.message);
    process.exit(2);
  }
}

/**
 * `npm run test:faults [-- --full] [--cycles N] [--seed N] [--only NAME] [jest arguments]`: experiments with real processes and real kills. The short form takes
 * minutes, the full one hours.
 */
const { values, positionals } = asked({
  options: {
    full: { type: 'boolean', default: false },
    cycles: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    outputFile: { type: 'string' },
  },
  allowPositionals: true,
});
for (const name of ['cycles', 'seed'])
  if (values[name] !== undefined && !/^\d{1,9}$/.test(values[name])) {
    say(`--${name} is a whole number.`);
    process.exit(2);
  }
const literal = values.only?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const jest = [
  // Files are independent and wait for most of their time; in the full form nothing else shall take the time of what is measured.
  ...['--config', 'jest.faults.config.mjs', values.full ? '--runInBand' : '--maxWorkers=2', ...positionals],
  ...(literal ? ['--testNamePattern', literal] : []),
  ...(values.json ? ['--json'] : []),
  ...(values.outputFile ? ['--outputFile', values.outputFile] : []),
];
const env = {
  ...process.env,
  ...(values.full && { PORTFOLIO_TEST_FAULTS_FULL: 'on' }),
  ...(values.cycles && { PORTFOLIO_TEST_FAULTS_CYCLES: values.cycles }),
  ...(values.seed && { PORTFOLIO_TEST_FAULTS_SEED: values.seed }),
};
const child = spawn(process.execPath, [join(projectRoot, 'scripts', 'test.mjs'), ...jest], {
  env,
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
