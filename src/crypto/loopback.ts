/**
 * What may go without TLS or a signature: traffic that stays on this machine. Contract B6.
 * @module
 */

/** Whether a host, as `URL.hostname` gives it, is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
