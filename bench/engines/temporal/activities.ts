/**
 * The two requests of the job.
 * @module
 */
async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

export const activities = {
  async lookUp(call: string): Promise<string> {
    const { status } = (await post(process.env.LOOKUP_URL ?? '', { call })) as { status: string };
    return status;
  },
  async flowEnd(call: string, status: string): Promise<void> {
    await post(process.env.FLOW_END_URL ?? '', { call, status });
  },
};
