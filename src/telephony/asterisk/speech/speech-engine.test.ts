import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PromptCache } from './prompt-cache.js';
import { commandEngine, ESPEAK, httpEngine, type SpeechStyle } from './speech-engine.js';

/** A program that says how it was called, instead of speaking; it knows no language with a region but en-IN. */
const ECHO = `
  const args = process.argv.slice(1);
  if (/^(?!en-IN)[a-z]+-/.test(args[0])) process.exit(1);
  let text = '';
  process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => process.stdout.write(JSON.stringify([...args, text])));`;
const engine = commandEngine([process.execPath, '-e', ECHO, '{voice}', '{ssml:--ssml}']);
const said = async (style: SpeechStyle) => JSON.parse((await engine.speak('Hi', style)).toString()) as unknown;

it('D2d: a program speaks in the voice, else the language, of each prompt, and reads SSML where it says how', async () => {
  expect(await said({})).toEqual(['en', 'Hi']);
  expect(await said({ language: 'hi' })).toEqual(['hi', 'Hi']);
  expect(await said({ language: 'hi', voice: '-Zoe' })).toEqual(['Zoe', 'Hi']);
  expect(await said({ ssml: '<speak>Hi</speak>' })).toEqual(['en', '--ssml', '<speak>Hi</speak>']);
  const plain = commandEngine([process.execPath, '-e', ECHO, '{language}']);
  expect(JSON.parse((await plain.speak('Hi', { ssml: '<speak>Hi</speak>' })).toString())).toEqual(['en', 'Hi']);
  expect(ESPEAK).toContain('{ssml:-m}');
});

it('D2d: a program that knows no region is asked for the language alone', async () => {
  expect(await said({ language: 'hi-IN' })).toEqual(['hi', 'Hi']);
  expect(await said({ language: 'en-IN' })).toEqual(['en-IN', 'Hi']);
});

it('D2d: an engine over HTTP gets text, language, voice and SSML', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request
      .on('data', (chunk) => (body += String(chunk)))
      .on('end', () => {
        bodies.push(body);
        response.end('sound');
      });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const style = { language: 'hi', voice: 'Zoe', ssml: '<speak>Hi</speak>' };
  await httpEngine(`http://127.0.0.1:${port}/`).speak('Hi', style);
  expect(JSON.parse(bodies[0] ?? '')).toEqual({ text: 'Hi', ...style });
  server.close();
});

it('D2d: the same text in another language or voice is another sound', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-prompts-'));
  const copy = [
    process.execPath,
    '-e',
    'const fs=require("fs");const a=process.argv;fs.copyFileSync(a[2],a.at(-1))',
    '--',
  ];
  const cache = new PromptCache({ folder, engine, sox: copy, prompts: null });
  const files = [{}, { language: 'hi' }, { voice: 'Zoe' }, { ssml: '<speak>Hi</speak>' }, {}].map((style) =>
    cache.file({ text: 'Hi', ...style }),
  );
  expect(new Set(await Promise.all(files)).size).toBe(4);
  await rm(folder, { recursive: true });
});
