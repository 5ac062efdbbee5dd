// Prints the licence of every package that Hookline installs with itself, as docs/supply-chain.md lists them.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const byLicence = new Map();
for (const [place, { dev, license = 'unknown' }] of Object.entries(packages)) {
  if (place === '' || dev) continue;
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  byLicence.set(license, (byLicence.get(license) ?? new Set()).add(name));
}
for (const [licence, names] of [...byLicence].sort(([a], [b]) => a.localeCompare(b, 'en')))
  console.log(
    `| ${licence} | ${names.size} | ${[...names]
      .sort()
      .map((name) => `\`${name}\``)
      .join(', ')} |`,
  );
