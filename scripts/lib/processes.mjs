import { execFile, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Sentence } from './say.mjs';

/** Servers started here and still alive: what a second Ctrl-C kills. */
const servers = new Set();

/**
 * Starts a server in a process group of its own, so that Ctrl-C in the terminal reaches only the script, which then
 * stops everything in order.
 */
export function startServer(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  servers.add(child);
  child.exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, error }));
    child.once('exit', (code, signal) => resolve({ code: code ?? 1, signal }));
  }).finally(() => servers.delete(child));
  return child;
}

/** Asks a server to end and waits for it; after the grace it is killed. Resolves to how it ended. */
export async function stopServer(child, signal, graceMs) {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  const end = await child.exited;
  clearTimeout(timer);
  return end;
}

export function killAllServers() {
  for (const child of servers) child.kill('SIGKILL');
}

/** The command line of a living process, '' when there is none: pids are reused, so a pid alone proves nothing. */
export function commandOf(pid) {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It may have ended between the look and the signal.
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Stops what an earlier, killed run left behind. Does nothing when the pid is not the process we mean. */
export async function stopLeftover(pid, word, signal, graceMs = 15_000) {
  if (!Number.isInteger(pid) || !commandOf(pid).includes(word)) return false;
  send(pid, signal);
  const deadline = Date.now() + graceMs;
  while (commandOf(pid).includes(word)) {
    if (Date.now() > deadline) send(pid, 'SIGKILL');
    await delay(50);
  }
  return true;
}

/** Runs a command to its end and resolves to its stdout; a failure shows the end of what it said. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 1 << 26, ...options }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      if (error.name === 'AbortError') return reject(error);
      const said = `${stdout}${stderr}`.trim().split('\n').slice(-25).join('\n');
      reject(new Sentence(`${[command, ...args].join(' ')} failed:\n${said || error.message}`));
    });
  });
}
