import ts from 'typescript';
import { importsOf, inEveryNode, type SourceFile, type Violation } from './tidy-syntax.js';

/** A rule looks at one file and says what it breaks. */
export type Rule = (file: SourceFile) => Violation[];

/** What each module may read besides itself; `config` is the settings file. Later in a line of arrows = may be read by more. */
const BASE = ['config', 'shared'];
const STORAGE = [...BASE, 'database'];
const LEDGER = [...STORAGE, 'ledger'];
const HOLDINGS = [...LEDGER, 'positions'];
const EARNINGS = [...HOLDINGS, 'pnl'];
const ANSWERS = [...EARNINGS, 'exposure', 'drawdown'];
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  config: ['shared'],
  shared: [],
  database: BASE,
  ledger: STORAGE,
  // Who may come in is asked at every door: of HTTP, of peers, and by what lists only what the caller may see.
  access: STORAGE,
  positions: LEDGER,
  pnl: HOLDINGS,
  exposure: EARNINGS,
  drawdown: EARNINGS,
  // It knows rows and facts in general; the modules that own them say how they belong together.
  integrity: LEDGER,
  reconciliation: ANSWERS,
  portfolio: [...ANSWERS, 'reconciliation', 'integrity', 'access'],
  limits: [...ANSWERS, 'portfolio'],
  flow: [...ANSWERS, 'reconciliation'],
  transport: [...ANSWERS, 'reconciliation', 'integrity', 'portfolio', 'flow', 'limits', 'access'],
  sources: [...ANSWERS, 'reconciliation', 'portfolio', 'flow', 'limits', 'transport'],
};
/** They stand above everything: they put together and show what there is. */
const READ_EVERYTHING = new Set(['http', 'health', 'root']);
/** Modules that neighbours know only by what they can do; below them are plain tools, read file by file. */
const WITH_A_FACE = new Set([
  'positions',
  'pnl',
  'exposure',
  'drawdown',
  'reconciliation',
  'limits',
  'transport',
  'sources',
]);
/** The process' connections to Redis are one set: whoever needs a command uses the one that is there. Who needs one of its own is the same there. */
const FACE =
  /^src\/[^/]+\/(domain|commands|queries|wire)\/|(\.module|-projection|-tables|\.provider)\.ts$|^src\/transport\/redis(-options)?\.ts$/;

export const MAX_FILE_LINES = 250;
export const MAX_FUNCTION_LINES = 40;

/** `src/pnl/domain/x.ts` belongs to pnl, `src/config.ts` to config, other files beside it to the root. */
export function moduleOf(path: string): string {
  const [, first = '', second] = path.split('/');
  if (second !== undefined) return first;
  return first === 'config.ts' ? 'config' : 'root';
}

/** An import follows the arrows, and enters a neighbour only by its face. */
export const arrows: Rule = (file) => {
  const own = moduleOf(file.path);
  if (READ_EVERYTHING.has(own)) return [];
  const allowed = ARROWS[own];
  if (!allowed) return [{ path: file.path, line: 1, message: `${own} is not a module of the house` }];
  return importsOf(file).flatMap(({ target, isOurs, line }) => {
    const other = moduleOf(target);
    if (!isOurs || other === own) return [];
    if (!target.startsWith('src/')) return [{ path: file.path, line, message: `${target} is outside src` }];
    if (!allowed.includes(other))
      return [{ path: file.path, line, message: `${own} must not import ${other} (${target})` }];
    if (!WITH_A_FACE.has(other) || FACE.test(target)) return [];
    return [
      { path: file.path, line, message: `${target} is inside ${other}: use its domain, commands or queries` },
    ];
  });
};

const isDomain = (path: string): boolean => path.includes('/domain/');

/** A domain knows shared things, other domains and the facts; nothing of a framework, a database or a machine. */
export const pureImports: Rule = (file) => {
  if (!isDomain(file.path)) return [];
  return importsOf(file)
    .filter(
      ({ target, isOurs }) => !isOurs || !/^src\/(shared\/|ledger\/facts\.ts$|[^/]+\/domain\/)/.test(target),
    )
    .map(({ target, line }) => ({ path: file.path, line, message: `a domain must not import ${target}` }));
};

const IMPURE_CALLS =
  /^(Date\.now|Date|performance\.now|process\.hrtime(\.bigint)?|Math\.random|crypto\.\w+|globalThis\.crypto\.\w+|set(Timeout|Interval|Immediate)|fetch|console\.\w+)$/;

/** The same input gives the same output, today and in a replay: no clock, no chance, no outside world. */
export const pureDomain: Rule = (file) => {
  if (!isDomain(file.path)) return [];
  return inEveryNode(file, (node) => {
    const clock = ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length;
    if (clock) return 'a domain must not ask for the time: it comes in with the event';
    if (ts.isCallExpression(node) && IMPURE_CALLS.test(node.expression.getText())) {
      return `a domain must not call ${node.expression.getText()}`;
    }
    return ts.isPropertyAccessExpression(node) && node.getText() === 'process.env'
      ? 'a domain has no environment'
      : null;
  });
};

/** Settings are read and checked in one place. */
export const environmentInOnePlace: Rule = (file) => {
  if (file.path === 'src/config.ts') return [];
  return inEveryNode(file, (node) => {
    const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    const argument = ts.isElementAccessExpression(node) ? node.argumentExpression.getText().slice(1, -1) : '';
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : argument;
    if (isAccess && name === 'env' && node.expression.getText() === 'process')
      return 'process.env is read in src/config.ts only';
    const destructured = ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name);
    if (!destructured || node.initializer?.getText() !== 'process') return null;
    return /\benv\b/.test(node.name.getText()) ? 'process.env is read in src/config.ts only' : null;
  });
};

/**
 * Where digits become something else on purpose: the decimal itself, the reading of messages, and statistics over
 * return series, which are doubles by definition.
 */
const FLOATS_ALLOWED = [
  /^src\/shared\/decimal\.ts$/,
  /^src\/transport\/wire\//,
  /^src\/pnl\/domain\/statistics\//,
  /^src\/drawdown\/domain\/series\//,
];
const TO_FLOAT = /^((Number|globalThis)\.)?(Number|parseFloat|parseInt)$/;
const MONEY =
  /price|amount|pnl|equity|balance|quantit|size|fee|notional|exposure|cost|margin|wallet|peak|money|cash|drawdown|realized/i;

/** Money never becomes a binary float. In a domain nothing does; elsewhere what is named as money. */
export const exactMoney: Rule = (file) => {
  if (FLOATS_ALLOWED.some((place) => place.test(file.path))) return [];
  return inEveryNode(file, (node) => {
    if (!ts.isCallExpression(node) || !TO_FLOAT.test(node.expression.getText())) return null;
    const [argument] = node.arguments;
    const isMoney = isDomain(file.path) || MONEY.test(argument?.getText() ?? '');
    return isMoney ? `${node.getText().slice(0, 60)} makes a binary float of money: use Decimal` : null;
  });
};

/** A file is one thought. */
export const fileSize: Rule = ({ path, text }) => {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return lines <= MAX_FILE_LINES
    ? []
    : [{ path, line: 1, message: `${lines} lines, at most ${MAX_FILE_LINES}` }];
};

/** A function can be read without scrolling. */
export const functionSize: Rule = (file) =>
  inEveryNode(file, (node, tree) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return null;
    const lineAt = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
    const lines = lineAt(node.getEnd()) - lineAt(node.getStart(tree)) + 1;
    if (lines <= MAX_FUNCTION_LINES) return null;
    return `${node.name?.getText() ?? 'a function'} has ${lines} lines, at most ${MAX_FUNCTION_LINES}`;
  });

/** Circles of imports between files, each once, as the files on the way. What is gone at run time does not count. */
export function importCycles(files: readonly SourceFile[]): string[][] {
  const next = new Map(files.map((file) => [file.path, runtimeTargets(file)]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const seenAt = way.indexOf(path);
    if (seenAt >= 0) cycles.push([...way.slice(seenAt), path]);
    if (seenAt >= 0 || done.has(path)) return;
    for (const target of next.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) walk(path, []);
  return cycles;
}

function runtimeTargets(file: SourceFile): string[] {
  return importsOf(file)
    .filter(({ isOurs, atRuntime }) => isOurs && atRuntime)
    .map(({ target }) => target);
}
