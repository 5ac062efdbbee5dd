/**
 * A program that turns what it reads on standard input into what it writes on standard output.
 * @module
 */
import { spawn } from 'node:child_process';

/** Milliseconds that it may take. */
const TIMEOUT_MS = 20_000;
/** Bytes that it may write: an hour of 8 kHz, 16 bits, mono. */
const MAX_BYTES = 60 * 60 * 16_000;
/** Characters of its complaints that are kept. */
const MAX_COMPLAINT = 300;

/** Runs a program, without a shell. @throws {Error} when it fails, with what it wrote on standard error */
export function piped(command: readonly string[], input: string | Buffer): Promise<Buffer> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    const written: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) child.kill('SIGKILL');
      else written.push(chunk);
    });
    child.stderr.on('data', (chunk) => (complaint = `${complaint}${String(chunk)}`.slice(0, MAX_COMPLAINT)));
    child.once('error', (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0 && size <= MAX_BYTES) resolve(Buffer.concat(written));
      else reject(new Error(`${program} failed (${code ?? 'killed'}): ${complaint.trim()}`));
    });
    // A program that does not read its input fails for its own reason.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
