import { say } from '../../scripts/lib/say.mjs';

const COLUMNS = ['id', 'unit', 'ours', '(min–max)', 'baseline', '(min–max)', 'ratio', 'target', 'met'];
const ALIGNED_LEFT = new Set(['id', 'unit', 'target', 'met']);

const number = (value) =>
  value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
const range = (least, most) => (least === null ? '' : `(${number(least)}–${number(most)})`);

function cells(row) {
  return [
    row.id,
    row.unit,
    number(row.ours),
    range(row.ours_min, row.ours_max),
    number(row.baseline),
    range(row.baseline_min, row.baseline_max),
    number(row.ratio),
    row.target,
    row.met ? 'yes' : 'NO',
  ];
}

/** The rows as a table of plain text, and what the ids mean below it. */
export function showTable(rows, circumstances) {
  const lines = [COLUMNS, ...rows.map(cells)];
  const widths = COLUMNS.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const padded = (text, i) =>
    ALIGNED_LEFT.has(COLUMNS[i]) ? text.padEnd(widths[i]) : text.padStart(widths[i]);
  say(`\n${circumstances.machine}${circumstances.quick ? '; QUICK: small sizes and few rounds' : ''}\n`);
  for (const line of lines) say(line.map(padded).join('  ').trimEnd());
  say('');
  for (const { id, what } of rows) say(`${id}: ${what}`);
}
