import type { EmergencyStopTripped } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsDecimal, IsWord } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { FactMessage } from './fact.message.js';

const TELLING = ['severity', 'trip_level', 'trip_time', 'metrics', 'current_drawdown'];

/** `ess.tripped` in its three shapes. An emergency stop is not refused for want of words: its reason may be UNKNOWN. */
export class EmergencyStopTrippedMessage extends FactMessage implements EmergencyStopTripped {
  readonly kind = 'ess.tripped';
  readonly reason: string;
  @IsWord()
  readonly severity: string;
  @IsDecimal()
  readonly dailyDrawdownPct: Decimal | null;
  @IsDecimal()
  readonly openLossPct: Decimal | null;
  @IsDecimal()
  readonly currentDrawdownPct: Decimal | null;

  constructor(message: WireMessage) {
    super(readHeader(message, 'trip_time'));
    const { body } = message;
    const metrics = body.nested('metrics');
    const reason = body.freeText('reason', 'trip_reason') ?? (body.has(...TELLING) ? 'UNKNOWN' : null);
    this.reason = required(reason, 'reason');
    this.severity = body.word('severity', 'trip_level') ?? 'CRITICAL';
    this.dailyDrawdownPct = (metrics ?? body).optionalDecimal('daily_drawdown_pct');
    this.openLossPct = (metrics ?? body).optionalDecimal('open_loss_pct');
    this.currentDrawdownPct = body.optionalDecimal('current_drawdown', 'current_drawdown_pct');
  }
}
