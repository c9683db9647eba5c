import { UsageError, readArguments } from '../../../src/sources/trade-store/arguments.js';
import { ImportProgress } from '../../../src/sources/trade-store/import-progress.js';
import { ImportReport } from '../../../src/sources/trade-store/import-report.js';
import type { RowResult } from '../../../src/sources/trade-store/row-result.js';

describe('the command line of import:trades', () => {
  test('names one store, an account and whether it is a rehearsal', () => {
    expect(readArguments(['--sqlite', 'x.db'])).toEqual({
      store: { type: 'sqlite', path: 'x.db' },
      accountId: 'main',
      dryRun: false,
    });
    expect(readArguments(['--redis', 'redis://h/1', '--account', 'desk-2', '--dry-run'])).toEqual({
      store: { type: 'redis', url: 'redis://h/1' },
      accountId: 'desk-2',
      dryRun: true,
    });
    expect(readArguments(['-h'])).toBeNull();
  });

  test.each([
    [[]],
    [['--sqlite', 'x', '--redis', 'redis://h']],
    [['--sqlit', 'x']],
    [['x.db']],
    [['--redis', 'http://h']],
    [['--sqlite', 'x', '--account', 'a b']],
  ])('cannot be %j', (args) => expect(() => readArguments(args)).toThrow(UsageError));
});

const row = (key: string, outcome: RowResult['outcome'], code: string | null = null): RowResult => {
  return { key, outcome, code, message: null, version: null, remarks: [] };
};

describe('the report of an import', () => {
  test('counts every row once, and names the first three of a reason', () => {
    const report = new ImportReport();
    report.add(row('a', 'taken'));
    for (const key of ['b', 'c', 'd', 'e']) report.add(row(key, 'refused', 'quantity_invalid'));
    report.add({ ...row('f', 'known'), remarks: ['partial_size_unknown'] });
    expect([report.rows, report.objections]).toEqual([6, 4]);
    expect(report.sentence).toMatch(/^6 rows read, 1 taken, 0 supplemented, 1 already there/);
    expect(report.details).toEqual([
      '         4  refused quantity_invalid: b; c; d',
      '         1  partial_size_unknown: f',
    ]);
  });

  test('is shown as a bar on a terminal and as a line elsewhere', () => {
    const report = new ImportReport();
    report.add(row('a', 'taken'));
    const written: string[] = [];
    for (const isTTY of [true, false])
      new ImportProgress(2, { isTTY, write: (text) => written.push(text) }).finish(report);
    const [bar, end, line] = written;
    expect(bar).toMatch(/\[={30}\] 100 % {2}1 rows {2}1 taken {2}\d+\/s/);
    expect([end, line?.startsWith('100 %'), line?.endsWith('/s\n')]).toEqual(['\n', true, true]);
  });
});
