/**
 * Every route of a running API, from its own description.
 * @module
 */

/** A route as it is described. */
export interface Route {
  method: string;
  /** With `{name}` for each parameter. */
  path: string;
}

/** The routes that `/openapi.json` has. */
export async function describedRoutes(url: string): Promise<Route[]> {
  const answer = await fetch(`${url}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, object>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}
