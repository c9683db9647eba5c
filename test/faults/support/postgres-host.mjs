import { providePostgres } from '../../../scripts/provision.mjs';

/**
 * `postgres-host.mjs FOLDER FLAG…`: a Postgres of its own in a folder, for as long as stdin is open. Says its address and pid as one line of
 * JSON when it accepts connections. Started again on the same folder it has the same port and what its disk holds.
 */
const [dataDir, ...flags] = process.argv.slice(2);
const postgres = await providePostgres({ dataDir, flags });
process.stdout.write(`${JSON.stringify({ url: postgres.url, pid: postgres.server.pid })}\n`);

// The test may end it in its own way, at once or by force; whoever started this may be gone as well.
void postgres.server.exited.then(() => process.exit(0));
process.stdin.on('end', () => void postgres.stop().then(() => process.exit(0)));
process.stdin.resume();
