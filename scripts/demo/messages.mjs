import { randomUUID } from 'node:crypto';

/** The shapes in which messages were recorded on the bus. A message is a stream and its fields, all texts. */

function iso() {
  return new Date().toISOString();
}

/** As Python writes it: UTC, microseconds, no zone. */
function isoWithoutZone() {
  return iso().replace('Z', '000');
}

/** The full entry: a JSON payload with its own time, and a head around it. */
export function envelope(event, source, payload) {
  const fields = {
    event_type: event,
    payload: JSON.stringify({ ...payload, timestamp: payload.timestamp ?? iso().replace('Z', '+00:00') }),
    correlation_id: randomUUID(),
    timestamp: isoWithoutZone(),
    source,
    trace_id: '',
  };
  return { stream: `quantum:stream:${event}`, fields };
}

/** No payload: every value is a field of the entry itself. */
export function flat(event, fields) {
  return {
    stream: `quantum:stream:${event}`,
    fields: { event_type: event, timestamp: isoWithoutZone(), ...fields },
  };
}

/** A last trade as the market publisher sends it, its time in seconds. */
export function tick(symbol, price, quantity, isBuyerMaker) {
  const timestamp = Date.now() / 1000;
  return envelope('market.tick', 'market-publisher', {
    symbol,
    price,
    qty: quantity,
    is_buyer_maker: isBuyerMaker,
    timestamp,
  });
}
