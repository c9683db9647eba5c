import { posix } from 'node:path';
import ts from 'typescript';

/** A file of the project: its path from the root, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One broken rule: where, and what to do about it. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

function parse({ path, text }: SourceFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
}

/** Walks the whole tree and collects what `look` finds in each node. */
export function inEveryNode(
  file: SourceFile,
  look: (node: ts.Node, tree: ts.SourceFile) => string | null,
): Violation[] {
  const tree = parse(file);
  const found: Violation[] = [];
  const visit = (node: ts.Node): void => {
    const message = look(node, tree);
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    if (message !== null) found.push({ path: file.path, line, message });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** One import of a file. */
export interface Import {
  /** What it says: a package, or a path of the project (`src/pnl/domain/x.ts`) when it is relative. */
  readonly target: string;
  readonly isOurs: boolean;
  /** False for `import type`: it is gone at run time. */
  readonly atRuntime: boolean;
  readonly line: number;
}

function isErased(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every((one) => one.isTypeOnly)
  );
}

/** The module that a node names: an import, a re-export, `import()` or `require()`. */
function specifierOf(node: ts.Node): { text: string; atRuntime: boolean } | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const from = node.moduleSpecifier;
    return from && ts.isStringLiteral(from) ? { text: from.text, atRuntime: !isErased(node) } : null;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const literal = node.argument.literal;
    return ts.isStringLiteral(literal) ? { text: literal.text, atRuntime: false } : null;
  }
  if (!ts.isCallExpression(node)) return null;
  const isImport =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require';
  const [first] = node.arguments;
  return isImport && first && ts.isStringLiteral(first) ? { text: first.text, atRuntime: true } : null;
}

/** Everything a file imports, in any form. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  inEveryNode(file, (node, tree) => {
    const specifier = specifierOf(node);
    if (!specifier) return null;
    const isOurs = specifier.text.startsWith('.');
    const resolved = posix.join(posix.dirname(file.path), specifier.text).replace(/\.js$/, '.ts');
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    imports.push({
      target: isOurs ? resolved : specifier.text,
      isOurs,
      atRuntime: specifier.atRuntime,
      line,
    });
    return null;
  });
  return imports;
}
