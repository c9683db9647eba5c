import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

/** `npm run fuzz [-- --minutes N --seed N]`: the test that sends generated requests and messages, for longer and with another seed. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
});
const seconds = Math.round(Number(values.minutes) * 60);
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
if (!(seconds >= 1 && seconds <= 86_400) || !Number.isInteger(seed)) {
  say('--minutes is a number up to 1440, --seed a whole number.');
  process.exit(2);
}
say(`Fuzzing for ${seconds} s; the same again: npm run fuzz -- --minutes ${values.minutes} --seed ${seed}`);
const env = {
  ...process.env,
  PORTFOLIO_TEST_FUZZ_SECONDS: String(seconds),
  PORTFOLIO_TEST_FUZZ_SEED: String(seed),
};
const child = spawn(process.execPath, [join(projectRoot, 'scripts', 'test.mjs'), 'test/e2e/fuzz.spec.ts'], {
  env,
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
