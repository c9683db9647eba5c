import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { projectRoot } from '../../scripts/lib/paths.mjs';

/** Where, when and how a row was measured: numbers of two machines, or of two loads, do not compare. */
export function circumstancesOf({ quick, postgres, redisServer }) {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    quick,
    measured_at: new Date().toISOString(),
    commit: commit(),
    machine: `${cpus().length} × ${cpu.model.trim()}, ${memory} GB, ${process.platform}; Node ${process.versions.node}, Postgres ${postgres.version}, Redis ${redisServer.version}; load before ${loadavg()[0].toFixed(1)}`,
  };
}

/** null outside of a clone. */
function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: projectRoot,
      encoding: 'utf8',
    }).trim();
  } catch {
    return null;
  }
}
