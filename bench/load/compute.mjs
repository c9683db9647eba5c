import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../../dist/modules/app.module.js';
import { readConfig } from '../../dist/modules/config.js';
import { Book } from '../../dist/modules/ledger/book.js';
import { PortfolioStates } from '../../dist/modules/portfolio/portfolio-state.js';
import { snapshotBody } from '../../dist/modules/portfolio/queries/get-snapshot.js';
import { Classification } from '../../dist/modules/positions/classification.js';
import { MarkPrices } from '../../dist/modules/positions/mark-prices.js';
import { PositionsProjection } from '../../dist/modules/positions/positions-projection.js';
import { Clock } from '../../dist/modules/shared/clock.js';
import { Decimal } from '../../dist/modules/shared/decimal.js';
import { jsonText } from '../../dist/modules/shared/json-text.js';
import { BookFollower } from '../../dist/modules/transport/book-follower.js';
import { takeTurns } from '../lib/pairs.mjs';

/** Computes snapshots from scratch in the built service's own modules, beside JSON.stringify of the same snapshot as plain numbers. */
let app = null;
let sink = 0;

async function open() {
  app = await NestFactory.createApplicationContext(AppModule.with(readConfig()), {
    logger: ['error'],
    abortOnError: false,
  });
  await app.get(DataSource).initialize();
  await app.get(Classification).load();
  await app.get(BookFollower).loadAll();
}

/** New prices for every symbol, each a little beside the last, made before the clock runs. */
function newMarks(symbols, round) {
  const at = app.get(Clock).now();
  return symbols.map((symbol, i) => {
    const price = Decimal.parse(`${100 + ((i * 7 + round * 13) % 60_000)}.${10 + (round % 90)}`);
    return [symbol, { price, at, source: 'market.tick' }];
  });
}

/** One snapshot with everything in it new: marks in, each symbol revalued into the sums, then every figure that is shown but the percent of each position, which is divided when its text is written; not its text. */
function fromScratch(account, marks) {
  const [prices, states, clock] = [app.get(MarkPrices), app.get(PortfolioStates), app.get(Clock)];
  const positions = account.of(app.get(PositionsProjection));
  for (const [symbol, mark] of marks) {
    prices.put(symbol, mark);
    positions.revalue(symbol);
  }
  return snapshotBody(states.of(account, clock.now()));
}

/** Mean microseconds of one run of `work`, over as many as fit into the time; `prepare` is not counted. */
function timed(ms, work, prepare) {
  let [spent, runs] = [0, 0];
  for (; spent < ms || runs < 3; runs += 1) {
    const input = prepare(runs);
    const since = performance.now();
    sink += work(input);
    spent += performance.now() - since;
  }
  return (spent * 1000) / runs;
}

async function measure({ accountId, rounds, ms }) {
  if (!app) await open();
  const account = app.get(Book).find(accountId);
  const symbols = [...account.of(app.get(PositionsProjection)).symbols()].map(({ symbol }) => symbol);
  const plain = JSON.parse(jsonText(fromScratch(account, newMarks(symbols, 0))));
  return takeTurns(rounds, {
    ours: () =>
      timed(
        ms,
        (marks) => fromScratch(account, marks).positions.length,
        (run) => newMarks(symbols, run),
      ),
    baseline: () =>
      timed(
        ms,
        () => JSON.stringify(plain).length,
        () => null,
      ),
  });
}

process.on('message', (question) => {
  measure(question).then(
    (answer) => process.send({ ...answer, sink }),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
