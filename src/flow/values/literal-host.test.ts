import { describe, expect, it } from 'vitest';
import { literalAuthority, literalHost } from './literal-host.js';

describe('C6: the host that an author wrote', () => {
  it.each([
    ['https://api.example.com', 'api.example.com'],
    ['HTTPS://API.example.com:8443/orders/$flow.key.order?x=1', 'API.example.com'],
    ['https://api.example.com?x=$flow.key.x', 'api.example.com'],
    ['http://[::1]:8080/x', '[::1]'],
    ['https://api.example.com ', 'api.example.com'],
  ])('C6: of %s is %s', (template, host) => expect(literalHost(template)).toBe(host));

  it.each([
    ['https://api.example.com/x', 'api.example.com'],
    ['http://127.0.0.1:4010/orders/$flow.key.order', '127.0.0.1:4010'],
    ['http://[::1]:8080', '[::1]:8080'],
  ])('C6: of %s is %s with its port', (template, authority) => expect(literalAuthority(template)).toBe(authority));

  it.each([
    '$flow.key.url',
    'https://$flow.key.host/x',
    'https://api-$flow.key.tenant.example.com/x',
    'https://api.example.com$flow.key.rest',
    'https://api.example.com:$flow.key.port/x',
    'https://${flow.key.user}@api.example.com/x',
    'https://user:password@api.example.com/x',
    'https://$call.cli/x',
    'ftp://api.example.com/',
    'https://',
    '',
  ])('C6: is not named in %s', (template) => {
    expect(literalHost(template)).toBeUndefined();
    expect(literalAuthority(template)).toBeUndefined();
  });
});
