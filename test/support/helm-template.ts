import { stringify } from 'yaml';

/** What a chart's templates are filled with; maps are walked by `.Values.a.b`, `.Release.Name`, `.Chart.AppVersion`. */
export type Scope = Readonly<Record<string, unknown>>;

type Node =
  | { readonly text: string }
  | { readonly output: string }
  | { readonly head: string; readonly body: Node[]; readonly otherwise: Node[] };

/**
 * Renders the small part of Helm's template language that deploy/helm keeps to: values, variables of `range $k, $v := …`, `if`/`else`/`end`,
 * `{{-`, and the functions quote, default, printf with %s, toYaml and nindent. Anything else throws: what this cannot render the chart
 * must not use. It is no Helm; a real `helm template` remains the last word.
 */
export function renderTemplate(template: string, scope: Scope): string {
  const tokens = [...template.matchAll(/([\s\S]*?)(?:(\s*)\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}|$)/g)].flatMap(
    tokenOf,
  );
  const { nodes, rest } = parse(tokens);
  if (rest.length > 0) throw new Error(`{{ ${rest[0]!.action} }} closes nothing`);
  return written(nodes, scope);
}

interface Token {
  readonly text?: string;
  readonly action?: string;
}

function tokenOf([, text = '', space = '', trim, action]: RegExpMatchArray): Token[] {
  const kept = trim === '-' ? text : text + space;
  return [...(kept ? [{ text: kept }] : []), ...(action === undefined ? [] : [{ action }])];
}

function parse(tokens: readonly Token[]): { nodes: Node[]; rest: readonly Token[] } {
  const nodes: Node[] = [];
  let rest = tokens;
  while (rest.length > 0) {
    const { text, action = '' } = rest[0]!;
    if (text === undefined && (action === 'end' || action === 'else')) return { nodes, rest };
    rest = rest.slice(1);
    if (text !== undefined) nodes.push({ text });
    else if (/^(if|range)\b/.test(action)) {
      const body = parse(rest);
      const other =
        body.rest[0]?.action === 'else' ? parse(body.rest.slice(1)) : { nodes: [], rest: body.rest };
      if (other.rest[0]?.action !== 'end') throw new Error(`{{ ${action} }} has no end`);
      nodes.push({ head: action, body: body.nodes, otherwise: other.nodes });
      rest = other.rest.slice(1);
    } else nodes.push({ output: action });
  }
  return { nodes, rest };
}

function written(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => writtenOne(node, scope)).join('');
}

function writtenOne(node: Node, scope: Scope): string {
  if ('text' in node) return node.text;
  if ('output' in node) return String(evaluate(node.output, scope));
  const loop = /^range (\$\w+), (\$\w+) := (.+)$/.exec(node.head);
  if (!loop)
    return written(evaluate(node.head.replace(/^if /, ''), scope) ? node.body : node.otherwise, scope);
  const [, key, value, list] = loop;
  // As Helm does: a map is walked in the order of its keys.
  const entries = Object.entries(evaluate(list!, scope) as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([k, v]) => written(node.body, { ...scope, [key!]: k, [value!]: v })).join('');
}

function evaluate(expression: string, scope: Scope): unknown {
  const [first = '', ...pipes] = expression.split(/\s*\|\s*(?![^(]*\))/);
  return pipes.reduce((value, pipe) => called(pipe, scope, [value]), called(first, scope, []));
}

/** A function with its arguments, the piped one last; or a value alone. */
function called(expression: string, scope: Scope, piped: unknown[]): unknown {
  const words = expression.match(/\([^)]*\)|"[^"]*"|\S+/g) ?? [];
  const [name = '', ...rest] = words;
  if (/^[.$"(\d]/.test(name)) return valueOf(name, scope);
  const args = [...rest.map((word) => valueOf(word, scope)), ...piped];
  switch (name) {
    case 'quote':
      return JSON.stringify(String(args[0]));
    case 'default':
      return args[1] === '' || args[1] === undefined ? args[0] : args[1];
    case 'printf':
      return args.slice(1).reduce<string>((text, arg) => text.replace('%s', String(arg)), String(args[0]));
    case 'toYaml':
      return stringify(args[0]).trimEnd();
    case 'nindent':
      return String(args[1])
        .replace(/^/gm, ' '.repeat(Number(args[0])))
        .replace(/^/, '\n');
    default:
      throw new Error(`the chart uses ${name}, which this does not render`);
  }
}

function valueOf(word: string, scope: Scope): unknown {
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), scope);
  if (word.startsWith('"')) return JSON.parse(word);
  if (/^\d+$/.test(word)) return Number(word);
  if (word.startsWith('$')) return scope[word];
  return word
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => {
      if (typeof value !== 'object' || value === null || !(name in value))
        throw new Error(`${word} is not there`);
      return (value as Scope)[name];
    }, scope);
}
