/**
 * Second half of the build: the workflow bundles, so that a worker starts without webpack, the JSON Schemas, and an empty
 * database, so that a stack starts without making one.
 * @module
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SCHEMAS, jsonSchema } from './flow/documents/json-schema.js';
import { writeEmptyDatabase } from './store/empty-database.js';
import { type BundleKind, BUNDLES, buildWorkflowBundle } from './temporal/bundle.js';

for (const kind of Object.keys(BUNDLES) as BundleKind[])
  await writeFile(new URL(BUNDLES[kind], import.meta.url), await buildWorkflowBundle(kind));
const folder = new URL('schema/', import.meta.url);
await mkdir(fileURLToPath(folder), { recursive: true });
for (const name of SCHEMAS) {
  await writeFile(new URL(`${name}.schema.json`, folder), `${JSON.stringify(jsonSchema(name), null, 2)}\n`);
}
await writeEmptyDatabase();
