import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/say.mjs';

const USAGE =
  'Usage: npm run bench [-- --quick] [--only ID[,ID]]   (an ID may end in *; --list shows them all)';

/** What was asked: everything or some rows, at full or at small sizes. Throws a Sentence when it is not understood. */
export function readArguments(args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
      },
    });
    return { ...values, only: values.only.flatMap((ids) => ids.split(',')).filter(Boolean) };
  } catch (error) {
    throw new Sentence(`${error.message}\n${USAGE}`);
  }
}

/** Whether a row was asked for: no `--only` asks for all of them. */
export function isWanted(only, id) {
  return (
    only.length === 0 ||
    only.some((one) => (one.endsWith('*') ? id.startsWith(one.slice(0, -1)) : id === one))
  );
}
