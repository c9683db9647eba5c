import type { Json } from './outcome.js';
import { plainName, textOf } from './outcome.js';
import type { Settings } from './settings.js';
import { decimalAt, doubleAt, exactNumber } from './values.js';

/** Reads one convention into the settings; says false when it does not know the wording. */
export type Reader = (value: Json, settings: Settings) => boolean;

/** A wording that leads to a setting: the first pattern that fits wins. */
export function words<K extends keyof Settings>(
  key: K,
  table: readonly (readonly [RegExp, Settings[K]])[],
): Reader {
  return (value, settings) => {
    const hit = table.find(([pattern]) => pattern.test(textOf(value)));
    if (hit) settings[key] = hit[1];
    return hit !== undefined;
  };
}

/** A wording that describes what we do anyway. */
export function described(...patterns: readonly RegExp[]): Reader {
  return (value) => patterns.some((pattern) => pattern.test(textOf(value)));
}

/** Several wordings in one text, parted by semicolons: each must be known. */
export function parts(...readers: readonly Reader[]): Reader {
  return (value, settings) =>
    textOf(value)
      .split(';')
      .every((part) => readers.some((read) => read(part.trim(), settings)));
}

export function number(
  key: 'ddof' | 'riskFree' | 'annualRiskFree' | 'target' | 'annualTarget' | 'window',
): Reader {
  return (value, settings) => {
    if (exactNumber(value) === null) return false;
    settings[key] = doubleAt(value, key);
    return true;
  };
}

export function rate(key: 'maintRate' | 'initRate'): Reader {
  return (value, settings) => {
    settings[key] = decimalAt(value, key);
    return true;
  };
}

/** 0.95 and 0.05 are one tail: the share is the smaller one. */
export const tailShare: Reader = (value, settings) => {
  if (exactNumber(value) === null) return false;
  const share = doubleAt(value, 'confidence');
  const fraction = share > 1 ? share / 100 : share;
  settings.share = fraction > 0.5 ? 1 - fraction : fraction;
  return true;
};

const PERIODS: Readonly<Record<string, number>> = {
  daily: 252,
  day: 252,
  weekly: 52,
  monthly: 12,
  quarterly: 4,
  yearly: 1,
  annual: 1,
  none: 1,
};

export const periods: Reader = (value, settings) => {
  const named = PERIODS[plainName(textOf(value))];
  if (named !== undefined) settings.periodsPerYear = named;
  const text = /^(?:sqrt\()?(\d+(?:\.\d+)?)\)?(?: ?(?:days?|periods?|per year)[a-z ]*)?$/i.exec(
    textOf(value),
  );
  if (text) settings.periodsPerYear = Number(text[1]);
  return named !== undefined || text !== null;
};

export const dayCount: Reader = (value, settings) => {
  const text = /^(?:act(?:ual)?\/)?(365\.25|365\.2425|365|360|366)(?:f|fixed)?(?: days)?$/i.exec(
    textOf(value).trim(),
  );
  if (text) settings.daysPerYear = Number(text[1]);
  return text !== null;
};

/** A spread in words: sample or population, with or without the number. */
export const spread: Reader = (value, settings) => {
  const ddof = /ddof\s*=?\s*([01])/i.exec(textOf(value))?.[1];
  if (ddof !== undefined) settings.ddof = Number(ddof);
  else if (/sample|n ?[-−] ?1/i.test(textOf(value))) settings.ddof = 1;
  else if (/population/i.test(textOf(value))) settings.ddof = 0;
  else return false;
  return true;
};

const FORMULA_WORDS = new Set(
  (
    'sqrt n mean avg average std stdev ddof sample population excess return returns r rf risk free riskfree per period periods ' +
    'year years annual annualised annualized downside deviation dd below target mar threshold over all of the max min drawdown ' +
    'maxdrawdown cagr total sum prod product abs win wins loss losses avgwin avgloss winrate day days number count ann growth ' +
    'cumulative pnl trades gross profit and in by to from geometric compound compounded x t i cf npv flow flows cashflow cashflows ' +
    'rate act actual date dates v value values equity link linked chain chained sub hpr root square squared rms neg negative losing ' +
    'percentile quantile linear xirr irr twr mwr start end begin beginning before after fixed'
  ).split(' '),
);

/** A formula in our vocabulary: its annualisation and its spread are read, an unknown word makes it unknown. */
export const formula: Reader = (value, settings) => {
  const text = textOf(value);
  if (!(text.toLowerCase().match(/[a-z]+/g) ?? []).every((word) => FORMULA_WORDS.has(word))) return false;
  const ddof = /ddof\s*=?\s*([01])/i.exec(text)?.[1];
  if (ddof !== undefined) settings.ddof = Number(ddof);
  const annual = /sqrt\((\d+(?:\.\d+)?)\)/i.exec(text)?.[1];
  if (annual !== undefined) settings.periodsPerYear = Number(annual);
  const year = /days?\)?\s*\/\s*(365(?:\.25)?|360)/i.exec(text)?.[1];
  if (year !== undefined) settings.daysPerYear = Number(year);
  if (/\+\s*(cf|flow|cashflow)/i.test(text)) settings.flowTiming = 'start';
  if (/[-−]\s*(cf|flow|cashflow)/i.test(text)) settings.flowTiming = 'end';
  if (/std.*(neg|losing)/i.test(text)) settings.downside = 'losing-periods';
  return true;
};
