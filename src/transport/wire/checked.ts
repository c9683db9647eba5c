import { validateSync } from 'class-validator';
import { Refusal } from '../../ledger/facts.js';
import { rulesOf } from './constraints.js';
import type { Rule } from './constraints.js';
import { snakeCase } from './fields.js';
import { shown } from './numbers.js';

const OPTIONS = { stopAtFirstError: true, validationError: { target: false } };
/** Fields whose refusal has a code of its own. */
const CODES: ReadonlyMap<string, string> = new Map([['account_id', 'account_invalid']]);

const rulesByClass = new Map<unknown, readonly Rule[]>();

/** The message itself when all its constraints hold. Throws Refusal `<field>_invalid` for the first that does not. */
export function checked<Message extends object>(message: Message): Message {
  if (holdsAll(message)) return message;
  const [error] = validateSync(message, OPTIONS);
  if (!error) return message;
  const field = snakeCase(error.property);
  const says = Object.values(error.constraints ?? {})[0] ?? 'is invalid';
  throw new Refusal(
    CODES.get(field) ?? `${field}_invalid`,
    `${field} ${says}: ${shown(String(error.value))}`,
  );
}

function holdsAll(message: object): boolean {
  let rules = rulesByClass.get(message.constructor);
  if (!rules) {
    rules = [...rulesOf(message)];
    rulesByClass.set(message.constructor, rules);
  }
  const values = message as Readonly<Record<string, unknown>>;
  return rules.every(([property, holds]) => holds(values[property]));
}
