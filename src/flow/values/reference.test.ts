import { describe, expect, it } from 'vitest';
import { isWritable, tokenize, variablesIn } from './reference.js';

const names = (template: string) =>
  tokenize(template).map((token) => (token.kind === 'text' ? token.text : [token.name]));

describe('V2: variables in text', () => {
  it('V2: a name is the longest match, and ${...} ends it hard', () => {
    expect(names('a$flow.key.order_id.b')).toEqual(['a', ['$flow.key.order_id'], '.b']);
    expect(names('${flow.key.id}px')).toEqual([['$flow.key.id'], 'px']);
  });

  it('V2: $$ is a literal dollar, also before a name', () => {
    expect(names('$$5 and $$flow.key.x')).toEqual(['$5 and $flow.key.x']);
  });

  it('V2: anything else after $ is plain text', () => {
    expect(names('$order.id $ $flow.x.y ${flow.key.} $flow.key.1')).toEqual([
      '$order.id $ $flow.x.y ${flow.key.} $flow.key.1',
    ]);
  });

  it('V2: ${...:-text} has a default, up to the first brace; one with $, ", \\ or a line end is plain text', () => {
    const fallbacks = (template: string) =>
      tokenize(template).map((token) => (token.kind === 'text' ? token.text : [token.name, token.fallback]));
    expect(fallbacks('Dear ${flow.key.name:-guest}}')).toEqual(['Dear ', ['$flow.key.name', 'guest'], '}']);
    expect(fallbacks('${flow.key.a:-}${account.key.b:-x y}${call.connect:-never}')).toEqual([
      ['$flow.key.a', ''],
      ['$account.key.b', 'x y'],
      ['$call.connect', 'never'],
    ]);
    for (const inside of ['$5', 'a"b', 'a\\b', 'a\nb', 'a\rb'])
      expect(fallbacks(`\${flow.key.a:-${inside}}`)).toEqual([`\${flow.key.a:-${inside}}`]);
    expect(fallbacks('${flow.key.a-x} $flow.key.a:-x')).toEqual([
      '${flow.key.a-x} ',
      ['$flow.key.a', undefined],
      ':-x',
    ]);
  });

  it('V1: values of the account and parts of this moment are found, other names of $sys are plain text', () => {
    expect(names('$account.key.base/x')).toEqual([['$account.key.base'], '/x']);
    expect(names('$sys.date.$sys.datetime ${sys.epoch}s')).toEqual([['$sys.date'], '.', ['$sys.datetime'], ' ', ['$sys.epoch'], 's']); // prettier-ignore
    expect(names('$sys.dates $sys.now $account.base')).toEqual(['$sys.dates $sys.now $account.base']);
  });

  it('V1: all five namespaces that a flow or a call fills are found', () => {
    expect(variablesIn('$call.cli.number $flow.key.a $flow.syskey.b $user.key.c $user.syskey.d $flow.key.a')).toEqual([
      '$call.cli.number',
      '$flow.key.a',
      '$flow.syskey.b',
      '$user.key.c',
      '$user.syskey.d',
    ]);
  });

  it('V2: the longest name that is a fact of the call wins', () => {
    expect(names('$call.start.Thanks')).toEqual([['$call.start'], '.Thanks']);
    expect(names('$call.cli.number.')).toEqual([['$call.cli.number'], '.']);
  });

  it('V5: only keys and syskeys of flow and user can be written', () => {
    expect(['$flow.key.a', '$flow.syskey.a', '$user.key._b', '$user.syskey.c'].every(isWritable)).toBe(true);
    expect(
      [
        '$call.id',
        '$account.key.a',
        '$sys.date',
        '$flow.key.',
        '$flow.key.a-b',
        'flow.key.a',
        '$order.id',
        '${flow.key.a}',
      ].some(isWritable),
    ).toBe(false);
  });
});
