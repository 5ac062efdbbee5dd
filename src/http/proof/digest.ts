/**
 * Digest access authentication: the answer to a target's challenge. Contract W3; RFC 7616.
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './credentials.js';

/** User and password. */
export interface Login {
  username: string;
  password: string;
}

/** Hashes by the name of their algorithm, the stronger ones first. */
const HASHES = [
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
] as const;

/** A challenge that can be answered. */
export interface Challenge {
  parameters: ReadonlyMap<string, string>;
  hash: 'sha256' | 'md5';
  /** Whether the key of the session stands in place of that of the user. */
  session: boolean;
  /** What the answer covers; absent, as RFC 2069 has it. */
  qop: 'auth' | 'auth-int' | undefined;
}

/** The strongest challenge of an answer that can be answered; undefined where there is none. */
export function challengeIn(header: string | string[] | undefined): Challenge | undefined {
  const challenges = [header ?? []].flat().flatMap(digestsIn).flatMap(understood);
  return HASHES.map(([, hash]) => challenges.find((one) => one.hash === hash)).find((one) => one !== undefined);
}

/** The header that answers a challenge for one request. @param cnonce default: random */
export function answering(
  { parameters, hash, session, qop }: Challenge,
  { username, password }: Login,
  { method, url, body }: { method: string; url: URL; body: Buffer },
  cnonce = randomBytes(16).toString('hex'),
): Credentials {
  const H = (data: string | Buffer) => createHash(hash).update(data).digest('hex');
  const of = (name: string) => parameters.get(name) ?? '';
  const [realm, nonce, uri, nc] = [of('realm'), of('nonce'), url.pathname + url.search, '00000001'];
  const user = H(`${username}:${realm}:${password}`);
  const key = session ? H(`${user}:${nonce}:${cnonce}`) : user;
  const request = H(`${method}:${uri}${qop === 'auth-int' ? `:${H(body)}` : ''}`);
  const response = H([key, nonce, ...(qop ? [nc, cnonce, qop] : []), request].join(':'));
  const hidden = of('userhash').toLowerCase() === 'true';
  const fields = [
    hidden ? `username=${quoted(H(`${username}:${realm}`))}` : nameField(username),
    ...[`realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri=${quoted(uri)}`, `response=${quoted(response)}`],
    ...(parameters.has('algorithm') ? [`algorithm=${of('algorithm')}`] : []),
    ...(parameters.has('opaque') ? [`opaque=${quoted(of('opaque'))}`] : []),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`, `cnonce=${quoted(cnonce)}`] : []),
    ...(hidden ? ['userhash=true'] : []),
  ];
  return { header: 'Authorization', value: () => `Digest ${fields.join(', ')}` };
}

/** RFC 7616, 3.4: a name outside of ASCII, or with what a quoted string cannot hold, is written as RFC 5987 says. */
function nameField(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quoted(username)}`;
  const encoded = encodeURIComponent(username).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `username*=UTF-8''${encoded}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function understood(parameters: Map<string, string>): Challenge[] {
  const [, name = '', sess] = /^(.*?)(-sess)?$/i.exec(parameters.get('algorithm') ?? 'MD5') ?? [];
  const hash = HASHES.find(([known]) => known === name.toUpperCase())?.[1];
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(',')
    .map((one) => one.trim());
  const qop = (['auth', 'auth-int'] as const).find((one) => offered?.includes(one));
  const known = hash !== undefined && parameters.has('nonce') && (offered === undefined || qop !== undefined);
  return known ? [{ parameters, hash, session: sess !== undefined, qop }] : [];
}

/** `name=token` or `name="quoted"`, or the name of a scheme: what a header of challenges consists of. RFC 9110, 11.6.1. */
const PART = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]+)))?/gs;

/** The parameters of each digest challenge of a header, which may hold several challenges. */
function digestsIn(header: string): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const [, name = '', text, token] of header.matchAll(PART)) {
    if (text === undefined && token === undefined) {
      current = name.toLowerCase() === 'digest' ? new Map<string, string>() : undefined;
      if (current) found.push(current);
    } else current?.set(name.toLowerCase(), text === undefined ? (token ?? '') : text.replace(/\\(.)/gs, '$1'));
  }
  return found;
}
