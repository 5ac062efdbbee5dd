/**
 * The SDK's runtime of a test process; importing this is enough.
 * @module
 */
import { quietRuntime } from '../../src/temporal/runtime.js';

quietRuntime();
