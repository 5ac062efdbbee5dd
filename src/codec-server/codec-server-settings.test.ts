import { describe, expect, it } from 'vitest';
import { codecServerSettings } from './codec-server-settings.js';

describe('the settings of the codec server', () => {
  it('are this machine, the UI of the stack and no token', () => {
    const { host, port, origins, token } = codecServerSettings({});
    expect({ host, port, token }).toEqual({ host: '127.0.0.1', port: 8181, token: null });
    expect([...origins]).toEqual(['http://localhost:8233', 'http://127.0.0.1:8233']);
  });

  it('take several origins, and a slash at their end', () => {
    const { origins } = codecServerSettings({
      HOOKLINE_CODEC_UI_ORIGIN: 'https://ui.example.com/, http://localhost:8080',
    });
    expect([...origins]).toEqual(['https://ui.example.com', 'http://localhost:8080']);
  });

  it.each(['*', 'null', 'ui.example.com', 'https://ui.example.com/path', 'https://u@ui.example.com', 'file:///x'])(
    'refuse %s as an origin',
    (origin) => {
      expect(() => codecServerSettings({ HOOKLINE_CODEC_UI_ORIGIN: origin })).toThrow('HOOKLINE_CODEC_UI_ORIGIN');
    },
  );

  it('refuse a short token without telling it, and what is no port', () => {
    expect(() => codecServerSettings({ HOOKLINE_CODEC_TOKEN: 'short' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('short') }),
    );
    expect(() => codecServerSettings({ HOOKLINE_CODEC_PORT: '99999' })).toThrow('HOOKLINE_CODEC_PORT');
  });
});
