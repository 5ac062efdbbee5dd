import type { WidgetOf } from '../../flow/widgets/index.js';
import type { CommandFields } from '../../telephony/commands.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

/** Its command of the first attempt. */
export function firstAsked(widget: WidgetOf<'menu'>, call: WidgetContext): CommandFields['collect'] {
  const times = { firstDigitTimeout: widget.timeout, interDigitTimeout: widget.timeout };
  const { keepDigits } = widget;
  return { prompts: call.prompts(widget.prompt), min: 1, max: 1, terminator: '', ...times, keepDigits };
}

/**
 * Plays a prompt and takes the line of the key that is pressed, asking up to `attempts` times. Contract D2, D2c, D6.
 * The last attempt decides: no key is `noInput`, a key that the menu does not have is `invalid`.
 */
export const menu: WidgetRun<WidgetOf<'menu'>> = async (widget, call) => {
  const first = firstAsked(widget, call);
  let key = '';
  for (let attempt = 1; attempt <= widget.attempts; attempt++) {
    const fields = attempt === 1 ? first : { ...first, keepDigits: false };
    key = (await call.command('collect', fields)).digits ?? '';
    const line = Object.hasOwn(widget.keys, key) ? widget.keys[key] : undefined;
    if (line === undefined) continue;
    if (widget.saveIn !== undefined) call.write([[widget.saveIn, key]]);
    return line;
  }
  return key === '' ? 'noInput' : 'invalid';
};
