import type { Micros, PolicyUpdated } from '../../../ledger/facts.js';
import { IsId } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readTime } from '../header.js';

/** `policy.updated`, and `policy.update` with `event=policy.updated`: one key, a mode, or only a new version. */
export class PolicyUpdatedMessage implements PolicyUpdated {
  readonly kind = 'policy.updated';
  @IsId()
  readonly key: string | null;
  readonly value: string | null;
  @IsId()
  readonly version: string | null;
  readonly occurredAt: Micros;

  constructor(message: WireMessage) {
    const { body } = message;
    this.key = body.text('key');
    this.value = body.freeText('new_value', 'value', 'new_mode');
    this.version = body.text('version', 'policy_version');
    this.occurredAt = readTime(message).at;
    const says = this.key ?? this.value ?? this.version ?? body.text('event');
    required(says, 'key');
  }
}
