import { foldLegs } from '../../src/positions/domain/fold-legs.js';
import { averagePrice, sideOf } from '../../src/positions/domain/net-position.js';
import { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
import { type Json, NotOffered, isObject } from './outcome.js';
import { decimalAt, doubleAt, listAt } from './values.js';

/** Answers about signed legs folded into one net position. These files write the average of nothing as 0. */
export function legAnswers(value: Json | undefined): Answers {
  const net = foldLegs(
    listAt(value, 'legs').map((leg, index) => {
      if (!isObject(leg)) throw new NotOffered(`legs[${index}] is not an object`);
      return {
        quantity: decimalAt(leg.qty, 'legs[].qty'),
        price: decimalAt(leg.px, 'legs[].px'),
        order: leg.order === undefined ? index : doubleAt(leg.order, 'legs[].order'),
      };
    }),
  );
  return new Answers({
    'netQty signedQty qty': () => net.quantity,
    'avgPx avgOpen avgPrice': () => averagePrice(net) ?? Decimal.ZERO,
    side: () => sideOf(net.quantity),
    'cost costBasis': () => net.costBasis.abs(),
  });
}
