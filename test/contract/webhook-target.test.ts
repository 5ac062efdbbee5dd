import type * as Dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAddress } from '../../src/flow/documents/ip-address.js';
import { inside, isForbidden, METADATA } from '../../src/http/forbidden-addresses.js';
import { Sender } from '../../src/http/send.js';
import { TargetPolicy } from '../../src/http/target.js';
import { createWebhookActivities } from '../../src/activities/webhook.js';
import { answer, runTask, Target, taskFor } from '../support/target.js';

/** Names of the tests' own: each look-up takes the next answer, the last for all that follow. */
const dns = vi.hoisted(() => new Map<string, string[][]>());
vi.mock('node:dns', async (original) => {
  const real = await original<typeof Dns>();
  type Callback = (error: Error | null, found: Dns.LookupAddress[]) => void;
  const lookup = (name: string, options: { all: true }, callback: Callback) => {
    const answers = dns.get(name);
    if (!answers) return real.lookup(name, options, callback);
    const found = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { ...real, lookup, default: { ...real, lookup } };
});

let target: Target;
beforeAll(async () => {
  target = await Target.start();
  target.on('/', answer(200, 'secret of the inside'));
});
afterAll(() => target.stop());
beforeEach(() => {
  target.received.length = 0;
  dns.clear();
});

const get = (host: string, targetAllowList: string[], activities = createWebhookActivities()) =>
  runTask(taskFor({ request: { url: target.url('/', host) } }, { rules: { targetAllowList }, timeout: 3 }), activities);

describe('W10: redirects', () => {
  it.each([301, 302, 303, 307, 308])('W10: a redirect (%i) is not followed and gives REDIRECTION', async (status) => {
    target.on('/from', answer(status, 'moved', { location: target.url('/') }));
    const outcome = await runTask(taskFor({ request: { url: target.url('/from') } }));
    expect(outcome).toMatchObject({
      line: 'failure',
      reason: 'REDIRECTION',
      statusCode: status,
      raw: 'moved',
      attempts: 1,
    });
    expect(target.received).toHaveLength(1);
  });
});

describe('W11: addresses', () => {
  it.each([
    ['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.9'],
    ['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.1.1', '198.18.0.1', '198.19.255.1'],
    ['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', '100.100.100.200'],
    ['::', '::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1', '100::1'],
    [
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::127.0.0.1',
      '::ffff:0:10.0.0.1',
      '::ffff:a9fe:a9fe',
      '0:0:0:0:0:ffff:10.0.0.1',
    ],
    ['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::8.8.8.8', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2001:0:1::1'],
  ])('W11: %s and the others of its kind are refused', (...addresses) => {
    const policy = new TargetPolicy([]);
    for (const address of addresses) expect(policy.permits(address), address).toBe(false);
  });

  it('W11: metadata addresses of all clouds are refused, the public one of Azure too, in every form', () => {
    const policy = new TargetPolicy([]);
    const azure = ['168.63.129.16', '::ffff:168.63.129.16', '64:ff9b::a83f:8110', '2002:a83f:8110::1'];
    for (const address of [...METADATA, ...azure]) expect(policy.permits(address), address).toBe(false);
    for (const address of ['168.63.129.15', '168.63.129.17']) expect(policy.permits(address), address).toBe(true);
    expect(METADATA).toEqual(
      expect.arrayContaining(['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254']),
    );
  });

  it('W11: public addresses are not refused, inside NAT64 and 6to4 neither', () => {
    const policy = new TargetPolicy([]);
    const addresses = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '192.0.2.1', '198.20.0.1', '223.255.255.255'];
    const carried = ['2606:4700::1111', '64:ff9b::8.8.8.8', '2002:808:808::1', '::ffff:8.8.8.8'];
    for (const address of [...addresses, ...carried]) expect(policy.permits(address), address).toBe(true);
  });

  it('W11: what is no address is refused', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', ':::', '[', '12345::']) {
      expect(new TargetPolicy(['0.0.0.0/0', '::/0']).permits(text)).toBe(false);
    }
  });

  it('W11: an address inside another is found', () => {
    const address = parseAddress('2002:c0a8:0101::5');
    expect(address && inside(address)).toEqual(parseAddress('192.168.1.1'));
    expect(address && isForbidden(address)).toBe(true);
  });

  it('W11: an allow-list takes addresses, CIDRs, hosts and hosts below a name', () => {
    const policy = new TargetPolicy([
      ' 10.1.0.0/16',
      '127.0.0.1',
      'fd12::/16',
      'API.Local',
      '*.intern.example',
      '[::1]',
    ]);
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', 'fd12::9', '::1', '64:ff9b::10.1.0.1']) {
      expect(policy.permits(address), address).toBe(true);
    }
    for (const address of ['10.2.0.1', '127.0.0.2', 'fd13::9', '::2']) {
      expect(policy.permits(address), address).toBe(false);
    }
    for (const host of ['api.local', 'Api.LOCAL.', 'a.intern.example', 'a.b.intern.example']) {
      expect(policy.exempts(host), host).toBe(true);
    }
    for (const host of ['xapi.local', 'intern.example', 'evilintern.example', 'a.api.local']) {
      expect(policy.exempts(host), host).toBe(false);
    }
  });

  it('W11: an entry that is no valid CIDR exempts nothing', () => {
    const policy = new TargetPolicy(['127.0.0.1/33', '127.0.0.0/8/1', '127.0.0.0/-1', '127.0.0.0/', '']);
    expect(policy.permits('127.0.0.1')).toBe(false);
  });

  it('C4, W11: a port in an entry that was stored before is ignored, as it was', () => {
    const policy = new TargetPolicy(['127.0.0.1:8080', 'api.local:8443', '[fd12::1]:80']);
    expect(policy.permits('127.0.0.1')).toBe(true);
    expect(policy.permits('fd12::1')).toBe(true);
    expect(policy.exempts('api.local')).toBe(true);
  });
});

describe('W11: requests', () => {
  it.each([
    ['127.0.0.1'],
    ['2130706433'],
    ['0177.0.0.1'],
    ['0x7f.1'],
    ['127.1'],
    ['0'],
    ['localhost'],
    ['LOCALHOST'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
    ['[::1]'],
    ['[::]'],
    ['[64:ff9b::7f00:1]'],
    ['①②⑦.0.0.1'],
  ])('W11: %s is refused, and nothing is sent', async (host) => {
    const connections = target.connections;
    const outcome = await get(host, []);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0, rows: [] });
    expect(outcome.detail).toMatch(/not public.*targetAllowList/);
    expect(target.connections).toBe(connections);
  });

  it('W11: a name that resolves to a private address is refused', async () => {
    dns.set('inside.test', [['127.0.0.1']]);
    expect(await get('inside.test', [])).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(target.received).toHaveLength(0);
  });

  it('W11: of several addresses only those that are allowed are connected to', async () => {
    dns.set('mixed.test', [['10.255.255.1', '127.0.0.1', '169.254.169.254']]);
    expect(await get('mixed.test', ['127.0.0.1'])).toMatchObject({ line: 'success' });
  });

  it('W11: the address that is checked is the one connected to, whatever the name says next', async () => {
    // Each connection looks the name up once: a check of its own beforehand would have taken the first answer.
    dns.set('rebind.test', [['127.0.0.1'], ['127.0.0.2']]);
    expect(await get('rebind.test', ['127.0.0.1'])).toMatchObject({ line: 'success' });
    expect(await get('rebind.test', ['127.0.0.1'])).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
  });

  it('W11: a host in targetAllowList is exempt, whatever it resolves to', async () => {
    dns.set('api.inside.test', [['127.0.0.1']]);
    for (const entry of ['api.inside.test', 'API.Inside.Test', '*.inside.test']) {
      expect(await get('api.inside.test', [entry])).toMatchObject({ line: 'success', raw: 'secret of the inside' });
    }
  });

  it('W11: an address or CIDR in targetAllowList is exempt, by number or by name', async () => {
    expect(await get('127.0.0.1', ['127.0.0.0/8'])).toMatchObject({ line: 'success' });
    expect(await get('localhost', ['127.0.0.1', '::1'])).toMatchObject({ line: 'success' });
    expect(await get('0x7f.1', ['127.0.0.1'])).toMatchObject({ line: 'success' });
  });

  it('W11: the list only exempts: it restricts no public target, and lifts no other rule', async () => {
    expect(new TargetPolicy(['10.0.0.0/8']).permits('8.8.8.8')).toBe(true);
    const rules = { httpEnabled: false, targetAllowList: ['127.0.0.1'] };
    expect(await runTask(taskFor({ request: { url: target.url('/') } }, { rules }))).toMatchObject({
      reason: 'INVALID_REQUEST',
    });
  });

  it('W11: a deployment may switch the lists of accounts off', async () => {
    const activities = createWebhookActivities({ accountTargetLists: false });
    expect(await get('127.0.0.1', ['127.0.0.1'], activities)).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
  });

  it('W11: a connection of an account with an exemption never serves one without', async () => {
    const activities = createWebhookActivities();
    for (const host of ['127.0.0.1', 'localhost']) {
      const allow = [host, '127.0.0.1'];
      expect(await get(host, allow, activities)).toMatchObject({ line: 'success' });
      // undici takes a connection as free a turn of the event loop after its answer.
      await sleep(20);
      const { connections } = target;
      expect(await get(host, allow, activities)).toMatchObject({ line: 'success' });
      expect(target.connections, 'its own connection is used again').toBe(connections);
      const sent = target.received.length;
      expect(await get(host, [], activities)).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
      expect(await get(host, ['10.0.0.0/8'], activities)).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
      expect(target.received).toHaveLength(sent);
    }
  });

  it('W11: a refusal opens no circuit', async () => {
    const sender = new Sender();
    const activities = createWebhookActivities({}, sender);
    for (let i = 0; i < 15; i++) await get('localhost', [], activities);
    expect(sender.breakerStates()).toEqual([]);
  });

  it('W11: a detail names the host only when it stands in the flow', async () => {
    dns.set('hidden.test', [['10.0.0.1']]);
    expect((await get('hidden.test', [])).detail).toContain('hidden.test');
    const variables = { '$flow.key.host': 'hidden.test' };
    const outcome = await runTask(taskFor({ request: { url: 'http://$flow.key.host/' } }, { variables }));
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST' });
    expect(JSON.stringify(outcome)).not.toContain('hidden');
  });
});
