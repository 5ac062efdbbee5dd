import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Service {
  image?: string;
  build?: string;
  ports?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
}
const compose = parse(await read('docker-compose.yml')) as {
  services: Record<string, Service>;
  configs: { dynamicconfig: { content: string } };
};

describe('docker-compose.yml', () => {
  it('has PostgreSQL, schema set-up, server, UI and worker, every image pinned', async () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'postgres',
        'temporal-schema',
        'temporal',
        'temporal-namespace',
        'temporal-ui',
        'worker',
      ]),
    );
    for (const { image } of Object.values(compose.services)) {
      if (image) expect(image).toMatch(/:\d+\.\d+/);
    }
    expect(await read('Dockerfile')).toMatch(/^FROM node:\d+\.\d+/);
  });

  it('gives the worker variables that the code reads, and the ports of the development stack', async () => {
    const settings = await read('docs/reference/settings.md');
    for (const name of Object.keys(compose.services.worker?.environment ?? {}))
      expect(settings).toContain(`\`${name}\``);
    const stack = await read('src/stack/development.ts');
    const port = (name: string) => new RegExp(`const ${name} = (\\d+)`).exec(stack)?.[1];
    expect(compose.services.temporal?.ports).toEqual([`127.0.0.1:${port('PORT')}:7233`]);
    expect(compose.services['temporal-ui']?.ports).toEqual([`127.0.0.1:${port('UI_PORT')}:8080`]);
    expect(compose.services.worker?.environment?.TEMPORAL_ADDRESS).toBe('temporal:7233');
  });

  it('lets the worker drain before it is killed', async () => {
    const grace = /shutdownGraceTime: '(\d+) seconds'/.exec(await read('src/temporal/worker.ts'))?.[1];
    const period = /^(\d+)s$/.exec(compose.services.worker?.stop_grace_period ?? '')?.[1];
    expect(Number(period)).toBeGreaterThan(Number(grace));
  });

  it('gives the server the settings that the development server has', async () => {
    const ours = await read('src/temporal/servers/dev-server-arguments.ts');
    const settings = parse(compose.configs.dynamicconfig.content) as Record<string, { value: unknown }[]>;
    for (const [name, [entry]] of Object.entries(settings)) {
      const value = typeof entry?.value === 'string' ? `'${entry.value}'` : String(entry?.value);
      expect(ours).toContain(`'${name}': ${value}`);
    }
    expect(Object.keys(settings)).toContain('history.timerProcessorMaxTimeShift');
  });
});
