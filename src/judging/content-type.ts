/**
 * Content-Type as RFC 9110, 8.3 has it. Contract R8, W13, W7.
 * @module
 */
import { parse } from 'content-type';

/** An answer says two different things of what its body is. */
export class ContradictoryTypes extends Error {
  override readonly name = 'ContradictoryTypes';
}

/**
 * The one Content-Type of a message; equal ones count once, as several headers or as a list in one. Contract W13.
 * @throws {ContradictoryTypes} when they are not equal.
 *
 * @example onlyContentType(['text/xml; charset=UTF-8', 'text/xml;charset="utf-8"']) // the first
 */
export function onlyContentType(header: string | readonly string[] | undefined): string | undefined {
  const [first, ...others] = [header ?? []].flat().flatMap(membersOf);
  if (first === undefined) return undefined;
  if (others.some((other) => meaningOf(other) !== meaningOf(first))) throw new ContradictoryTypes();
  return first;
}

/**
 * The parameter `charset`, whatever stands in quoted strings of others; undefined when it is absent or empty.
 *
 * @example charsetParameter('text/xml; q="a;charset=x"; Charset = "UTF-8"') // 'UTF-8'
 */
export function charsetParameter(contentType: string): string | undefined {
  return parse(contentType).parameters['charset'] || undefined;
}

/** Proxies join equal headers with a comma, at which no Content-Type of its own may break outside of quotes. */
function membersOf(header: string): string[] {
  const members: string[] = [];
  for (let start = 0; start <= header.length;) {
    const { index } = parse(header, { start, comma: true });
    members.push(header.slice(start, index).trim());
    start = index + 1;
  }
  return members.filter((member) => member !== '');
}

function meaningOf(contentType: string): string {
  const { type, parameters } = parse(contentType);
  return JSON.stringify([
    type,
    Object.entries({ ...parameters, charset: parameters['charset']?.toLowerCase() }).sort(),
  ]);
}
