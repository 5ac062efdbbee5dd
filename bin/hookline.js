#!/usr/bin/env node
// Names are looked up, and files read, in threads whose number is fixed at their first use, which loading a module would be:
// so this file is CommonJS. Half of them may look names up: enough for sixteen accounts whose name servers do not answer.
process.env.UV_THREADPOOL_SIZE ??= '64';
void import('../dist/cli.js');
