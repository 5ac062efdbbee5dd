// The two requests of the job, for services that are written by hand.
const { LOOKUP_URL, FLOW_END_URL } = process.env;

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** Asks for a call; gives the status. */
export async function lookUp(call) {
  const { status } = await post(LOOKUP_URL, { call });
  return status;
}

/** Tells the end of a call. */
export function tellEnd(call, status) {
  return post(FLOW_END_URL, { call, status: status === 'sent' ? 'sent' : 'other' });
}
