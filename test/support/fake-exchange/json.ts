/** JSON in which a bigint keeps all its digits, as the exchange's ids do. */
export type Value =
  string | number | bigint | boolean | null | readonly Value[] | { readonly [name: string]: Value };

export function jsonOf(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonOf).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${jsonOf(member)}`);
  return `{${members.join(',')}}`;
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
