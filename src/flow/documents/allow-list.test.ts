import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesSource, parseSourceEntry, parseTargetEntry } from './allow-list.js';
import { parseAddress } from './ip-address.js';

const SLIPS = [
  ...['', ' ', '*', 'http://127.0.0.1', 'http://x', '127.0.0.0/33', '127.0.0.*', '127.0.0.1/', '127.0.0.1-127.0.0.9'],
  ...[
    '10.0.0.0//',
    '::/',
    '10.0.0.0/1e0',
    '10.0.0.0/abc',
    '10.0.0.5/255.0.0.0',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
  ],
  ...['10.0.0.1:80', '[::1]:80', 'api.local:443', 'a b', 'a,b', 'api.local/orders', 'me@api.local', '*.', '*.10.0.0.1'],
  ...['*.*.local', 'a..b', '.local', '256.1.1.1', '1.2.3.4.5', ':::', '12345::', '-a.local', 'a'.repeat(64)],
];

describe('entries of allow-lists', () => {
  it.each(SLIPS)('D1: %j is neither address, CIDR, host nor *.host', (slip) => {
    expect(parseTargetEntry(slip)).toBeUndefined();
    expect(parseSourceEntry(slip)).toBeUndefined();
  });

  it('D3: an address, a CIDR, a host and *.host are read as a URL spells them', () => {
    expect(parseTargetEntry('API.Local.')).toEqual({ host: 'api.local' });
    expect(parseTargetEntry('*.Bücher.example')).toEqual({ suffix: 'xn--bcher-kva.example' });
    for (const entry of ['10.1.0.0/16', '127.0.0.1', '127.1', 'fd12::/16', '[::1]', ' ::ffff:10.0.0.1 '])
      expect(parseTargetEntry(entry), entry).toHaveProperty('range');
    for (const host of ['localhost', 'my_host', 'a-1.example', '1a']) expect(parseTargetEntry(host)).toEqual({ host });
  });

  it('F7: requests come from addresses, so a host is no entry of ipAllowList', () => {
    for (const host of ['api.local', '*.local', '127.1']) expect(parseSourceEntry(host)).toBeUndefined();
  });

  it.each(SLIPS)('F7: %j in an ipAllowList admits nobody', (slip) => {
    for (const address of ['127.0.0.1', '10.0.0.1', '::1']) expect(namesSource([slip], address)).toBe(false);
    expect(namesSource([slip, '10.0.0.0/8'], '10.0.0.1')).toBe(true);
  });

  it('F7: what is no text admits nobody either', () => {
    expect(namesSource([5, null, {}], '127.0.0.1')).toBe(false);
    expect(namesSource(['0.0.0.0/0', '::/0'], 'unknown')).toBe(false);
  });

  it('F7: an IPv4 address that came over IPv6 is the IPv4 address', () => {
    expect(namesSource(['10.0.0.0/8'], '::ffff:10.1.2.3')).toBe(true);
    expect(namesSource(['10.0.0.0/8'], '::ffff:11.1.2.3')).toBe(false);
    expect(namesSource(['::ffff:10.0.0.0/104'], '10.1.2.3')).toBe(true);
  });

  it('F7: a list names the addresses that a packet filter would let through', () => {
    const version = fc.constantFrom('v4' as const, 'v6' as const);
    const given = version.chain((kind) => {
      const ip = kind === 'v4' ? fc.ipV4() : fc.ipV6();
      return fc.tuple(ip, fc.integer({ min: 0, max: kind === 'v4' ? 32 : 128 }), ip, fc.constant(kind));
    });
    fc.assert(
      fc.property(given, ([net, bits, address, kind]) => {
        const filter = new BlockList();
        filter.addSubnet(net, bits, kind === 'v4' ? 'ipv4' : 'ipv6');
        for (const one of [net, address])
          expect(namesSource([`${net}/${bits}`], one)).toBe(filter.check(one, kind === 'v4' ? 'ipv4' : 'ipv6'));
      }),
    );
  });

  it('W11: an address is what Node takes for one', () => {
    const near = fc.stringMatching(/^[0-9a-f:.%]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(near, fc.ipV4Extended(), fc.ipV6(), fc.string()), (text) => {
        if (/[[\]%]/.test(text)) return;
        expect(parseAddress(text)?.version ?? 0).toBe(isIP(text));
      }),
      { numRuns: 2000 },
    );
  });
});
