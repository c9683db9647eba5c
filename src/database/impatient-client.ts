import type { ClientConfig } from 'pg';
import { Client } from 'pg';

/** What the driver says of a query that was not answered within `query_timeout`. */
const UNANSWERED = 'Query read timeout';

/**
 * A connection that did not answer in time is no connection any more: back in the pool it would keep the next one waiting as long, and the
 * one after it. It is cut, and the pool makes another.
 */
export class ImpatientClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as (...given: unknown[]) => unknown;
    this.query = ((...given: unknown[]) => {
      const answer = ask(...given);
      if (answer instanceof Promise) answer.catch((error: unknown) => this.cutAfter(error));
      return answer;
    }) as typeof this.query;
  }

  private cutAfter(error: unknown): void {
    if (error instanceof Error && error.message === UNANSWERED) this.connection.stream.destroy();
  }
}
