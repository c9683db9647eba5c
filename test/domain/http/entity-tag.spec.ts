import { isKnown } from '../../../src/http/entity-tag.js';
import { entityTag } from '../../../src/portfolio/answer.js';

describe('an entity tag', () => {
  const tag = entityTag('{"a":1}');

  test('is weak, the same for the same text and another for any other', () => {
    expect(tag).toMatch(/^W\/"[\w-]+"$/);
    expect(entityTag('{"a":1}')).toBe(tag);
    expect(entityTag('{"a":2}')).not.toBe(tag);
  });

  test.each<[what: string, header: string | undefined, known: boolean]>([
    ['nothing', undefined, false],
    ['an empty header', '', false],
    ['itself', tag, true],
    ['itself as a strong tag', tag.slice(2), true],
    ['a list it is in', `"x", W/"y" ,${tag}`, true],
    ['a list it is not in', '"x", W/"y"', false],
    ['any', ' * ', true],
    ['its text without quotes', tag.slice(3, -1), false],
  ])('is known to who sends %s: %p %p', (_what, header, known) => expect(isKnown(tag, header)).toBe(known));
});
