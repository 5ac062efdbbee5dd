import { describe, expect, it } from 'vitest';
import { TargetLabels } from './metric-targets.js';

describe('C6: the label `target`', () => {
  it('is the host that stands in the URL of the flow, without port, path and query', () => {
    const labels = new TargetLabels();
    expect(labels.of('https://API.example.com:8443/orders/$flow.key.order?x=1')).toBe('api.example.com');
    expect(labels.of('http://192.168.100.200:4010/')).toBe('192.168.100.200');
    expect(labels.of('https://example.com')).toBe('example.com');
  });

  it('names no host that comes from a variable, or that has anything but a host in it', () => {
    const labels = new TargetLabels();
    const urls = ['$flow.key.url', 'https://$flow.key.host/x', 'https://a.$flow.key.host/', 'https://user@a.example/'];
    for (const url of urls) expect(labels.of(url)).toBe('variable');
  });

  it('names no host that may hold a phone number', () => {
    const labels = new TargetLabels();
    for (const host of ['919800000001.example.com', '98-000-00001.example.com', 'n9.8.0.0.0.0.example.com'])
      expect(labels.of(`https://${host}/`)).toBe('other');
  });

  it('names the first hosts that come, and goes on naming those', () => {
    const labels = new TargetLabels(2);
    const given = ['a', 'b', 'c', 'a', 'd'].map((host) => labels.of(`https://${host}.example/`));
    expect(given).toEqual(['a.example', 'b.example', 'other', 'a.example', 'other']);
  });
});
