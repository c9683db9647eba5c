import { join } from 'node:path';
import { reportLines, runCase, runDirectory, runFile } from '../../conformance/run.js';

const namedResults = (folder: string) =>
  runDirectory(join(__dirname, '../../conformance', folder)).map(
    (result) => [`${result.file} ${result.id}`, result] as const,
  );

describe.each(['cases', 'derived'])('the %s', (folder) => {
  it.each(namedResults(folder))('%s', (_name, result) => {
    expect(result.reasons).toEqual([]);
    expect(result.status).toBe('passed');
  });
});

describe('the runner', () => {
  const base = { id: 'x', source: { repo: 'own' }, input: { pnls: [1, 2, -1] }, tolerance: 0 };

  it('fails where we differ, and says where', () => {
    const result = runCase({ ...base, expect: { winRate: 0.5, profitFactor: 3 } });
    expect(result.status).toBe('failed');
    expect(result.reasons).toEqual([expect.stringMatching(/^winRate: expected 0.5, got 0.666/)]);
  });

  it('reads what Python writes for a number that is none, and keeps digits that a double has no place for', () => {
    const file = (expect: string) =>
      `{"format":"portfolio-conformance/1","cases":[{"id":"x","tolerance":0,"note":"a -NaN, \\"Infinity\\" 1234567890123456789","input":{"pnls":[1.00,123456789012345678.25]},"expect":${expect}}]}`;
    expect(runFile('a.json', file('{"profitFactor":NaN,"netProfit":123456789012345679.25}'))).toEqual([
      { file: 'a.json', id: 'x', status: 'passed', reasons: [] },
    ]);
    expect(runFile('a.json', file('{"profitFactor":-Infinity,"netProfit":123456789012345679.26}'))).toEqual([
      expect.objectContaining({ status: 'failed' }),
    ]);
  });

  it('skips and names an expected key that nothing answers', () => {
    const result = runCase({ ...base, expect: { profitFactor: 3, luck: 7 } });
    expect(result).toMatchObject({ status: 'skipped', reasons: ['expected key "luck"'] });
  });

  it('fails rather than skips when another key is wrong', () => {
    expect(runCase({ ...base, expect: { profitFactor: 4, luck: 7 } }).status).toBe('failed');
  });

  it.each([
    ['params.moon', { params: { moon: 'full' } }],
    ['params.zeroTrades "sometimes"', { params: { zeroTrades: 'sometimes' } }],
    ['input.tides', { input: { pnls: [1], tides: 3 } }],
    ['a case with "luckyNumbers"', { luckyNumbers: 3 }],
  ])('skips and names %s', (reason, change) => {
    expect(runCase({ ...base, ...change, expect: { profitFactor: 3 } })).toMatchObject({
      status: 'skipped',
      reasons: [reason],
    });
  });

  it('takes contrasts for no expectation, and a case of nothing else for none', () => {
    expect(
      runCase({ ...base, expect: { profitFactor: 3, naiveFactor: 9, otherAnswer: 1, arrivalOrderX: 2 } })
        .status,
    ).toBe('passed');
    expect(runCase({ ...base, expect: { naiveFactor: 9 } }).status).toBe('skipped');
  });

  it('uses the tolerance of a key before that of the case', () => {
    expect(runCase({ ...base, expect: { winRate: '0.6', winRateTol: '0.1' } }).status).toBe('passed');
    expect(runCase({ ...base, expect: { winRate: '0.6', rateTol: '0.1' } }).status).toBe('passed');
    expect(runCase({ ...base, tolerance: '0.1', expect: { winRate: '0.6', winRateTol: '0' } }).status).toBe(
      'failed',
    );
  });

  it('meets null, NaN and infinities with an undefined value, and a sentinel only where the case or its product uses it', () => {
    const winners = { ...base, input: { pnls: [1, 2] } };
    for (const value of [null, 'NaN', 'Infinity', 'inf']) {
      expect(runCase({ ...winners, expect: { profitFactor: value } }).status).toBe('passed');
    }
    expect(runCase({ ...winners, expect: { profitFactor: 10 } }).status).toBe('failed');
    expect(
      runCase({ ...winners, params: { profitFactorCap: 10 }, expect: { profitFactor: 10 } }).status,
    ).toBe('passed');
    expect(
      runCase({ ...winners, source: { repo: 'QuantConnect/Lean' }, expect: { profitFactor: '10' } }).status,
    ).toBe('passed');
    expect(
      runCase({ ...winners, note: 'sentinel −100 when undefined', expect: { profitFactor: -100 } }).status,
    ).toBe('passed');
    expect(runCase({ ...base, expect: { profitFactor: null } }).status).toBe('failed');
  });

  it('finds an amount that nobody expects', () => {
    const account = { type: 'MARGIN', balances: {} };
    const fills = [
      { position: 'P', symbol: 'A/USD', side: 'BUY', qty: '1', px: '1', fee: '0', feeCcy: 'USD' },
    ];
    const result = runCase({
      id: 'x',
      account,
      fills,
      quotes: [],
      tolerance: 0,
      expect: { netPosition: {} },
    });
    expect(result.reasons).toEqual(['netPosition.A/USD: expected nothing, got 1']);
  });

  it('tells a rule that throws', () => {
    const expect_ = { margin: '1' };
    const input = { model: 'leveraged', qty: '1', px: '1', rate: '1', leverage: '0' };
    expect(runCase({ id: 'x', input, tolerance: 0, expect: expect_ }).reasons[0]).toContain(
      'division_by_zero',
    );
  });

  it('fails a file that is no JSON, skips one of another format, and reports in three kinds of lines', () => {
    const all = [
      ...runFile('broken.json', '{'),
      ...runFile('other.json', '{"format":"else"}'),
      { file: 'a.json', id: 'good', status: 'passed' as const, reasons: [] },
    ];
    expect(reportLines(all)).toEqual([
      'FAILED broken.json (file): is not a JSON object',
      'skipped 1 for a file that is not portfolio-conformance/1: other.json (file)',
      '1 passed, 1 failed, 1 skipped',
    ]);
  });
});
