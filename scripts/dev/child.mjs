// A process of `npm run dev`: its lines with its name before them, started again when it is asked to.

/** Milliseconds that a process has to end: requests under way of a call would hold a worker for a minute. */
const PATIENCE = 3000;

export class Child {
  #label;
  #start;
  #process;
  /** What is done to it, one after the other. */
  #turn = Promise.resolve();

  /** Starts it. `start` gives a child process with pipes. */
  constructor(name, start) {
    this.#label = `${name.padEnd(6)} |`;
    this.#start = start;
    this.#run();
  }

  /** The first message that it sends; ends this process when it ends before. */
  message() {
    return new Promise((resolve) => {
      this.#process.once('message', resolve);
      this.#process.once('exit', (code) => process.exit(code || 1));
    });
  }

  /** Ends it and starts it anew. */
  restart() {
    this.#turn = this.#turn.then(() => this.#end()).then(() => this.#run());
    return this.#turn;
  }

  /** Ends it for good. */
  stop() {
    this.#turn = this.#turn.then(() => this.#end());
    return this.#turn;
  }

  #run() {
    this.#process = this.#start();
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#print(stream);
    this.#process.on('message', (message) => message === 'ready' && console.log(`${this.#label} ready`));
  }

  #print(stream) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop();
      for (const line of lines) console.log(`${this.#label} ${readable(line)}`);
    });
  }

  #end() {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    const killed = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.kill('SIGTERM');
    return new Promise((resolve) => child.once('exit', resolve)).then(() => clearTimeout(killed));
  }
}

/** A line of a log as text; any other line as it is. */
function readable(line) {
  if (!line.startsWith('{"level"')) return line;
  const { level, msg, time, ...fields } = JSON.parse(line);
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return [time.slice(11, 19), `[${level.toUpperCase()}]`, msg, ...rest].join(' ');
}
