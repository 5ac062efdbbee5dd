/**
 * The proxy of a deployment, as its environment says. Contract W12.
 * @module
 */
import { parseTargetEntry, type TargetEntry } from '../../flow/documents/allow-list.js';
import { holds, parseAddress } from '../../flow/documents/ip-address.js';

/** A proxy through which requests to targets go. */
export interface ProxySettings {
  /** `http:` or `https:`, with user and password where the proxy wants them. */
  url: URL;
  /** Targets that are reached without it. */
  except: readonly TargetEntry[];
  /** Whether the proxy gets names of targets, and looks them up; else it gets checked addresses. */
  resolves: boolean;
}

/**
 * Reads HOOKLINE_PROXY, HOOKLINE_NO_PROXY and HOOKLINE_PROXY_RESOLVES; the process's own HTTP_PROXY has no effect.
 * @returns undefined where there is no proxy
 * @throws {RangeError} naming the variable that cannot be used, and never a password
 */
export function proxySettings(env: NodeJS.ProcessEnv): ProxySettings | undefined {
  const text = env.HOOKLINE_PROXY;
  if (!text) return undefined;
  if (!/^https?:\/\/[^/?#]+\/?$/i.test(text) || !URL.canParse(text))
    throw new RangeError('HOOKLINE_PROXY: not a URL such as http://proxy.example.com:3128, without a path');
  const { HOOKLINE_PROXY_RESOLVES: resolves = 'off', HOOKLINE_NO_PROXY: except = '' } = env;
  if (resolves !== 'on' && resolves !== 'off') throw new RangeError('HOOKLINE_PROXY_RESOLVES: not "on" or "off"');
  const entries = except.split(',').filter((entry) => entry.trim() !== '');
  return {
    url: new URL(text),
    except: entries.map((entry) => {
      const named = parseTargetEntry(entry);
      if (!named)
        throw new RangeError(`HOOKLINE_NO_PROXY: "${entry.trim()}" is neither host, *.host, address nor CIDR`);
      return named;
    }),
    resolves: resolves === 'on',
  };
}

/** Whether a target is reached through the proxy. @param host as its URL has it */
export function isProxied({ except }: ProxySettings, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const address = parseAddress(name);
  return !except.some((entry) => {
    if ('range' in entry) return address !== undefined && holds(entry.range, address);
    return 'suffix' in entry ? name.endsWith(`.${entry.suffix}`) : name === entry.host;
  });
}
