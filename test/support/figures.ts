/** What an object of a class shows: what it works out when it is asked, and what was given to it, by name; `hidden` is nobody's business. */
export function figuresIn(object: object, hidden: readonly string[] = []): [name: string, value: unknown][] {
  const descriptors = Object.entries(
    Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object) as object),
  );
  const computed = descriptors.flatMap(([name, { get }]) => (get ? [name] : []));
  const names = [...Object.keys(object), ...computed].filter((name) => !hidden.includes(name));
  return names.map((name) => [name, (object as Readonly<Record<string, unknown>>)[name]]);
}
