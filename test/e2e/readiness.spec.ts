import { eventually } from '../support/eventually.js';
import { fillBook } from '../support/sample-book.js';
import { startStack } from '../support/stack.js';
import { settled } from '../support/streams.js';

describe('readiness', () => {
  test('is 503 while Redis is away, and reads go on', async () => {
    const stack = await startStack({ appendonly: true });
    try {
      await fillBook(stack);
      await settled(stack.service, stack.redis);
      const before = (await stack.service.get('/api/portfolio/snapshot')).json();
      await stack.server.kill9();
      await eventually(async () => expect((await stack.service.get('/health/ready')).status).toBe(503));
      expect((await stack.service.get('/health/live')).status).toBe(200);
      const during = (await stack.service.get('/api/portfolio/snapshot')).json();
      expect(during['cash_balance']).toBe(before['cash_balance']);
      await stack.server.restart();
      await eventually(async () => expect((await stack.service.get('/health/ready')).status).toBe(200));
    } finally {
      await stack.stop();
    }
  });
});
