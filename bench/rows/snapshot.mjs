import { bare, httpLoad, tickLoad } from '../lib/loads.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atLeast, below, row } from '../lib/results.mjs';
import { BARE, OURS, redisUrlOf } from '../lib/servers.mjs';
import { openAccount, snapshotPath, withStack } from '../lib/stack.mjs';

const TICKS_PER_SECOND = 1_000;
/** The symbols of the two accounts lie apart, so that ticks for one cost nothing in the other. */
const SMALL = { count: 10 };
const WIDE = { accountId: 'wide', first: 100, count: 500, bothSides: true };

const CASES = [10, 1_000].flatMap((positions) =>
  [1, 32].flatMap((connections) =>
    [false, true].map((ticks) => ({
      id: `snapshot-${positions}-c${connections}${ticks ? '-ticks' : ''}`,
      what: `GET /snapshot, ${positions} positions, ${connections} connection${connections > 1 ? 's' : ''}, ${ticks ? `ticks at ${TICKS_PER_SECOND}/s` : 'idle'} | bare Fastify sending the same bytes from a Buffer`,
      unit: 'requests/s',
      target: atLeast(0.8),
      ...{ positions, connections, ticks },
    })),
  ),
);

const LATENCY = {
  id: 'snapshot-10-c1-p99',
  what: 'GET /snapshot, 10 positions, 1 connection, idle: 99th percentile of the latency | the same bare Fastify',
  unit: 'ms',
  target: below(1, 'ms'),
};

export const ids = [...CASES.map(({ id }) => id), LATENCY.id];

export async function measure(bench, isWanted) {
  const wanted = CASES.filter(({ id }) => isWanted(id) || (id === 'snapshot-10-c1' && isWanted(LATENCY.id)));
  return withStack(bench, async (stack) => {
    await openAccount(stack, SMALL);
    await openAccount(stack, WIDE);
    const tools = { load: httpLoad(stack), ticker: tickLoad(stack), plain: bare(stack, 'http') };
    const rows = [];
    for (const one of wanted) {
      const { ours, baseline, p99, bareP99 } = await compare(stack, tools, one);
      if (isWanted(one.id)) rows.push(row(one, ours, baseline));
      if (one.id === 'snapshot-10-c1' && isWanted(LATENCY.id)) rows.push(row(LATENCY, p99, bareP99));
    }
    return rows;
  });
}

async function compare(stack, { load, ticker, plain }, { positions, connections, ticks }) {
  const account = positions === SMALL.count ? SMALL : WIDE;
  const path = snapshotPath(account.accountId);
  const { body } = await stack.service.get(path);
  const { port } = await plain.ask({ body: body.toString('base64') });
  const ms = stack.quick ? 1_500 : 5_000;
  const at = (target, redisDb) => async (round) => {
    // The ticks are fed either way, since they take their share of the machine; only our own service reads them.
    if (ticks) await ticker.ask(feed(stack, redisDb, account));
    const answer = await load.ask({ ...target, connections, ms: round < 0 ? ms / 2 : ms });
    if (ticks) await ticker.ask({});
    return answer;
  };
  const { ours, baseline } = await takeTurns(stack.rounds, {
    ours: at({ port: stack.service.port, path }, OURS),
    baseline: at({ port, path }, BARE),
  });
  const pick = (answers, name) => answers.map((answer) => answer[name]);
  return {
    ours: pick(ours, 'perSecond'),
    baseline: pick(baseline, 'perSecond'),
    p99: pick(ours, 'p99'),
    bareP99: pick(baseline, 'p99'),
  };
}

function feed(stack, redisDb, { first = 0, count }) {
  return { redisUrl: redisUrlOf(stack, redisDb), perSecond: TICKS_PER_SECOND, first, count };
}
