/**
 * Secrets in rows of headers, query and form fields. Contract W4.
 * @module
 */
import type { WebhookTask } from '../../engine/webhook-task.js';
import type { Row } from '../../flow/template/rows.js';
import type { SecretRules, SecretSource } from '../secret-reader.js';
import { secretValue } from './auth.js';

type GivenRow = WebhookTask['request']['headers'][number];

/** Whether a row's value is a secret. */
export function isSecret({ value }: GivenRow): boolean {
  return typeof value !== 'string';
}

/** The rows, another text in place of each secret. */
export function openly(rows: readonly GivenRow[], shown: string): Row[] {
  return rows.map(({ value, ...row }) => ({ ...row, value: typeof value === 'string' ? value : shown }));
}

/**
 * The rows with the values of their secrets, as templates that give just these.
 * @throws {WebhookFailure} INVALID_REQUEST for a secret that is not there
 */
export async function openRows(rows: readonly GivenRow[], rules: SecretRules, secrets: SecretSource): Promise<Row[]> {
  return Promise.all(
    rows.map(async ({ key, value, mandatory }) => {
      if (typeof value === 'string') return { key, value, mandatory };
      const opened = await secretValue(value.secret, rules, secrets);
      return { key, value: opened.replaceAll('$', '$$$$'), mandatory };
    }),
  );
}
