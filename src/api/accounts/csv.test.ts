import { describe, expect, it } from 'vitest';
import { csvRow } from './csv.js';

describe('rows of CSV', () => {
  it('quotes what has a comma, a quote or a line end, as RFC 4180 says', () => {
    expect(csvRow(['a', 'b,c', 'say "hi"', 'x\ny'])).toBe('a,"b,c","say ""hi""","x\ny"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%s is no formula to a spreadsheet', (text) => {
    expect(csvRow([text])).toBe(`'${text}\r\n`);
  });
});
