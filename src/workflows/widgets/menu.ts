import type { WidgetOf } from '../../flow/widgets/index.js';
import type { WidgetRun } from '../widget-context.js';

/**
 * Plays a prompt and takes the line of the key that is pressed, asking up to `attempts` times. Contract D2, D2c, D6.
 * The last attempt decides: no key is `noInput`, a key that the menu does not have is `invalid`.
 */
export const menu: WidgetRun<WidgetOf<'menu'>> = async (widget, call) => {
  const prompts = call.prompts(widget.prompt);
  let key = '';
  for (let attempt = 1; attempt <= widget.attempts; attempt++) {
    const times = { firstDigitTimeout: widget.timeout, interDigitTimeout: widget.timeout };
    const keepDigits = widget.keepDigits && attempt === 1;
    const fields = { prompts, min: 1, max: 1, terminator: '', ...times, keepDigits };
    key = (await call.command('collect', fields)).digits ?? '';
    const line = Object.hasOwn(widget.keys, key) ? widget.keys[key] : undefined;
    if (line === undefined) continue;
    if (widget.saveIn !== undefined) call.write([[widget.saveIn, key]]);
    return line;
  }
  return key === '' ? 'noInput' : 'invalid';
};
