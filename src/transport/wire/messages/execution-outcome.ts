import type { Fields } from '../fields.js';
import type { WireMessage } from '../envelope.js';

/** Whether an order was executed, and the producer's own word for it in upper case. */
export interface Outcome {
  readonly executed: boolean;
  readonly status: string;
}

const FILLED = new Set(['FILLED', 'PARTIALLY_FILLED', 'PARTIAL']);
const DEAD = new Set(['REJECTED', 'BLOCKED', 'CANCELED', 'CANCELLED', 'EXPIRED', 'FAILED']);

/** What became of the order; null when the message is about no order at all, such as a PnL attribution row. */
export function readOutcome({ eventType, body }: WireMessage): Outcome | null {
  const status = body.word('status', 'order_status');
  if (eventType === 'apply.result') return planOutcome(body, status);
  if (status !== null) return { executed: FILLED.has(status), status };
  // `order.executed` says by its name that it was; the others are no executions without a status.
  return eventType === 'order.executed' ? { executed: true, status: 'FILLED' } : null;
}

/** A plan was executed when it says so and its order is not known to have died. */
function planOutcome(body: Fields, status: string | null): Outcome {
  const says = body.flag('executed') ?? false;
  const executed = says && !(status !== null && DEAD.has(status));
  return { executed, status: status ?? body.word('decision') ?? (executed ? 'EXECUTED' : 'SKIP') };
}
