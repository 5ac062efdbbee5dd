/**
 * Sends a request with what its target asks for: a token, or the answer to a challenge. Contract W3.
 * @module
 */
import type { Answer } from '../answers/answer.js';
import type { BuiltRequest } from '../built-request.js';
import { bearer } from './credentials.js';
import { answering, challengeIn } from './digest.js';

const UNAUTHORISED = 401;

/**
 * Sends the request, and after a 401 once more: with another token, or with the answer to the target's challenge.
 * @param token gives the token of the request's grant; another one than that which was refused
 */
export async function sendAuthorised(
  built: BuiltRequest,
  send: (built: BuiltRequest) => Promise<Answer>,
  token: (refused?: string) => Promise<string>,
): Promise<Answer> {
  const { grant, login } = built;
  if (login) {
    const first = await send(built);
    const challenge = first.statusCode === UNAUTHORISED ? challengeIn(first.headers['www-authenticate']) : undefined;
    return challenge ? send({ ...built, credentials: answering(challenge, login, built) }) : first;
  }
  if (!grant) return send(built);
  const kept = await token();
  const first = await send({ ...built, credentials: bearer(kept) });
  if (first.statusCode !== UNAUTHORISED) return first;
  const other = await token(kept);
  return other === kept ? first : send({ ...built, credentials: bearer(other) });
}
