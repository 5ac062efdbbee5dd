import { describe, expect, it } from 'vitest';
import { BridgeUrls } from './urls.js';

/** Whether commands may go to a URL, signed. */
const allows = (list: string | undefined, url: string) => BridgeUrls.parse(list).refusal(url, true) === null;

describe('B6: which URLs a bridge may have', () => {
  it.each(['http://127.0.0.1:9000/a', 'http://localhost/', 'https://[::1]:1/', 'http://127.9.9.9/'])(
    'without a setting, %s on this machine is one',
    (url) => expect(allows(undefined, url)).toBe(true),
  );

  it.each([
    ...['http://10.0.0.1/', 'http://127.0.0.1.evil.example/', 'http://localhost.evil.example/', 'http://[::2]/'],
    ...['http://user:word@127.0.0.1/', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'bridge', ''],
  ])('without a setting, %s is none', (url) => expect(allows('', url)).toBe(false));

  it.each(['https://b.example/', 'https://b.example/any?x=1', 'https://B.EXAMPLE:443/', 'http://10.0.0.7:81/node/3/x', 'http://10.0.0.7:81/node']) // prettier-ignore
  ('%s is under the list', (url) => expect(allows('https://b.example, http://10.0.0.7:81/node/', url)).toBe(true)); // prettier-ignore

  it.each([
    ...['http://b.example/', 'https://b.example:444/', 'https://b.example.evil.example/', 'https://ab.example/'],
    ...['http://10.0.0.7/node/3', 'http://10.0.0.7:81/nodes', 'http://10.0.0.7:81/node/../admin'],
    ...[
      'http://10.0.0.7:81/node/%2e%2e/admin',
      'http://10.0.0.7:81/node/..%2fadmin',
      'http://10.0.0.7:81/node/..%5Cadmin',
    ],
    ...['http://127.0.0.1/'],
  ])('%s is not, also where it looks like it', (url) => {
    expect(allows('https://b.example, http://10.0.0.7:81/node/', url)).toBe(false);
  });

  it('unsigned commands stay on this machine, whatever the list says', () => {
    const urls = BridgeUrls.parse('https://b.example,http://127.0.0.1:9');
    expect(urls.refusal('https://b.example/', false)).toContain('HOOKLINE_BRIDGE_SECRET');
    expect(urls.refusal('http://127.0.0.1:9/', false)).toBeNull();
  });

  it.each(['b.example', 'https://b.example?x', 'https://a:b@b.example', 'ftp://b.example', 'https://b.example/#x'])(
    'a list with %s is refused, naming it',
    (entry) => expect(() => BridgeUrls.parse(`https://ok.example,${entry}`)).toThrow(entry),
  );
});
