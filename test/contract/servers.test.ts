/** The servers that we start: they keep calls in their file, know our search attributes and leave no orphan. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectClient } from '../../src/temporal/connect.js';
import { ensureSearchAttributes, SEARCH_ATTRIBUTES } from '../../src/temporal/register-search-attributes.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { startDevServer, type DevServer } from '../../src/temporal/servers/dev-server.js';
import { createTimeSkippingEnvironment } from '../../src/temporal/servers/time-skipping.js';

const silent = () => {};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-servers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const servers: DevServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));
async function start(options: Partial<Parameters<typeof startDevServer>[0]> = {}): Promise<DevServer> {
  const server = await startDevServer({ say: silent, ...options });
  servers.push(server);
  return server;
}

async function startWorkflow({ address }: DevServer, workflowId: string): Promise<void> {
  const { connection, client } = await connectClient(address);
  await client.workflow.start('call', { workflowId, taskQueue: 'nobody' });
  await connection.close();
}

async function statusOf({ address }: DevServer, workflowId: string): Promise<string> {
  const { connection, client } = await connectClient(address);
  const { status } = await client.workflow.getHandle(workflowId).describe();
  await connection.close();
  return status.name;
}

describe('a development server', () => {
  it('keeps calls in its file when it is stopped, and when it is killed', async () => {
    const dbFilename = join(folder, 'kept.db');
    const first = await start({ dbFilename });
    await startWorkflow(first, 'before-stop');
    await first.stop();
    expect(existsSync(`${dbFilename}.pid`)).toBe(false);
    const second = await start({ dbFilename });
    await startWorkflow(second, 'before-kill');
    process.kill(second.pid, 'SIGKILL');
    const third = await start({ dbFilename });
    expect(await statusOf(third, 'before-stop')).toBe('RUNNING');
    expect(await statusOf(third, 'before-kill')).toBe('RUNNING');
  });

  it('does not start on a file that another server uses', async () => {
    const dbFilename = join(folder, 'shared.db');
    const { pid } = await start({ dbFilename });
    await expect(start({ dbFilename })).rejects.toThrow(`Process ${pid} uses the database ${dbFilename}`);
  });

  it('has its UI where it says', async () => {
    const { uiUrl } = await start({ uiPort: await freePort() });
    expect((await fetch(uiUrl!)).status).toBe(200);
  });

  it('gives the words of the server when it cannot start', async () => {
    const dbFilename = join(folder, 'no-database.txt');
    await writeFile(dbFilename, 'This is a text and no database at all. '.repeat(200));
    await expect(start({ dbFilename })).rejects.toThrow(/ended while starting.*not a database/s);
    expect(existsSync(`${dbFilename}.pid`)).toBe(false);
  });

  it('does not take the server of a stranger for its own', async () => {
    const port = await freePort();
    await start({ port });
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use`);
  });

  it('can be stopped twice, and after it has gone by itself', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGKILL');
    await server.gone;
    await server.stop();
    await server.stop();
  });
});

describe('search attributes', () => {
  const ALL = { searchAttributes: true, findsBridges: true };
  const NONE = { searchAttributes: false, findsBridges: false };

  it('are there from the start on our own server, and registered on a namespace without them', async () => {
    const server = await start();
    const { connection } = await connectClient(server.address);
    const said: string[] = [];
    expect(await ensureSearchAttributes(connection, 'default', (line) => void said.push(line))).toEqual(ALL);
    expect(said).toEqual([]);
    await connection.workflowService.registerNamespace({
      namespace: 'bare',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    expect(await ensureSearchAttributes(connection, 'bare', (line) => void said.push(line))).toEqual(ALL);
    expect(said[0]).toContain(SEARCH_ATTRIBUTES[0]!.name);
    await connection.close();
  });

  it('that exist with another type, or cannot be asked for, are done without', async () => {
    const server = await start();
    const { connection } = await connectClient(server.address);
    const said: string[] = [];
    await connection.workflowService.registerNamespace({
      namespace: 'taken',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const searchAttributes = { [SEARCH_ATTRIBUTES[0]!.name]: 3 };
    await connection.operatorService.addSearchAttributes({ namespace: 'taken', searchAttributes });
    expect(await ensureSearchAttributes(connection, 'taken', (line) => void said.push(line))).toEqual(NONE);
    expect(said[0]).toContain('another type');
    await connection.close();
    expect(await ensureSearchAttributes(connection, 'default', (line) => void said.push(line))).toEqual(NONE);
    expect(said[1]).toContain('Calls run without search attributes');
  });

  it('B8: without HooklineBridge calls have the others, and no bridge node is watched', async () => {
    const server = await start();
    const { connection } = await connectClient(server.address);
    const said: string[] = [];
    await connection.workflowService.registerNamespace({
      namespace: 'half',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await connection.operatorService.addSearchAttributes({
      namespace: 'half',
      searchAttributes: { HooklineBridge: 3 },
    });
    const usable = await ensureSearchAttributes(connection, 'half', (line) => void said.push(line));
    expect(usable).toEqual({ searchAttributes: true, findsBridges: false });
    expect(said[1]).toMatch(/No bridge node is watched.*another type/);
    await connection.close();
  });

  it('are there on the time-skipping server, however often one asks', async () => {
    const environment = await createTimeSkippingEnvironment();
    expect(await ensureSearchAttributes(environment.connection, 'default', silent)).toEqual(ALL);
    await environment.teardown();
  });
});

describe('no server outlives its parent', () => {
  const built = fileURLToPath(new URL('../../dist/temporal/servers/', import.meta.url));

  it('a development server ends when its parent was killed', async () => {
    const { child, pids } = await parent(`
      const { startDevServer } = await import(${JSON.stringify(join(built, 'dev-server.js'))});
      const server = await startDevServer({ say() {}, dbFilename: ${JSON.stringify(join(folder, 'orphan.db'))} });
      console.log('pid ' + server.pid);
      setInterval(() => {}, 1000);`);
    child.kill('SIGKILL');
    expect(await goneWithin(pids[0]!, 10)).toBe(true);
  });

  it('a development server ends when its parent just ends, which it does not hinder', async () => {
    const { child, pids } = await parent(`
      const { startDevServer } = await import(${JSON.stringify(join(built, 'dev-server.js'))});
      console.log('pid ' + (await startDevServer({ say() {} })).pid);`);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(await goneWithin(pids[0]!, 10)).toBe(true);
  });

  it('a time-skipping server ends when its parent was killed', async () => {
    const { child, pids } = await parent(`
      const { createTimeSkippingEnvironment } = await import(${JSON.stringify(join(built, 'time-skipping.js'))});
      const { execFileSync } = await import('node:child_process');
      await createTimeSkippingEnvironment();
      const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\\n')
        .map((line) => line.trim().split(/\\s+/)).filter(([, ppid, command]) => ppid === String(process.pid) && command !== 'ps');
      console.log(children.map(([pid]) => 'pid ' + pid).join('\\n'));`);
    expect(pids).toHaveLength(1);
    child.kill('SIGKILL');
    expect(await goneWithin(pids[0]!, 10)).toBe(true);
  });
});

/** Runs a script in a process of its own until it has printed `pid N`. */
async function parent(script: string): Promise<{ child: ChildProcess; pids: number[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    output += chunk.toString();
    if (/pid \d+\n/.test(output)) break;
  }
  return { child, pids: [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid)) };
}

async function goneWithin(pid: number, seconds: number): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
