/** The same in the same order, with the next one under way while the one at hand is worked on. */
export async function* ahead<One>(items: AsyncIterable<One>): AsyncGenerator<One> {
  const iterator = items[Symbol.asyncIterator]();
  let next = begun(iterator);
  try {
    for (;;) {
      const result = await next;
      if (result.done) return;
      next = begun(iterator);
      yield result.value;
    }
  } finally {
    // Whoever stops early leaves one under way: what it reads from may be closed only after it.
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

/** Its failure is told when it is its turn, and is nobody's business before. */
function begun<One>(iterator: AsyncIterator<One>): Promise<IteratorResult<One>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}
