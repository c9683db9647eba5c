import { join } from 'node:path';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { HttpProgram } from './service.mjs';

/** Starts the bare Nest + Fastify + TypeORM service on a database. */
export function startHello({ folder }, databaseUrl) {
  return HttpProgram.start('bench/bare/hello.mjs', {
    env: { ...GIVES_BACK, DATABASE_URL: databaseUrl },
    log: join(folder, 'bare-hello.log'),
    nodeFlags: [ROOM_FOR_THE_YOUNG],
  });
}
