/**
 * Internal functions over HTTP: the request and the answer as the product that Hookline follows has them. Contract F2, F6.
 * @module
 */
import { INTERNAL_FUNCTIONS, type FunctionMethod } from '../flow/internal-functions.js';

/** The token that every request to shorten a URL carries; it proves nothing. Contract F2. */
export const CUST_TOKEN = 'abcd1234';

/** The body of a request: `{ custToken, longUrl }` for `shortURL`, else the method and the variables by full name. */
export function requestBody(method: FunctionMethod, variables: Readonly<Record<string, string>>): object {
  if (method === 'shortURL') return { custToken: CUST_TOKEN, longUrl: variables['$flow.key.longUrl'] ?? '' };
  return { method, ...variables };
}

/** The body of an answer: `{ shortUrl }` for `shortURL`, else the outputs by full name. */
export function answerBody(method: FunctionMethod, outputs: Readonly<Record<string, string>>): object {
  return method === 'shortURL' ? { shortUrl: outputs['$flow.key.shortUrl'] ?? '' } : outputs;
}

/** Where each output stands in an answer, as mapping rows. All are needed but the ids of a call that was not taken. */
export function outputPaths(method: FunctionMethod) {
  if (method === 'shortURL')
    return [{ saveIn: '$flow.key.shortUrl', path: 'data.shortUrl', mandatory: true, sensitive: false }];
  return INTERNAL_FUNCTIONS[method].outputs.map((name) => ({
    saveIn: name,
    // The name itself, not the value of the variable (V4).
    path: `data['$${name}']`,
    mandatory: !/obdReqID|obdPhononUUID/.test(name),
    sensitive: false,
  }));
}
