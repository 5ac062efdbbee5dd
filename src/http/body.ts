/**
 * From the body of a task to its bytes and their Content-Type. Contract W7, T3-T6.
 * @module
 */
import { createHash } from 'node:crypto';
import type { WebhookTask } from '../engine/webhook-task.js';
import { fillForm } from '../flow/template/form.js';
import type { Row } from '../flow/template/rows.js';
import { fillJson } from '../flow/template/json.js';
import { fillXml } from '../flow/template/xml.js';
import { fill, type Lookup, POLICIES, TemplateError } from '../flow/values/fill.js';
import { CharsetError, encodeText, prologCharset } from '../judging/charset.js';
import { charsetParameter } from '../judging/content-type.js';

type Body = WebhookTask['request']['body'];
/** A body whose fields hold no secrets any more. */
type Filled = Exclude<Body, { type: 'form' }> | (Omit<Extract<Body, { type: 'form' }>, 'fields'> & { fields: Row[] });

/** A body that is ready to be sent. */
export interface FilledBody {
  body: Buffer;
  /** The body before it was encoded. */
  text: string;
  /** The engine's Content-Type; absent where there is no body, or where a row of the flow decides. */
  contentType?: string;
}

/**
 * Fills a body and encodes it in UTF-8, or in the charset that its XML prolog or the flow's Content-Type names. A form has
 * the Content-Type of the engine whatever a row says. Contract W7, T3-T6.
 * @param row the value of the flow's own Content-Type
 * @throws {TemplateError} INVALID_FLOW_VAR or INVALID_REQUEST, also when a named charset cannot hold the text.
 */
export function fillBody(body: Filled, lookup: Lookup, idempotencyKey: string, row: string | undefined): FilledBody {
  switch (body.type) {
    case 'none':
      return { body: Buffer.alloc(0), text: '' };
    case 'json':
      return encoded(fillJson(body.content, body.onMissing, lookup), 'application/json', row);
    case 'xml': {
      const text = fillXml(body.content, body.onMissing, lookup);
      return encoded(text, 'application/xml', row, prologCharset(text));
    }
    case 'text':
      return encoded(fill(body.content, lookup, POLICIES[body.onMissing]), 'text/plain; charset=utf-8', row);
    case 'form': {
      // The same over every attempt, for targets may compare the bodies of one idempotency key.
      const boundary = `hookline-${sha256(`boundary ${idempotencyKey}`).slice(0, 32)}`;
      const form = fillForm(body.fields, body.encoding, lookup, boundary);
      return { body: Buffer.from(form.body, 'utf8'), text: form.body, contentType: form.contentType };
    }
  }
}

/** Every charset that is named for the body must give the same bytes. */
function encoded(text: string, contentType: string, row: string | undefined, prolog?: string): FilledBody {
  const named = [row === undefined ? undefined : charsetParameter(row), prolog].filter((label) => label !== undefined);
  const [first = Buffer.from(text, 'utf8'), second = first] = named.map((label) => bytesIn(label, text));
  if (!first.equals(second)) {
    const detail = `The Content-Type says that the body is in ${named[0]}, its XML declaration says ${named[1]}.`;
    throw new TemplateError('INVALID_REQUEST', detail);
  }
  return { body: first, text, ...(row === undefined && { contentType }) };
}

function bytesIn(label: string, text: string): Buffer {
  try {
    return encodeText(text, label);
  } catch (error) {
    if (!(error instanceof CharsetError)) throw error;
    throw new TemplateError('INVALID_REQUEST', `The body cannot be sent as it says: ${error.message}.`);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
