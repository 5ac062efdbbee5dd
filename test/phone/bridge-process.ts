/**
 * A bridge node as `hookline bridge asterisk` is: a process of its own, which can be killed. The test is the engine and its API.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import type { Outcome } from '../../src/telephony/asterisk/journal.js';
import type { BridgeCommand } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import { BridgeNotReached, postToBridge } from '../../src/telephony/http/post.js';
import type { StartedCall } from '../../src/calls/start-call.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { type Child, hookline } from './demo/child.js';
import { type CommandedNode, DrivenCall, keepEvent } from './driver.js';
import type { TelephoneRig } from './telephone-rig.js';

/** Milliseconds between two attempts to reach a process that is away. */
const AGAIN_MS = 50;

/** A node in a process. */
export class BridgeProcess implements CommandedNode {
  readonly events = new Map<string, BridgeEvent[]>();
  /** The calls that arrived. */
  readonly starts: StartedCall[] = [];
  readonly #dispatcher = new Agent();
  #child!: Child;
  #port = 0;
  #api!: Server;

  private constructor(
    private readonly rig: TelephoneRig,
    private readonly config: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Starts one. `settings` and `env`: what the node is to be beside the usual. */
  static async start(rig: TelephoneRig, settings: object, env: Record<string, string> = {}): Promise<BridgeProcess> {
    const whole = rig.settings(settings);
    const node = new BridgeProcess(rig, join(whole.home, 'process.json'), env);
    writeFileSync(node.config, JSON.stringify(whole));
    node.#api = createServer((request, response) => {
      void node.#told(request).then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)));
    });
    await new Promise<void>((resolve) => node.#api.listen(0, '127.0.0.1', resolve));
    node.#port = await freePort();
    await node.startAgain();
    return node;
  }

  async startAgain(): Promise<void> {
    const { port } = this.#api.address() as AddressInfo;
    const args = ['bridge', 'asterisk', '--config', this.config, '--port', String(this.#port)];
    const env = { HOOKLINE_ARI_PASSWORD: this.rig.asterisk.password, HOOKLINE_API_URL: `http://127.0.0.1:${port}` };
    this.#child = await hookline(args, { ...env, ...this.env }, /takes commands/);
  }

  /** Of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written. */
  get said(): string {
    return this.#child.said();
  }

  /** `kill -9`. */
  kill(): Promise<void> {
    return this.#child.kill();
  }

  /** How the process ends when nobody kills it. */
  async ended(): Promise<{ code: number | null; said: string }> {
    const code = await this.#child.ended;
    return { code, said: this.#child.said() };
  }

  call(id?: string, workflowId?: string): DrivenCall {
    return new DrivenCall(this, id, workflowId);
  }

  /** Gives a command as the engine does: again and again while the process is away, or says that the command runs. */
  async command(command: BridgeCommand): Promise<Outcome> {
    for (;;) {
      try {
        const answer = await postToBridge({
          ...{ url: `http://127.0.0.1:${this.#port}/`, command, eventsUrl: null, signature: null },
          ...{ dispatcher: this.#dispatcher, signal: AbortSignal.timeout(60_000) },
        });
        if (!('result' in answer)) return answer as Outcome;
        if (answer.result.result !== 'running') return answer.result as Outcome;
      } catch (error) {
        if (!(error instanceof BridgeNotReached && error.again)) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  /** Ends process and API. */
  async stop(): Promise<void> {
    await this.kill();
    await this.#dispatcher.destroy();
    this.#api.closeAllConnections();
    this.#api.close();
  }

  /** Our API, which knows no number: status and body of its answer. */
  async #told(request: IncomingMessage): Promise<[status: number, body: object]> {
    if (request.url === '/bridge/dids') return [404, { code: 'DID_UNKNOWN' }];
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const message: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const [, workflowId] = /^\/bridge\/calls\/([^/]+)\/events$/.exec(request.url ?? '') ?? [];
    if (workflowId === undefined) {
      this.starts.push(message as StartedCall);
      return [200, {}];
    }
    keepEvent(this.events, decodeURIComponent(workflowId), message as BridgeEvent);
    return [202, {}];
  }
}
