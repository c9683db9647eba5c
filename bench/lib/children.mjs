import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, stopServer } from '../../scripts/lib/processes.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { Sentence } from '../../scripts/lib/say.mjs';

const GRACE_MS = 20_000;
/** Longer than any single question takes. */
const PATIENCE_MS = 300_000;

/**
 * Starts a program of ours as a process of its own, what it says going to a file. `ask` sends it a message and resolves to its
 * answer; one question at a time. It is stopped by its pid.
 */
export function startChild(program, { env = {}, log, nodeFlags = [] }) {
  const said = openSync(log, 'a');
  const child = startServer(process.execPath, [...nodeFlags, join(projectRoot, program)], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', said, said, 'ipc'],
  });
  let ended = null;
  void child.exited.then((end) => (ended = end));
  const failure = () => new Sentence(`${program} ended (${JSON.stringify(ended)}):\n${tail(log)}`);
  return {
    pid: child.pid,
    exited: child.exited,
    hasEnded: () => ended !== null,
    failure,
    async answer() {
      const answered = once(child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
      const [message] = await Promise.race([answered, child.exited.then(() => Promise.reject(failure()))]);
      return message;
    },
    ask(question) {
      const answer = this.answer();
      child.send(question);
      return answer;
    },
    stop: () => (ended ? Promise.resolve(ended) : stopServer(child, 'SIGTERM', GRACE_MS)),
  };
}

function tail(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-15).join('\n');
}
