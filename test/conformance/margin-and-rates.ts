import { type QuoteSide, conversionRate, ratesOf } from '../../src/exposure/domain/fx-rate.js';
import { type MarginModel, requiredMargin } from '../../src/exposure/domain/margin-model.js';
import { fundingPayment, tradingFee } from '../../src/positions/domain/charges.js';
import { notionalValue, heldAt } from '../../src/positions/domain/net-position.js';
import { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
import type { Input } from './input.js';
import { type Json, NotOffered, isObject } from './outcome.js';
import { sideNamed } from './trade-profit.js';
import { decimalAt } from './values.js';

/** Answers about the margin of one position. */
export function marginAnswers(input: Input): Answers {
  return new Answers({
    'margin maintMargin initMargin': () => {
      const price = input.decimal('price');
      const notional = notionalValue(heldAt(input.decimal('quantity'), price), price);
      return requiredMargin(
        notional,
        input.decimal('rate'),
        modelOf(input),
        input.decimalOr('leverage', Decimal.ONE),
      );
    },
  });
}

/** Answers about what a fill or a funding time costs. */
export function chargeAnswers(input: Input): Answers {
  const held = () => {
    const quantity = input.decimal('quantity');
    const isShort = input.has('side') && sideNamed(input.text('side')) === 'SHORT';
    return isShort ? quantity.abs().negated() : quantity;
  };
  return new Answers({
    'fee commission tradingFee': () =>
      tradingFee(held(), input.decimal('price'), input.decimal('feeRate')),
    'funding fundingPayment fundingFee': () =>
      fundingPayment(held(), input.decimal('price'), input.decimal('fundingRate')),
  });
}

/** Answers about the rate between two currencies. */
export function rateAnswers(input: Input): Answers {
  return new Answers({
    'rate exchangeRate xrate': () =>
      conversionRate(
        ratesOf(pairsOf(input.get('bid')), pairsOf(input.get('ask')), sideOf(input.text('type'))),
        input.text('from'),
        input.text('to'),
      ),
  });
}

function modelOf(input: Input): MarginModel {
  const model = input.text('model').toLowerCase();
  if (model === 'standard' || model === 'leveraged') return model;
  throw new NotOffered(`input.model "${model}"`);
}

function sideOf(text: string): QuoteSide {
  if (text === 'BID' || text === 'ASK' || text === 'MID') return text;
  throw new NotOffered(`input.type "${text}"`);
}

function pairsOf(quotes: Json): Map<string, Decimal> {
  if (!isObject(quotes)) throw new NotOffered('quotes that are not by pair');
  return new Map(Object.entries(quotes).map(([pair, price]) => [pair, decimalAt(price, `quote of ${pair}`)]));
}
