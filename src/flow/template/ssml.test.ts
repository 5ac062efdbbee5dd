import { expect, it } from 'vitest';
import { TemplateError } from '../values/fill.js';
import { fillSsml, textOfSsml } from './ssml.js';

const lookup = (name: string) => ({ '$flow.key.name': 'A & <B> "C"', '$flow.key.bad': '\u0000' })[name];

it('T7: a value adds no element, ends none, and leaves no attribute', () => {
  expect(fillSsml('<speak>Dear <sub alias="$flow.key.name">x</sub> $flow.key.name</speak>', lookup)).toBe(
    '<speak>Dear <sub alias="A &amp; &lt;B&gt; &quot;C&quot;">x</sub> A &amp; &lt;B&gt; &quot;C&quot;</speak>',
  );
  expect(() => fillSsml('<speak><$flow.key.name/></speak>', lookup)).toThrow(TemplateError);
  expect(() => fillSsml('$flow.key.bad', lookup)).toThrow(TemplateError);
});

it('T7, W5: what is no whole document gets one around it; an absent value leaves nothing, a default stands for it', () => {
  expect(fillSsml('Dear $flow.key.none<break time="1s"/>', lookup)).toBe('<speak>Dear <break time="1s"/></speak>');
  expect(fillSsml('${flow.key.none:-<guest>}', lookup)).toBe('<speak>&lt;guest&gt;</speak>');
  expect(fillSsml(' <?xml version="1.0"?><speak version="1.1">a</speak>', lookup)).toMatch(/^<\?xml[^>]*><speak /);
});

it('D2d: the plain text of SSML is what it says', () => {
  const ssml =
    '<speak>Dear <emphasis>A &amp; &lt;B&gt;</emphasis>,<break/> <![CDATA[1 < 2]]> &#x20B9;&#53;<!-- no --></speak>';
  expect(textOfSsml(ssml)).toBe('Dear A & <B> , 1 < 2 ₹5');
  expect(textOfSsml('<speak>&unknown; &#9999999;</speak>')).toBe('&unknown; &#9999999;');
});

it('D2d: text that opens what it never closes is read in linear time', () => {
  for (const opened of ['<', '<!--', '<![CDATA[']) {
    const begin = process.cpuUsage();
    textOfSsml(opened.repeat(100_000));
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(500);
  }
});
