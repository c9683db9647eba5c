import type { FactoryProvider } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { calendarOf } from '../shared/periods.js';

/** Injection token of the calendar of `PORTFOLIO_TIMEZONE`. */
export const CALENDAR = Symbol('CALENDAR');

export const calendarProvider: FactoryProvider = {
  provide: CALENDAR,
  inject: [CONFIG],
  useFactory: (config: Config) => calendarOf(config.TIMEZONE),
};
