/** Many connections to the embedded database, which has one session. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbedded, type EmbeddedDatabase } from '../../src/store/embedded.js';

let database: EmbeddedDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await startEmbedded(null);
  pool = new Pool({ connectionString: database.url, max: 10 });
  await pool.query('create table things (id int primary key, name text)');
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});

const many = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

it('each of many connections gets the rows that it asked for, in and outside of transactions', async () => {
  await many(10, async (n) => {
    const client = await pool.connect();
    for (let round = 0; round < 30; round++) {
      const id = n * 100 + round;
      if (round % 3 === 0) await client.query('begin');
      const made = await client.query('insert into things values ($1, $2) returning id', [id, `of ${n}`]);
      const read = await client.query('select id, name from things where id = $1', [id]);
      if (round % 3 === 0) await client.query('commit');
      expect([made.rows, read.rows]).toEqual([[{ id }], [{ id, name: `of ${n}` }]]);
    }
    client.release();
  });
  expect((await pool.query('select count(*)::int as count from things')).rows).toEqual([{ count: 300 }]);
});

it('a statement that fails takes nothing from the next one of its connection, nor from others', async () => {
  await pool.query('insert into things values (1000, $1)', ['first']);
  await many(10, async (n) => {
    const client = await pool.connect();
    for (let round = 0; round < 10; round++) {
      await expect(client.query('insert into things values (1000, $1)', [n])).rejects.toMatchObject({ code: '23505' });
      await expect(client.query('select nothing from things where id = $1', [n])).rejects.toMatchObject({
        code: '42703',
      });
      expect((await client.query('select $1::int as own', [n])).rows).toEqual([{ own: n }]);
    }
    client.release();
  });
});

it.each([
  ['between two messages of a statement', ['P', '\0select 1\0\0\0']],
  ['after a Flush', ['P', '\0select nothing\0\0\0'], ['H', '']],
  ['in a transaction', ['Q', 'begin\0']],
] as [string, ...[type: string, text: string][]][])(
  'a connection that breaks off %s leaves the session to others',
  async (_, ...messages) => {
    const { hostname, port } = new URL(database.url);
    const socket = connect(Number(port), hostname);
    socket.write(message('', '\0\x03\0\0user\0postgres\0\0'));
    await once(socket, 'data');
    socket.write(Buffer.concat(messages.map(([type, text]) => message(type, text))));
    const waits = many(3, (n) => pool.query<{ own: number }>('select $1::int as own', [n]).then(({ rows }) => rows));
    socket.destroy();
    expect(await waits).toEqual([[{ own: 0 }], [{ own: 1 }], [{ own: 2 }]]);
  },
);

function message(type: string, text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(text, 'latin1')]);
}
