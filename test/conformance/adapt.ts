import { aggregateAnswers, calendarAnswers } from './aggregates.js';
import { Answers } from './answers.js';
import { closedTradeAnswers } from './closed-trades.js';
import { readSetting, settingsOf } from './conventions.js';
import { fillsOf, instrumentOf } from './fills.js';
import { flowAnswers } from './flows.js';
import { Input } from './input.js';
import { legAnswers } from './legs.js';
import { chargeAnswers, marginAnswers, rateAnswers } from './margin-and-rates.js';
import { type ConformanceCase, type Json, type JsonObject, NotOffered, isObject } from './outcome.js';
import { portfolioAnswers } from './portfolio.js';
import { positionAnswers } from './positions.js';
import { growthAnswers, returnAnswers } from './returns.js';
import { seriesAnswers } from './series.js';
import type { Settings } from './settings.js';
import { tradeProfitAnswers } from './trade-profit.js';
import { decimalAt } from './values.js';

/** One expectation of a case and what answers it. */
export interface Question {
  readonly expected: JsonObject;
  readonly answers: Answers;
  readonly place: string;
}

const KNOWN_PARTS = new Set(
  'id source params convention conventions tags note why class tolerance expect input instrument fills legs account quotes startingPosition'.split(
    ' ',
  ),
);

/** Products that book the fee of an order on the first trade it touches. */
const WHOLE_FEES = new Set(['QuantConnect/Lean']);

/** What a case asks, found by the shape of its input. */
export function questionsOf(test: ConformanceCase): Question[] {
  const settings = settingsOf(test);
  if (WHOLE_FEES.has(test.source?.repo ?? '')) settings.feeShare ??= 'first';
  const strange = Object.keys(test).filter((part) => !KNOWN_PARTS.has(part));
  const unread = strange.find((part) => !readSetting(part, test[part] as Json, settings));
  if (unread !== undefined) throw new NotOffered(`a case with "${unread}"`);
  const nested =
    isObject(test.input) && test.input.fills !== undefined ? besideFills(test.input, settings) : {};
  const body: ConformanceCase = { ...test, ...nested };
  if (body.account !== undefined) return [whole(test, portfolioAnswers(body, settings))];
  if (body.fills !== undefined) return fillQuestions(test, body, settings);
  if (test.legs !== undefined) return [whole(test, legAnswers(test.legs as Json))];
  if (!isObject(test.input)) throw new NotOffered('a case without input');
  return [
    whole(
      test,
      inputAnswers(
        new Input(test.input, (key, value) => readSetting(key, value, settings)),
        settings,
        test.source?.repo ?? '',
      ),
    ),
  ];
}

function whole(test: ConformanceCase, answers: Answers): Question {
  if (!isObject(test.expect)) throw new NotOffered('an expectation that is not an object');
  return { expected: test.expect, answers, place: '' };
}

/** Fills inside an input stand there with their instrument, and with conventions. */
function besideFills(input: JsonObject, settings: Settings): JsonObject {
  const parts = Object.entries(input).filter(([key]) => KNOWN_PARTS.has(key));
  const unread = Object.entries(input).find(
    ([key, value]) => !KNOWN_PARTS.has(key) && !readSetting(key, value, settings),
  );
  if (unread) throw new NotOffered(`input.${unread[0]}`);
  return Object.fromEntries(parts);
}

/** A list of expectations looks at the state after so many fills; without a number, after all of them. */
function fillQuestions(test: ConformanceCase, body: ConformanceCase, settings: Settings): Question[] {
  const instrument = instrumentOf(body.instrument);
  const fills = fillsOf(body.fills as Json, instrument);
  const states = Array.isArray(test.expect) ? (test.expect as readonly Json[]) : [test.expect];
  return states.map((state, index) => {
    if (!isObject(state)) throw new NotOffered('an expectation that is not an object');
    const { afterFill, final: _final, ...expected } = state;
    const count = afterFill === undefined ? fills.length : decimalAt(afterFill, 'afterFill').toNumber();
    const answers = positionAnswers(fills.slice(0, count), instrument, settings);
    return { expected, answers, place: Array.isArray(test.expect) ? `[${index}]` : '' };
  });
}

function inputAnswers(input: Input, settings: Settings, product: string): Answers {
  if (input.has('model')) return marginAnswers(input);
  if (input.has('fundingRate') || input.has('feeRate')) return chargeAnswers(input);
  if (input.has('from')) return rateAnswers(input);
  if (input.has('openPrice')) return tradeProfitAnswers(input);
  const flowsOnly = input.has('flows') || input.has('amounts') || input.has('subPeriods');
  const series = seriesAnswers(input, settings).or(flowAnswers(input, settings));
  if (input.has('financeRate') || input.has('rate')) return flowAnswers(input, settings);
  if (input.has('equity') || input.has('valuations') || (input.has('prices') && !input.has('side'))) {
    return series.or(returnAnswers(input, settings, product)).or(growthAnswers(input, settings, product));
  }
  if (input.has('returns')) {
    return flowAnswers(input, settings)
      .or(returnAnswers(input, settings, product))
      .or(growthAnswers(input, settings, product))
      .or(series);
  }
  if (flowsOnly) return flowAnswers(input, settings).or(series);
  if (input.has('startingBalance') && input.has('days') && !input.has('finalBalance')) {
    return calendarAnswers(input, settings).or(closedTradeAnswers(input, settings)).or(series);
  }
  if (input.has('mean') || input.has('finalBalance')) return aggregateAnswers(input, settings);
  return closedTradeAnswers(input, settings).or(series);
}
