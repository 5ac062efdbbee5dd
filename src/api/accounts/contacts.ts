/**
 * `/v1/accounts/:account/contacts`: the variables that are kept of contacts across calls. Contract V1, F3.
 * @module
 */
import * as z from 'zod';
import { pointer, under } from '../../flow/validation/pointer.js';
import { validateVariables } from '../../flow/validation/validate.js';
import { maskedValues } from '../../flow/values/mask.js';
import type { Contact } from '../../store/contacts.js';
import { noteFields } from '../access/audited.js';
import { RequestProblem } from '../problem.js';
import { type Asked, route } from '../route.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, variables } from './schemas.js';

const ofContact = ofAccount.extend({ contact: z.uuid() });
const number = plainText(100).min(1).describe('With or without country code');
const shown = z.object({ id: z.string(), number: z.string(), variables, updatedAt: moment });
const saving = z.strictObject({ number, variables: variables.describe('By full name: `$user.key.NAME`') });
const lookup = z.strictObject({ number });

/** The routes. */
export const contactRoutes = [
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/contacts', scope: 'contacts:write', tag: 'contacts' },
    summary: 'Save variables of a contact, which is made when it is new; its other variables stay',
    body: saving,
    answers: { 200: shown },
    handler: save,
  }),
  route({
    ...{ method: 'POST', path: '/v1/accounts/:account/contacts/lookup', scope: 'contacts:read', tag: 'contacts' },
    summary: 'Find the contact of a number',
    isPrivate: true,
    body: lookup,
    answers: { 200: shown },
    handler: find,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/contacts', scope: 'contacts:read', tag: 'contacts' },
    summary: 'List contacts',
    isPrivate: true,
    query: pageQuery,
    answers: { 200: pageOf(shown) },
    handler: list,
  }),
  route({
    ...{ method: 'GET', path: '/v1/accounts/:account/contacts/:contact', scope: 'contacts:read', tag: 'contacts' },
    summary: 'Get a contact',
    isPrivate: true,
    params: ofContact,
    answers: { 200: shown },
    handler: get,
  }),
  route({
    ...{ method: 'DELETE', path: '/v1/accounts/:account/contacts/:contact', scope: 'contacts:write', tag: 'contacts' },
    summary: 'Forget a contact',
    params: ofContact,
    answers: { 204: z.null() },
    handler: remove,
  }),
];

async function save({ context, owner, body, reply }: Asked<{ body: typeof saving }>) {
  const { store } = context;
  const { number, variables } = body;
  const { countryCode } = await owner.account();
  const before = await store.contacts.byNumber(owner.id, number, countryCode);
  const errors = [
    ...Object.keys(variables).flatMap((name) => (name.startsWith('$user.key.') ? [] : [noUserKey(name)])),
    ...under(['variables'], validateVariables({ ...before?.variables, ...variables })),
  ];
  if (errors.length > 0)
    throw new RequestProblem(422, 'INVALID_VALUE', 'These variables cannot be kept of a contact.', errors);
  const saved = await store.contacts.save(owner.id, number, variables, countryCode);
  noteFields(
    reply,
    Object.keys(variables).map((name) => pointer('variables', name)),
  );
  if (saved) return show(saved);
  throw new RequestProblem(422, 'INVALID_VALUE', 'Callers who withhold their number are no contact.', [
    { code: 'INVALID_VALUE', pointer: '/number', message: 'This is no number of a contact.' },
  ]);
}

async function find({ context: { store }, owner, body: { number } }: Asked<{ body: typeof lookup }>) {
  const { countryCode } = await owner.account();
  return show(known(await store.contacts.byNumber(owner.id, number, countryCode)));
}

async function list({ context: { store }, owner, query }: Asked<{ query: typeof pageQuery }>) {
  const { items, next } = await store.contacts.list(owner.id, query);
  return { items: items.map(show), next };
}

async function get({ context: { store }, owner, params: { contact } }: Asked<{ params: typeof ofContact }>) {
  return show(known(await store.contacts.get(owner.id, contact)));
}

async function remove({ context: { store }, owner, params: { contact } }: Asked<{ params: typeof ofContact }>) {
  const { number } = known(await store.contacts.get(owner.id, contact));
  known((await store.contacts.remove(owner.id, contact)) || undefined);
  // Answers that calls of the contact have kept may tell of it. Contract R11.
  await store.keptAnswers.forget(owner.id, number);
  return null;
}

/** @throws {RequestProblem} NOT_FOUND */
function known<T>(contact: T | undefined): T {
  if (contact !== undefined) return contact;
  throw new RequestProblem(404, 'NOT_FOUND', 'The account has no such contact.');
}

function show({ variables, sensitive, ...contact }: Contact) {
  return { ...contact, variables: maskedValues(variables, sensitive), updatedAt: contact.updatedAt.toISOString() };
}

function noUserKey(name: string) {
  const message = 'Of a contact, $user.key.NAME is kept.';
  return { code: 'UNKNOWN_NAMESPACE' as const, pointer: pointer('variables', name), message };
}
