/**
 * The API's description as one page for people, without scripts.
 * @module
 */
interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}

interface Description {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}

const STYLE = `body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de}summary{cursor:pointer;padding:.3rem 0}
code{font:14px ui-monospace,monospace}b.m{display:inline-block;width:4.5rem;color:#0b5394}
pre{background:#f6f8fa;padding:.7rem;overflow:auto}td{padding:.1rem .8rem .1rem 0;vertical-align:top}`;

/** The page. */
export function docsPage(document: object): string {
  const { info, paths = {} } = document as Description;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const sections = tags.map((tag) => {
    const mine = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
    return `<h2 id="${text(tag)}">${text(tag)}</h2>${mine.map(entry).join('')}`;
  });
  const contents = tags.map((tag) => `<a href="#${text(tag)}">${text(tag)}</a>`).join(' · ');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text(info.title)} API</title><style>${STYLE}</style>
<h1>${text(info.title)} API ${text(info.version)}</h1><p>${text(info.description ?? '')}</p>
<p>As OpenAPI 3.1: <a href="/openapi.json">/openapi.json</a></p><p>${contents}</p>${sections.join('\n')}</html>`;
}

function entry({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { summary = '', description = '', parameters = [], requestBody, responses = {} } = operation;
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${text(one.name)}</code><td>${text(one.in)}${one.required ? ', required' : ''}<td>${text(one.description ?? '')}`,
  );
  const body = schemaOf(requestBody);
  const good = Object.entries(responses).filter(([status]) => status < '400');
  const answers = good.map(([status, answer]) => {
    const schema = schemaOf(answer);
    return `<p>Answer ${text(status)}</p>${schema === undefined ? '' : block(schema)}`;
  });
  return `<details><summary><b class="m">${text(method.toUpperCase())}</b><code>${text(path)}</code> ${text(summary)}</summary>
<p>${text(description)}</p><table>${rows.join('')}</table>${body === undefined ? '' : `<p>Body</p>${block(body)}`}${answers.join('')}</details>`;
}

function schemaOf(holder: { content?: Record<string, { schema?: unknown }> } | undefined): unknown {
  return Object.values(holder?.content ?? {})[0]?.schema;
}

function block(schema: unknown): string {
  return `<pre>${text(JSON.stringify(schema, null, 2))}</pre>`;
}

function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
