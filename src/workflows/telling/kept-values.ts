/**
 * What the report of a call keeps of its variables. Contract D2b, R9, V7.
 * @module
 */
import { VariableLimitError, type Variables } from '../../flow/values/variables.js';

/** Where the values come from. */
interface Sources {
  flow: { report?: readonly string[] | undefined };
  variables: Variables;
  persisted: Variables;
}

/** What widgets persisted, and the variables that the flow names as they are now; what does not fit beside it is left out. */
export function keptValues({ flow: { report = [] }, variables, persisted }: Sources): Record<string, string> {
  if (report.length === 0) return Object.fromEntries(persisted.entries());
  const kept = persisted.copy();
  for (const [name, value] of variables.shown()) if (report.includes(name)) keepIfItFits(kept, name, value);
  return Object.fromEntries(kept.entries());
}

function keepIfItFits(kept: Variables, name: string, value: string): void {
  try {
    kept.set(name, value);
  } catch (error) {
    if (!(error instanceof VariableLimitError)) throw error;
  }
}
