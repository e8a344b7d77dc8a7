import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own lines, through pino: one format, one level, for both processes. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  /** Nest says at every start what it wires up: that is for looking into it. */
  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(details(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? { err: message } : {};
    this.logger.error({ ...details(rest), ...err }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(details(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(details(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(details(rest), String(message));
  }
}

/** Nest hands the context as the last argument, and a stack before it. */
function details(rest: readonly unknown[]): Record<string, unknown> {
  const stack = rest.length > 1 ? { stack: rest[0] } : {};
  return { context: rest.at(-1), ...stack };
}
