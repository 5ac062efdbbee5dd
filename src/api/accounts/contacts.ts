/**
 * `/v1/accounts/:account/contacts`: what is kept of contacts from call to call. Contract V1, F3.
 * @module
 */
import * as z from 'zod';
import { storedAccount } from '../../calls/stored-account.js';
import { validateVariables } from '../../flow/validation/validate.js';
import type { Contact } from '../../store/contacts.js';
import { RequestProblem } from '../problem.js';
import { unknownAccount } from './accounts.js';
import type { AccountContext, ZodApi } from '../context.js';
import { moment, ofAccount, pageOf, pageQuery, plainText, problems, variables } from './schemas.js';

const ofContact = ofAccount.extend({ contact: z.uuid() });
const number = plainText(100).min(1).describe('With or without country code');
const shown = z.object({ id: z.string(), number: z.string(), variables, updatedAt: moment });

/** Adds the routes. */
export function contactRoutes(api: ZodApi, { store }: AccountContext): void {
  api.post(
    '/v1/accounts/:account/contacts',
    {
      config: { scope: 'contacts:write' },
      schema: {
        tags: ['contacts'],
        summary: 'Save variables of a contact, which is made when it is new; its other variables stay',
        params: ofAccount,
        body: z.strictObject({ number, variables: variables.describe('By full name: `$user.key.NAME`') }),
        response: { 200: shown, ...problems },
      },
    },
    async (request) => {
      const account = await accountOf(request.params.account);
      const { number, variables } = request.body;
      const before = await store.contacts.byNumber(account.id, number, account.countryCode);
      const errors = [
        ...Object.keys(variables).flatMap((name) => (name.startsWith('$user.key.') ? [] : [noUserKey(name)])),
        ...validateVariables({ ...before?.variables, ...variables }),
      ];
      if (errors.length > 0)
        throw new RequestProblem(422, 'INVALID_VALUE', 'These variables cannot be kept of a contact.', errors);
      return show(await store.contacts.save(account.id, number, variables, account.countryCode));
    },
  );

  api.post(
    '/v1/accounts/:account/contacts/lookup',
    {
      config: { scope: 'contacts:read' },
      schema: {
        tags: ['contacts'],
        summary: 'Find the contact of a number',
        params: ofAccount,
        body: z.strictObject({ number }),
        response: { 200: shown, ...problems },
      },
    },
    async (request) => {
      const account = await accountOf(request.params.account);
      return found(await store.contacts.byNumber(account.id, request.body.number, account.countryCode));
    },
  );

  api.get(
    '/v1/accounts/:account/contacts',
    {
      config: { scope: 'contacts:read' },
      schema: {
        tags: ['contacts'],
        summary: 'List contacts',
        params: ofAccount,
        querystring: pageQuery,
        response: { 200: pageOf(shown), ...problems },
      },
    },
    async (request) => {
      const { items, next } = await store.contacts.list(request.params.account, request.query);
      return { items: items.map(show), next };
    },
  );

  api.get(
    '/v1/accounts/:account/contacts/:contact',
    {
      config: { scope: 'contacts:read' },
      schema: {
        tags: ['contacts'],
        summary: 'Get a contact',
        params: ofContact,
        response: { 200: shown, ...problems },
      },
    },
    async (request) => found(await store.contacts.get(request.params.account, request.params.contact)),
  );

  api.delete(
    '/v1/accounts/:account/contacts/:contact',
    {
      config: { scope: 'contacts:write' },
      schema: {
        tags: ['contacts'],
        summary: 'Forget a contact',
        params: ofContact,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      if (!(await store.contacts.remove(request.params.account, request.params.contact))) throw unknownContact();
      return reply.code(204).send(null);
    },
  );

  async function accountOf(id: number) {
    const account = await storedAccount(store, id);
    if (!account) throw unknownAccount();
    return account;
  }
}

function found(contact: Contact | undefined) {
  if (!contact) throw unknownContact();
  return show(contact);
}

function show(contact: Contact) {
  return { ...contact, updatedAt: contact.updatedAt.toISOString() };
}

function unknownContact(): RequestProblem {
  return new RequestProblem(404, 'NOT_FOUND', 'The account has no such contact.');
}

function noUserKey(name: string) {
  const pointer = `/variables/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { code: 'UNKNOWN_NAMESPACE' as const, pointer, message: 'Of a contact, $user.key.NAME is kept.' };
}
