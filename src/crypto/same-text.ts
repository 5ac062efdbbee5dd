/**
 * Comparing what somebody claims to know with what we know.
 * @module
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal, in the same time wherever they differ and however long they are. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(one), digest(other));
}
