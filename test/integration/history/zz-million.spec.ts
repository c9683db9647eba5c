import { openDesk } from './desk.js';
import { totalsSql, streaksSql, feesSql } from '../../../src/pnl/statistics-sql.js';
test('million', async () => {
  const desk = await openDesk();
  const q = (sql: string, v: unknown[] = []) => desk.running.database.query(sql, v);
  try {
    await q(`INSERT INTO trades (account_id, trade_id, symbol, side, status, quantity, remaining, fee_attributed, realized_pnl, pnl_unknown, exit_notional, closes, opened_at, closed_at, entry_price, exit_price)
      SELECT 'main', 't'||i, 'S'||(i%20), 'LONG','CLOSED',1,0,0,((i::bigint*7919)%2001-1000)/100.0,false,0,1,to_timestamp(1700000000::bigint+i*10), to_timestamp(1700000000::bigint+i*10+(i::bigint*31)%5000),100,101 FROM generate_series(1,1000000) i`);
    await q(`INSERT INTO trade_excursions (account_id,symbol,trade_id,side,entry_price,low,high,adverse_price,adverse_quantity,favourable_price,favourable_quantity,first_mark_at)
      SELECT account_id,symbol,trade_id,'LONG',100,90,110,90,1,110,1,opened_at FROM trades`);
    await q(`INSERT INTO bookings (account_id,version,trade_id,kind,symbol,occurred_at,fee,amount) SELECT account_id, row_number() over (), trade_id,'close',symbol,closed_at,0.1,realized_pnl FROM trades`);
    await q('ANALYZE');
    const range = ['main', '-infinity', 'infinity'];
    const show = async (name: string, sql: string, v: unknown[]) => { const at = Date.now(); const rows = await q('EXPLAIN (ANALYZE, TIMING OFF) ' + sql, v); console.log(name, Date.now() - at, 'ms\n' + rows.map((r) => r['QUERY PLAN']).join('\n').slice(0, 3500)); };
    console.log((await q('show work_mem'))[0], (await q('show max_parallel_workers_per_gather'))[0]);
    await show('totals', totalsSql(null), [...range, 1001]);
    await show('totals by', totalsSql('symbol'), [...range, 1001]);
    await show('streaks', streaksSql(null), range);
    await show('fees', feesSql(null), range);
  } finally { await desk.stop(); }
}, 300000);
