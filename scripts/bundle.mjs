import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './lib/paths.mjs';

const dist = join(projectRoot, 'dist');
const SERVICE = 'main';
/** They run once and end: each stays the modules that it is. */
const TOOLS = ['migrate', 'rebuild', 'keys', 'import-trades', 'classify'];

/** A binary of its own, found by its place among the packages. */
const NATIVE = ['libsql'];
/** What packages load only where somebody installed it. Nobody did here, and who asks for it is told so. */
const ABSENT = [
  '@fastify/multipart',
  '@fastify/view',
  '@nats-io/transport-node',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'amqp-connection-manager',
  'bufferutil',
  'kafkajs',
  'mqtt',
  'pg-native',
  'utf-8-validate',
];
/** Packages that were written for `require` find one, in a module that has none by itself. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/** Classes of one name in two modules are renamed, and Nest logs and documents by `name`: so classes are told theirs. */
const NAMES = {
  helper: 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });',
  /** Functions would be told theirs each time they are made, on the hottest paths, too. */
  ours: 'var __name = (target) => target, __className = (target, value) => __defProp(target, "name", { value, configurable: true });',
  inClass: /(static \{\s*)__name\(this,/g,
};

function withClassNames(text) {
  if (!text.includes(NAMES.helper))
    throw new Error('the bundler names classes in a way that is not known here');
  return text.replace(NAMES.helper, NAMES.ours).replace(NAMES.inClass, '$1__className(this,');
}

/** One letter beyond Latin would make all of it take two bytes a letter in memory. They are in regular expressions alone. */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Puts the compiled modules of the service in `dist/modules` together with the packages that they use, into `dist/main.js`: finding,
 * reading and linking two thousand modules was most of a start. Nothing is made shorter, so that stacks and profiles can be
 * read; each module begins with its path, and `node --enable-source-maps` shows the lines of `src`.
 */
async function bundle(program) {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [`dist/modules/${program}.js`],
    outfile: `dist/${program}.js`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...NATIVE, ...ABSENT],
    banner: { js: REQUIRE },
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    write: false,
  });
  for (const { path, text } of outputFiles) {
    const isMap = path.endsWith('.map');
    await writeFile(path, isMap ? text : inAscii(withClassNames(text)));
  }
}

await mkdir(dist, { recursive: true });
await bundle(SERVICE);
for (const tool of TOOLS) await writeFile(join(dist, `${tool}.js`), `import './modules/${tool}.js';\n`);
