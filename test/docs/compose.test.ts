import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { API_PORT } from '../../src/api/api-settings.js';
import { CODEC_PORT } from '../../src/codec-server/codec-server-settings.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { asteriskSettings } from '../../src/telephony/asterisk/asterisk-settings.js';
import { requiredCodec } from '../../src/temporal/codec/codec-settings.js';
import { temporalSettings } from '../../src/temporal/connect.js';
import { DEV_SERVER_NAMESPACE } from '../../src/temporal/servers/dev-server-arguments.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Service {
  image?: string;
  build?: string | { context: string; target: string };
  network_mode?: string;
  volumes?: string[];
  ports?: string[];
  environment?: Record<string, string>;
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
  command?: string[];
  profiles?: string[];
  healthcheck?: { test: string[] };
}
const compose = parse(await read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
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
    for (const { image, build } of Object.values(compose.services)) {
      if (build === undefined) expect(image).toMatch(/:\d+\.\d+/);
    }
    expect(await read('Dockerfile')).toMatch(/^FROM node:\d+\.\d+/);
  });

  it('gives the worker variables that the code reads, and the ports of the development stack', async () => {
    const settings = await read('docs/reference/settings.md');
    for (const service of [
      compose.services.worker,
      compose.services.api,
      compose.services['codec-server'],
      compose.services.bridge,
    ])
      for (const name of Object.keys(service?.environment ?? {})) expect(settings).toContain(`\`${name}\``);
    const stack = await read('src/stack/development.ts');
    const port = (name: string) => new RegExp(`const ${name} = (\\d+)`).exec(stack)?.[1];
    expect(compose.services.temporal?.ports).toEqual([`127.0.0.1:${port('PORT')}:7233`]);
    expect(compose.services['temporal-ui']?.ports).toEqual([`127.0.0.1:${port('UI_PORT')}:8080`]);
    expect(compose.services.worker?.environment?.TEMPORAL_ADDRESS).toBe('temporal:7233');
  });

  it('makes the database of the store, and gives it to worker and API', () => {
    const { configs, services } = compose;
    expect(configs['hookline-database']?.content).toBe('CREATE DATABASE hookline;');
    for (const service of [services.worker, services.api])
      expect(new URL(service?.environment?.DATABASE_URL ?? '').pathname).toBe('/hookline');
  });

  it('has the API for those who ask for it: a command that there is, its port on this machine, and the settings of the worker', async () => {
    const { command, ports, profiles, environment = {} } = compose.services.api ?? {};
    expect(command?.slice(0, 2)).toEqual(['node', 'bin/hookline.js']);
    expect(Object.keys(COMMANDS)).toContain(command?.[2]);
    expect(ports).toEqual([`127.0.0.1:${API_PORT}:${API_PORT}`]);
    expect(profiles).toEqual(['http']);
    const worker = compose.services.worker?.environment ?? {};
    for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'HOOKLINE_BRIDGE_SECRET', 'HOOKLINE_BRIDGE_URLS'])
      expect(`${name} ${environment[name]}`).toBe(`${name} ${worker[name]}`);
  });

  it('C6: gives worker, API and codec server the same keys, and goes without only when it is told to', () => {
    const { worker, api, 'codec-server': codec } = compose.services;
    for (const service of [worker, api, codec])
      expect(service?.environment).toMatchObject({
        HOOKLINE_CODEC_KEYS: '${HOOKLINE_CODEC_KEYS:-}',
        HOOKLINE_CODEC: '${HOOKLINE_CODEC:-}',
      });
    const unset = { HOOKLINE_CODEC_KEYS: '', HOOKLINE_CODEC: '' };
    expect(() => requiredCodec(unset)).toThrow(expect.objectContaining({ code: 'CODEC_REQUIRED' }));
    expect(requiredCodec({ ...unset, HOOKLINE_CODEC: 'off' })).toBeNull();
  });

  it('has the codec server for those who ask for it, on this machine, with a token', () => {
    const { command, ports, profiles, environment } = compose.services['codec-server'] ?? {};
    expect(Object.keys(COMMANDS)).toContain(command?.[2]);
    expect(ports).toEqual([`127.0.0.1:${CODEC_PORT}:${CODEC_PORT}`]);
    expect(profiles).toEqual(['codec']);
    expect(environment?.HOOKLINE_CODEC_TOKEN).toBe('${HOOKLINE_CODEC_TOKEN:-}');
  });

  it('has telephones for those who ask for them: an Asterisk and its bridge, which share the loopback, a folder and a password', async () => {
    const { asterisk, bridge, worker } = compose.services;
    for (const service of [asterisk, bridge])
      expect(service).toMatchObject({ profiles: ['phone'], network_mode: 'host', volumes: expect.arrayContaining(['bridge:/var/lib/hookline']) }); // prettier-ignore
    expect(await read('ops/asterisk/http.conf')).toContain('bindaddr = 127.0.0.1');
    expect(asterisk?.environment?.HOOKLINE_ARI_PASSWORD).toBe(bridge?.environment?.HOOKLINE_ARI_PASSWORD);
    const { TEMPORAL_ADDRESS, HOOKLINE_API_URL, HOOKLINE_BRIDGE_SECRET } = bridge?.environment ?? {};
    expect(compose.services.temporal?.ports).toEqual([`${TEMPORAL_ADDRESS}:7233`]);
    expect(compose.services.api?.ports).toEqual([`${new URL(HOOKLINE_API_URL ?? '').host}:${API_PORT}`]);
    expect(HOOKLINE_BRIDGE_SECRET).toBe(worker?.environment?.HOOKLINE_BRIDGE_SECRET);
    expect(bridge?.build).toEqual({ context: '.', target: 'bridge' });
    const [, stage = ''] = /AS bridge\n([\s\S]+?)\n\nFROM/.exec(await read('Dockerfile')) ?? [];
    expect(stage).toContain(
      'CMD ["node", "bin/hookline.js", "bridge", "asterisk", "--config", "/etc/hookline/bridge.json"]',
    );
    expect(Object.keys(COMMANDS)).toContain('bridge');
    for (const program of ['espeak-ng', 'sox']) expect(stage).toContain(program);
  });

  it('the bridge has settings that are valid, in the folder that both share, and a trunk that Asterisk reads', async () => {
    const settings = asteriskSettings.parse(JSON.parse(await read('ops/asterisk/bridge.json')));
    expect(settings.home).toBe('/var/lib/hookline');
    expect(settings.trunks.map(({ endpoint }) => endpoint)).toEqual(['PJSIP/{number}', 'PJSIP/{number}@carrier']);
    expect(await read('ops/asterisk/pjsip.conf')).toMatch(/^#tryinclude trunk\.conf$/m);
    const trunk = await read('ops/asterisk/trunk.conf.example');
    for (const line of ['[carrier]', 'context = in', 'direct_media = no', 'allow_transfer = no'])
      expect(trunk).toContain(line);
    expect(await read('ops/asterisk/extensions.conf')).toMatch(/^\[in\]$/m);
  });

  it.each([
    ['', 'p'.repeat(16), 'HOOKLINE_ARI_PASSWORD'],
    ['p'.repeat(16), 'short', 'SIP_DEMO_PASSWORD'],
    ['p'.repeat(16), `${'p'.repeat(16)}\n[stranger]`, 'SIP_DEMO_PASSWORD'],
    ['p'.repeat(16), 'q'.repeat(16), null],
  ])('Asterisk starts with both passwords of the environment, or not at all: %j, %j', async (ari, demo, faulty) => {
    const folder = await mkdtemp(join(tmpdir(), 'hookline-etc-'));
    try {
      const at = (path: string) => fileURLToPath(new URL(`../../ops/asterisk/${path}`, import.meta.url));
      const env = { PATH: process.env.PATH, ASTERISK: 'true', HOOKLINE_ARI_PASSWORD: ari, SIP_DEMO_PASSWORD: demo };
      const started = promisify(execFile)('sh', [at('start.sh'), folder, at('')], { env });
      if (faulty !== null) return await expect(started).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(faulty) }); // prettier-ignore
      await started;
      const [ariConf, pjsip] = await Promise.all(['ari', 'pjsip'].map((name) => readFile(join(folder, `${name}.conf`), 'utf8'))); // prettier-ignore
      expect(ariConf).toContain(`password = ${ari}`);
      expect(pjsip).toContain(`password = ${demo}`);
      expect(`${ariConf}${pjsip}`).not.toContain('CHANGE');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('asks worker and API whether they are ready, by Node alone, where they answer', () => {
    const { worker, api } = compose.services;
    const asks = [worker, api].map((service) => service?.healthcheck?.test.join(' ') ?? '');
    expect(worker?.environment?.HOOKLINE_HEALTH_ADDRESS).toBe('127.0.0.1:8182');
    expect(asks).toEqual([
      expect.stringMatching(/^CMD node -e fetch\('http:\/\/127\.0\.0\.1:8182\/health\/ready'\)/),
      expect.stringMatching(new RegExp(`^CMD node -e fetch\\('http://127\\.0\\.0\\.1:${API_PORT}/health/ready'\\)`)),
    ]);
  });

  it('lets the worker drain before it is killed', async () => {
    const grace = /shutdownGraceTime: '(\d+) seconds'/.exec(await read('src/temporal/worker.ts'))?.[1];
    const period = /^(\d+)s$/.exec(compose.services.worker?.stop_grace_period ?? '')?.[1];
    expect(Number(period)).toBeGreaterThan(Number(grace));
  });

  it('gives the server the settings that the development server has', async () => {
    const ours = await read('src/temporal/servers/dev-server-arguments.ts');
    const settings = parse(compose.configs.dynamicconfig?.content ?? '') as Record<string, { value: unknown }[]>;
    for (const [name, [entry]] of Object.entries(settings)) {
      const value = typeof entry?.value === 'string' ? `'${entry.value}'` : String(entry?.value);
      expect(ours).toContain(`'${name}': ${value}`);
    }
    expect(Object.keys(settings)).toContain('history.timerProcessorMaxTimeShift');
  });

  it('gives the server each setting that docs/reference/settings.md recommends elsewhere, and no other', async () => {
    const page = await read('docs/reference/settings.md');
    const recommended = [...page.matchAll(/^\| `([a-z]+\.\w+)` \|.*\| recommended \|$/gim)].map(([, name]) => name);
    expect(Object.keys(parse(compose.configs.dynamicconfig?.content ?? '') as object)).toEqual(recommended);
  });

  it('starts each service when what it needs is there', () => {
    const needs = (service: string) =>
      Object.entries(compose.services[service]?.depends_on ?? {}).map(
        ([name, { condition }]) => `${name} ${condition}`,
      );
    expect(needs('temporal-schema')).toEqual(['postgres service_healthy']);
    expect(needs('temporal')).toEqual(['temporal-schema service_completed_successfully']);
    expect(needs('temporal-namespace')).toEqual(['temporal service_started']);
    expect(needs('worker')).toEqual(['temporal-namespace service_completed_successfully']);
  });

  it('makes the namespace of the worker, which is the default of the code', () => {
    const namespace = compose.services.worker?.environment?.TEMPORAL_NAMESPACE;
    expect(namespace).toBe(temporalSettings({}).namespace);
    expect(namespace).toBe(DEV_SERVER_NAMESPACE);
    expect(compose.services['temporal-namespace']?.command?.join(' ')).toContain(`namespace create -n ${namespace} `);
  });

  it('runs the worker by a command that there is, on a Node that the package allows', async () => {
    const dockerfile = await read('Dockerfile');
    const { engines, bin } = JSON.parse(await read('package.json')) as {
      engines: { node: string };
      bin: { hookline: string };
    };
    expect(dockerfile).toContain(`CMD ["node", "${bin.hookline}", "worker"]`);
    expect(await read('src/cli/worker.ts')).toContain("new Command('worker')");
    const version = /FROM node:(\d+\.\d+)/.exec(dockerfile)?.[1];
    expect(Number(version)).toBeGreaterThanOrEqual(Number(engines.node.replace('>=', '')));
  });
});
