/** Licences that ask nothing of who runs the service but to be named. What is not here needs a person to look at it. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
]);

/** What runs in production: by the lock file, without what is there for development only. */
export function shippedPackages(lock) {
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, link }]) => path !== '' && !dev && !devOptional && !link)
    .map(([path, { version, license, integrity }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license: license ?? 'unknown',
      integrity,
    }))
    .sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

/** `(MIT OR CC0-1.0)` lets us choose, `MIT AND ISC` binds to both. */
function isAllowed(license) {
  const parts = license.replace(/[()]/g, '').split(' AND ');
  return parts.every((part) => part.split(' OR ').some((one) => ALLOWED.has(one)));
}

export function refusedPackages(lock) {
  return shippedPackages(lock).filter(({ license }) => !isAllowed(license));
}

/** The page: how many packages under which licence, and each of them. */
export function licencesPage(lock) {
  const packages = shippedPackages(lock);
  const licences = [...new Set(packages.map(({ license }) => license))].sort();
  const lists = licences.map((license) => {
    const under = packages.filter((one) => one.license === license);
    const names = [...new Set(under.map(({ name, version }) => `- ${name} ${version}`))];
    return `## ${license}\n\n${names.join('\n')}\n`;
  });
  const head = `# Licences

What runs in production and under which licence, by the lock file; written by \`npm run licences\`. A test fails when
this page is not current, and when a package comes with a licence that nobody has looked at.
`;
  return [head, ...lists].join('\n');
}
