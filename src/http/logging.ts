import type { LoggerService } from '@nestjs/common';
import type { Level, Logger } from 'pino';
import { pino } from 'pino';
import type { Config } from '../config.js';
import { logText } from './log-text.js';
import { redacted } from './redaction.js';

/** Where lines go: standard output, or a test. */
export interface LogSink {
  write(line: string): unknown;
}

/** What Nest says about its own boot; of interest only to who looks for it. */
const CHATTER = new Set([
  ...[
    'NestFactory',
    'InstanceLoader',
    'RoutesResolver',
    'RouterExplorer',
    'NestApplication',
    'NestMicroservice',
  ],
  ...[
    'MicroservicesModule',
    'WebSocketsController',
    'ListenersController',
    'ClientProxy',
    'HealthCheckService',
    'Server',
  ],
]);

/**
 * The log of the process: one JSON object a line, or short text for a terminal. Nest and everything that uses its `Logger` speak
 * through it; an object as the message becomes members of the line, an `err` in it keeps its stack. Secrets are taken out of the
 * finished line, so that it does not matter how they got there.
 */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(
    { LOG_LEVEL, LOG_FORMAT }: Pick<Config, 'LOG_LEVEL' | 'LOG_FORMAT'>,
    sink: LogSink = process.stdout,
  ) {
    const finish = LOG_FORMAT === 'text' ? logText : (line: string) => line;
    this.pino = pino(
      {
        level: LOG_LEVEL,
        base: undefined,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { err: pino.stdSerializers.err },
      },
      { write: (line: string) => void sink.write(redacted(finish(line))) },
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.say('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.say('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.say('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.say('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.say('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.say('fatal', message, rest);
  }

  /** Nest passes the context last, and for errors a stack before it. */
  private say(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.findLast((part) => typeof part === 'string' && !part.includes('\n'));
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n'));
    const extra = Object.assign(
      {},
      ...rest.filter((part) => typeof part === 'object' && part !== null),
    ) as object;
    const told = level === 'info' && typeof context === 'string' && CHATTER.has(context) ? 'debug' : level;
    const members = { ...(context !== undefined && { context }), ...extra, ...membersOf(message, stack) };
    this.pino[told](members, typeof message === 'string' ? message : undefined);
  }
}

function membersOf(message: unknown, stack: unknown): object {
  if (message instanceof Error) return { err: message };
  if (typeof message === 'object' && message !== null) return message;
  return stack === undefined ? {} : { stack };
}
