import type { TestService } from './service.js';

export type Row = Record<string, unknown>;

export interface LimitsAnswer {
  readonly limits: readonly Row[];
  readonly sources: readonly Row[];
  readonly ess: Row;
}

export async function limitsOf(service: Pick<TestService, 'get'>, query = ''): Promise<LimitsAnswer> {
  const answer = await service.get(`/api/portfolio/limits?numbers=string${query}`);
  if (answer.status !== 200) throw new Error(`limits: ${answer.status} ${answer.text}`);
  return answer.json<LimitsAnswer>();
}

/** One limit of the account `main`. */
export async function limitOf(
  service: Pick<TestService, 'get'>,
  limit: string,
  symbol: string | null = null,
): Promise<Row> {
  const { limits } = await limitsOf(service);
  const found = limits.find((one) => one['limit'] === limit && one['symbol'] === symbol);
  if (!found) throw new Error(`no limit ${limit} of ${symbol}`);
  return found;
}
