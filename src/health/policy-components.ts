import { Injectable } from '@nestjs/common';
import type { SourceState } from '../limits/queries/get-limits.js';
import { GetLimitsHandler, doubtOf } from '../limits/queries/get-limits.js';
import type { ComponentBody } from './health.body.js';

/** The systems that tell limits, as parts of the service's health. The service can do without them; what they tell is then unknown. */
@Injectable()
export class PolicyComponents {
  constructor(private readonly limits: GetLimitsHandler) {}

  /** `risk_safety` when it is configured; `policy` (the one in Redis) when somebody ever kept one there. */
  componentsAt(now: number): ComponentBody[] {
    return this.limits.sourcesAt(now).flatMap((state) => {
      if (state.source === 'risk_safety') return state.isConfigured ? [riskSafety(state)] : [];
      const { reading } = state;
      const isMissed = reading && (reading.readAt !== null || reading.problem !== 'not_there');
      return isMissed ? [component('policy', doubtOf(state), 'unknown')] : [];
    });
  }
}

/** Whether it can be read is its health here; what its emergency stop says is told with it. Not asked yet is not away. */
function riskSafety(state: SourceState): ComponentBody {
  const doubt = doubtOf(state);
  const found = component('risk_safety', doubt, state.reading ? 'unhealthy' : 'unknown');
  const { emergencyStop } = state;
  const said = emergencyStop && `emergency stop: ${emergencyStop.state}`;
  return { ...found, message: [doubt, said].filter(Boolean).join('; ') };
}

function component(name: string, doubt: string | null, otherwise: string): ComponentBody {
  return doubt === null ? { name, status: 'healthy' } : { name, status: otherwise, message: doubt };
}
